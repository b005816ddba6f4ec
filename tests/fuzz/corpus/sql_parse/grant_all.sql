grant all privileges on all tables in schema a, b to u
