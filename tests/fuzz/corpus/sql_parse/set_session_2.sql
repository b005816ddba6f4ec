set session authorization 'bob'
