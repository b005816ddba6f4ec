select distinct on (a) b from t
