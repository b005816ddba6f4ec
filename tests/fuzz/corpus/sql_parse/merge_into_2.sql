merge into t using (select 1 a) s on t.a = s.a when matched then delete when not matched then insert values (1)
