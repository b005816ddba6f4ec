{{ config(materialized='table', dist='customer', sort=['day', 'id']) }}
select id, customer, day::date as day, total::decimal(12,2) as total, status from {{ ref('raw_orders') }}
