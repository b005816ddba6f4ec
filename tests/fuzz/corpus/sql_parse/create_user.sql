create user u password 'Aa1aaaaa' createdb in group a, b valid until '2030-01-01' connection limit 5 session timeout 60 syslog access restricted
