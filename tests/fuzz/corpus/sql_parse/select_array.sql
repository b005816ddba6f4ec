select array(1,2), collate(a, 'ci'), "user", "top"
