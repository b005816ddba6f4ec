prepare p (int, varchar(3)) as select $1, $2
