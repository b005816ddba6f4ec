CREATE SCHEMA sales;

CREATE TABLE sales.customers (
    customer_id INTEGER NOT NULL ENCODE az64,
    name        VARCHAR(60) ENCODE zstd,
    city        VARCHAR(40) ENCODE bytedict,
    PRIMARY KEY (customer_id)
) DISTSTYLE ALL;

CREATE TABLE sales.orders (
    order_id    BIGINT NOT NULL ENCODE az64,
    customer_id INTEGER NOT NULL ENCODE az64,
    status      VARCHAR(12) NOT NULL ENCODE bytedict,
    total       DECIMAL(12,2) NOT NULL ENCODE az64,
    ordered_at  TIMESTAMP NOT NULL ENCODE raw,
    updated_at  TIMESTAMP NOT NULL ENCODE az64,
    PRIMARY KEY (order_id)
) DISTKEY (customer_id) COMPOUND SORTKEY (ordered_at);

CREATE TABLE sales.daily_revenue (
    day     DATE NOT NULL SORTKEY,
    city    VARCHAR(40) NOT NULL,
    orders  BIGINT NOT NULL,
    revenue DECIMAL(14,2) NOT NULL
);

COPY sales.customers FROM 's3://landing/customers.csv'
IAM_ROLE 'arn:aws:iam::123456789012:role/loader';
