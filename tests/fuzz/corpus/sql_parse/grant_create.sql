grant create table, drop table to role r
