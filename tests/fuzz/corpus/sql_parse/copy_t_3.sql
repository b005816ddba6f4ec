copy t from stdin with csv
