alter group g add user a, b
