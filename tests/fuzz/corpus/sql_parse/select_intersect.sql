select 1 intersect all select 2
