select 1 /* nested /* ok */ */ + 2 -- hi
