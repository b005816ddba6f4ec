fetch backward 1 from c
