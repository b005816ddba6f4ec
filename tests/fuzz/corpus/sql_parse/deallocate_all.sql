deallocate all
