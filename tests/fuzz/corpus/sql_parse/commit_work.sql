commit work
