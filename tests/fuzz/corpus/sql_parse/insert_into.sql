insert into t (a,b) values (1,2),(default,3)
