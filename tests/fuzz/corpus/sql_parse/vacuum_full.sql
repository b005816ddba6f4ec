vacuum full t to 75 percent boost
