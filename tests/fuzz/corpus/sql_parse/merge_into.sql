merge into t using s as x on t.a = x.a when matched then update set b = x.b when not matched then insert (a,b) values (x.a, default)
