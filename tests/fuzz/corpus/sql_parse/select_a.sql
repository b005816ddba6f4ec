SELECT a, b as "B", t.*, * FROM s.t AS x, (select 1) y WHERE a = 1 AND b <> 2 AND c OR NOT d AND e
