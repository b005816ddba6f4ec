update t x set a.b = 1
