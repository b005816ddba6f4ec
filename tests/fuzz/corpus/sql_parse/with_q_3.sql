with q as (select 1) insert into t select * from q
