show procedure p(int)
