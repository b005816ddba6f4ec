{% snapshot customer_history %}
{{ config(unique_key='id', strategy='check', check_cols=['name'], target_schema='shop_dbt') }}
select id, case when id = 3 then '{{ var("third", "Grace") }}' else name end as name from {{ ref('raw_customers') }}
{% endsnapshot %}
