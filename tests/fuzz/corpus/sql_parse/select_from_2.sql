select * from lateral (select 1) x
