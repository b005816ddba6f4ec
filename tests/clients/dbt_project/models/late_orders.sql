{{ config(bind=False) }}
select id, day from {{ ref('orders') }} where day >= '2024-02-01'
