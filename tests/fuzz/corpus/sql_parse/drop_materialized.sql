drop materialized view if exists m
