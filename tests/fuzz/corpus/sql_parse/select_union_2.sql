((select 1) union select 2)
