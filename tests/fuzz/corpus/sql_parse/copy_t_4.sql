copy t from 's3://x' iam_role 'arn' parquet
