prepare p as insert into t values ($1)
