alter user u with password 'x' createdb
