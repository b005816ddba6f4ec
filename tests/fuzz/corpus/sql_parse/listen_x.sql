listen x
