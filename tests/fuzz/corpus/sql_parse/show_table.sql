show table s.t
