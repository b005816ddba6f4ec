delete t where a = 1
