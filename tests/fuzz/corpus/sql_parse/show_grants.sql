show grants on table t
