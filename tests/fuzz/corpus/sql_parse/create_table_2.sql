create table x (a, b) as select 1, 2
