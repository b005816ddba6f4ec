alter database d isolation level serializable
