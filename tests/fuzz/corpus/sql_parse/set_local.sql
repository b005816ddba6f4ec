set local statement_timeout to 1000
