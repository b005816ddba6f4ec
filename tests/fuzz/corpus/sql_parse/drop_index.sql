drop index i
