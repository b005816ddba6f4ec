create temp table x distkey(1) sortkey(a) as select 1
