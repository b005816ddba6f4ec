with q as (select 1) delete from t
