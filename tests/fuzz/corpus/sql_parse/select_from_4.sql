select * from t for update
