select sum(a) over w from t window w as (order by a)
