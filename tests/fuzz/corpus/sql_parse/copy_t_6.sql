copy t from 's3://x' format json as 's3://p' 
