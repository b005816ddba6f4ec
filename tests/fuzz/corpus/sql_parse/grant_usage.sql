grant usage on schema s to u
