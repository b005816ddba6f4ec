explain verbose insert into t values (1)
