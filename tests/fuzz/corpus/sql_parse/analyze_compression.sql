analyze compression t comprows 1000000
