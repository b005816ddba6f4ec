create table x (like y including defaults)
