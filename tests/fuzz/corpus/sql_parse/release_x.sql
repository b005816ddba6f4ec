release x
