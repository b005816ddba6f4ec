select c.oid from pg_class c where c.relname OPERATOR(pg_catalog.~) '^(x)$' COLLATE pg_catalog.default and a.attnum = any(i.indkey) and b = any(array[1,2])
