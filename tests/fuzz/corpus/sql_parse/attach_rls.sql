attach rls policy p on t to u
