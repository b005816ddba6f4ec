close c
