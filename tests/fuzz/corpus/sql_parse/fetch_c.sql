fetch c
