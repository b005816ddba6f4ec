select a from emp start with x is null connect by prior id = manager_id
