alter table t alter column a encode zstd, alter column b encode raw
