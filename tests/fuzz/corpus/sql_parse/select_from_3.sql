select * from t tablesample system (10)
