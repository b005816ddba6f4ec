create temp table a.b as (select 1 limit 5)
