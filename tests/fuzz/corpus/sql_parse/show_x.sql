show x.y
