select oid, tag from x
