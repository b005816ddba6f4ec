drop index
