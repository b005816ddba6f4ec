fetch forward 10 from c
