revoke all on schema s from group g
