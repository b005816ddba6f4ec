revoke grant option for select on t from u cascade
