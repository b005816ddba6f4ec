analyze verbose t (a,b) predicate columns
