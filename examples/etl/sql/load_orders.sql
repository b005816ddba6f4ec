-- One day's files into sales.orders: the newest version of each order wins, and loading a day twice
-- changes nothing. {day} is put in by the scheduler.
BEGIN;

CREATE TEMP TABLE staging (
    order_id BIGINT, customer_id INTEGER, status VARCHAR(12), total VARCHAR(20), ordered_at TIMESTAMP, updated_at TIMESTAMP
) DISTKEY (customer_id);

COPY staging
FROM 's3://landing/orders/{day}/'
IAM_ROLE 'arn:aws:iam::123456789012:role/loader'
FORMAT AS CSV IGNOREHEADER 1 TIMEFORMAT 'auto' MAXERROR 10 COMPUPDATE OFF STATUPDATE OFF;

CREATE TEMP TABLE newest AS
SELECT order_id, customer_id, status, REPLACE(total, ',', '')::DECIMAL(12,2) AS total, ordered_at, updated_at
FROM staging
WHERE TRUE
QUALIFY ROW_NUMBER() OVER (PARTITION BY order_id ORDER BY updated_at DESC) = 1;

MERGE INTO sales.orders
USING newest AS n ON sales.orders.order_id = n.order_id
WHEN MATCHED THEN UPDATE SET status = n.status, total = n.total, updated_at = n.updated_at
WHEN NOT MATCHED THEN INSERT (order_id, customer_id, status, total, ordered_at, updated_at)
    VALUES (n.order_id, n.customer_id, n.status, n.total, n.ordered_at, n.updated_at);

DROP TABLE staging;
DROP TABLE newest;
COMMIT;

ANALYZE sales.orders;
