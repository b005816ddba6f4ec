begin transaction isolation level serializable read only
