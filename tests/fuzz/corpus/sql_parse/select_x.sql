select *, 1 x exclude a from t
