drop function f(int, varchar(3)), g()
