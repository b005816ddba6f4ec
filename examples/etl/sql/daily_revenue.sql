-- Rebuilds the days that have changed.
BEGIN;
DELETE FROM sales.daily_revenue WHERE day IN (SELECT TRUNC(ordered_at) FROM sales.orders WHERE TRUNC(updated_at) = '{day}');

INSERT INTO sales.daily_revenue
SELECT TRUNC(o.ordered_at), c.city, COUNT(*), SUM(o.total)
FROM sales.orders o
JOIN sales.customers c USING (customer_id)
WHERE o.status = 'paid'
  AND TRUNC(o.ordered_at) IN (SELECT TRUNC(ordered_at) FROM sales.orders WHERE TRUNC(updated_at) = '{day}')
GROUP BY 1, 2;
COMMIT;

UNLOAD ('SELECT day, city, orders, revenue FROM sales.daily_revenue ORDER BY day, city')
TO 's3://warehouse/daily_revenue_'
IAM_ROLE 'arn:aws:iam::123456789012:role/loader'
FORMAT AS CSV HEADER PARALLEL OFF ALLOWOVERWRITE;
