savepoint x
