create external table s.t (a int) stored as parquet location 's3://x'
