create group g with user a, b
