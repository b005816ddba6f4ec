set search_path to a, "$user", 'public'
