update t set a = 1, b = default from u where t.x = u.x
