{{ config(materialized='incremental', incremental_strategy='append', on_schema_change='append_new_columns') }}
select id, {% if is_incremental() %} 'again' as note, {% endif %} total from {{ ref('orders') }}
