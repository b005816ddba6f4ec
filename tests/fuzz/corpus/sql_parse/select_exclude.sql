select * exclude (a, b) from t
