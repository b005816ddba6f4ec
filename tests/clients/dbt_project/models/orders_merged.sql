{{ config(materialized='incremental', incremental_strategy='merge', unique_key='id') }}
select id, total * {{ var('factor', 1) }} as total from {{ ref('orders') }}
{% if is_incremental() %} where id >= 3 {% endif %}
