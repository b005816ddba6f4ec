show view v
