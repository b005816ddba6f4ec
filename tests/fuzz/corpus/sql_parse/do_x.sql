do $$ x $$
