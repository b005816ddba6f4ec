alter table t alter column c type varchar(100)
