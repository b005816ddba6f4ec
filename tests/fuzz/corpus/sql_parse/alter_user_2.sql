alter user u set search_path to a, b
