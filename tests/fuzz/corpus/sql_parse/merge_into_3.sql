merge into t using s on t.a = s.a remove duplicates
