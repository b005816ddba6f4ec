with recursive a(x) as (select 1 union all select x+1 from a), b as (select 2) select * from a, b union select 1 intersect select 2 except select 3 union all select 4 union all select 5
