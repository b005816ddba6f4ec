alter table t drop column c cascade
