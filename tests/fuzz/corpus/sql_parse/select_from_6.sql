select from t
