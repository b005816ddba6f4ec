vacuum delete only
