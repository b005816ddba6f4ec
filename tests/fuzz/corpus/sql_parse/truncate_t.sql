truncate t
