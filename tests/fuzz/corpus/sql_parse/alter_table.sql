alter table t add column c varchar(10) default 'x' encode zstd not null
