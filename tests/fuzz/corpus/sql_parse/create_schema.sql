create schema if not exists s authorization "Bob" quota 10 gb
