set query_group to default
