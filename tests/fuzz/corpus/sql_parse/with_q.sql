with q as (select 1) update t set a = 1 where a in (select * from q)
