fetch next c
