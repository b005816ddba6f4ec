alter table t drop constraint c
