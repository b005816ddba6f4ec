grant create on database d to u
