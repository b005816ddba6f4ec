create materialized view mv auto refresh yes as select 1
