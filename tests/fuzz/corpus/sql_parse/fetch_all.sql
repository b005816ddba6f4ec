fetch all from c
