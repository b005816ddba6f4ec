deallocate prepare p
