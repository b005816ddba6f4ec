alter table t add constraint pk primary key (a)
