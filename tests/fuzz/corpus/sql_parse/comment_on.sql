comment on table t is 'x'
