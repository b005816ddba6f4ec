select a from t where a (+) = b and t.c(+) > 3
