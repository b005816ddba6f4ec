show columns from table d.s.t
