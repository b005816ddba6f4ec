comment on column s.t.c is null
