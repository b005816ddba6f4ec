cancel 123 'msg'
