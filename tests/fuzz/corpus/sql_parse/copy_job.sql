copy job create x
