drop table if exists a, b.c cascade
