select a.b[0].c, (a).b, x.y.z, f(x).y from t, t.items as i at idx, t.a[0].b as z, unpivot t.o as v at k
