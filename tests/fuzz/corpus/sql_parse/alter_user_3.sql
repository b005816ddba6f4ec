alter user u rename to v
