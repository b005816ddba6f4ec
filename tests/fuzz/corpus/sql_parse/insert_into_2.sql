insert into t select 1 returning x
