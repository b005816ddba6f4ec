refresh materialized view m
