select a || b <> c || d, a is null = b, x between 1 and 2 and y not between 3+1 and 4, x::int::text, cast(a as varchar(max)), convert(numeric(12,2), a)
