select (a and b) and c, a or (b or c), -a ^ 2, - - 1, -(-1), ~ -a + b, (~a)+1, @ -5 + 1, |/ 25 ^ 2
