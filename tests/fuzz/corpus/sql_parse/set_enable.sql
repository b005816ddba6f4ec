set enable_x to on
