select * from t pivot (sum(a) as s, count(*) for c in ('x' as y, null, 3)) as p unpivot include nulls (v for n in (a, b as c))
