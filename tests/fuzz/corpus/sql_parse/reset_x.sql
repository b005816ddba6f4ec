reset x.y
