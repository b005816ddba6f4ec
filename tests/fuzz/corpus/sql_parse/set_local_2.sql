set local = 3
