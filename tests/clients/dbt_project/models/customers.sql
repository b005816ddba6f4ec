select c.id, c.name, count(o.id) as orders, sum(o.total) as total
from {{ ref('raw_customers') }} c left join {{ ref('orders') }} o on o.customer = c.id
group by 1, 2
