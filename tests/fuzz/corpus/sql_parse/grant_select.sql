grant select, insert on t, s.u to a, group g, role r, public with grant option
