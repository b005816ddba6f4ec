create unique index i on t(a)
