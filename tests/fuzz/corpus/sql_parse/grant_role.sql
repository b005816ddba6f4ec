grant role r to u
