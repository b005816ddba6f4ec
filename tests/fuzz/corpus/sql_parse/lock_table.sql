lock table a, b in access exclusive mode
