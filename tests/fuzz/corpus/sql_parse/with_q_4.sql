with q as (select 1) (select * from q) union select 2
