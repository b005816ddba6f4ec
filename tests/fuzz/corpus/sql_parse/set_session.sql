set session x.y = 'z'
