call p(1)
