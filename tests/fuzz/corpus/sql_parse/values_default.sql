values (1, default), (2, 'x')
