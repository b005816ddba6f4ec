copy t from 's3://x' fixedwidth 'a:1,b:2' encoding utf8 emptyasnull explicit_ids
