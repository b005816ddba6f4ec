copy t from 's3://x' credentials as 'aws_iam_role=x' json 'auto' timeformat 'auto' acceptinvchars as '^' manifest
