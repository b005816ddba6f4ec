insert into t (a, b) with q as (select 1) select * from q
