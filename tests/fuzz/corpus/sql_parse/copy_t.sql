copy t (a,b) from 's3://b/k' iam_role default format as csv quote as '"' delimiter '\t' ignoreheader 1 null as '\N' gzip, region 'us-east-1' maxerror as 10 compupdate off statupdate on
