show tables from schema d.s like 'a%' limit 10
