grant usage on language sql to public
