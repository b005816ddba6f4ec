grant execute on function f(int, int) to u
