select /* x /* y */ 1
