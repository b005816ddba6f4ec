delete from t using u where a = 1
