execute p
