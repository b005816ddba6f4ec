select * from t fetch first 5 rows only
