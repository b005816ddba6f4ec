select interval '1' day to second(3), date '2020-01-01', timestamp with time zone 'x', double precision '1', time '10:00', interval '3 days'
