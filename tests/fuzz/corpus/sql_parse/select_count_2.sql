select count(*) filter (where a) from t
