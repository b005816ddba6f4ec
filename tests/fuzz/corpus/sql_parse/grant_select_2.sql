grant select (a,b), update (c) on table t to u
