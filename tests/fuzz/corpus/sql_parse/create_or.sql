create or replace view s.v (a, b) as select 1, 2 with no schema binding
