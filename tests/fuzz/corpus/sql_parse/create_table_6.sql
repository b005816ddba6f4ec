create table t (a int default -1 not null, b date default current_date, c bool default (1=1) or true)
