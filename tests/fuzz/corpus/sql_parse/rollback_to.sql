rollback to savepoint x
