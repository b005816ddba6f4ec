vacuum sort only t
