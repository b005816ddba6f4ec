create function f(int) returns int stable as $$ select $1 $$ language sql
