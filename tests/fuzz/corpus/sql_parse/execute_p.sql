execute p (1, 'x')
