-- The New York flights of 2013: from gzip CSV files in a bucket to answers. examples/quickstart.sh
-- runs this file; examples/data/flights/README.md says where the data comes from.
\pset footer off

\echo
\echo '-- Tables: flights and planes meet on the tail number, small tables are on every node.'
CREATE TABLE flights (
  year SMALLINT NOT NULL, month SMALLINT NOT NULL, day SMALLINT NOT NULL,
  dep_time SMALLINT, sched_dep_time SMALLINT, dep_delay SMALLINT ENCODE AZ64,
  arr_time SMALLINT, sched_arr_time SMALLINT, arr_delay SMALLINT ENCODE AZ64,
  carrier CHAR(2) NOT NULL ENCODE BYTEDICT,
  flight INTEGER,
  tailnum VARCHAR(6) ENCODE ZSTD DISTKEY,
  origin CHAR(3) NOT NULL ENCODE BYTEDICT, dest CHAR(3) NOT NULL ENCODE BYTEDICT,
  air_time SMALLINT, distance SMALLINT, hour SMALLINT, minute SMALLINT,
  time_hour TIMESTAMP ENCODE RAW
) COMPOUND SORTKEY (time_hour, origin);

CREATE TABLE planes (
  tailnum VARCHAR(6) NOT NULL DISTKEY PRIMARY KEY,
  year SMALLINT, type VARCHAR(30), manufacturer VARCHAR(40), model VARCHAR(30),
  engines SMALLINT, seats SMALLINT, speed SMALLINT, engine VARCHAR(20)
);

CREATE TABLE airlines (carrier CHAR(2) NOT NULL, name VARCHAR(40)) DISTSTYLE ALL;

CREATE TABLE airports (
  faa CHAR(3) NOT NULL SORTKEY, name VARCHAR(80), lat DOUBLE PRECISION, lon DOUBLE PRECISION,
  alt INTEGER, tz SMALLINT, dst CHAR(1), tzone VARCHAR(40)
) DISTSTYLE ALL;

CREATE TABLE weather (
  origin CHAR(3), year SMALLINT, month SMALLINT, day SMALLINT, hour SMALLINT,
  temp REAL, dewp REAL, humid REAL, wind_dir SMALLINT, wind_speed REAL, wind_gust REAL,
  precip REAL, pressure REAL, visib REAL, time_hour TIMESTAMP SORTKEY
) DISTSTYLE EVEN;

\echo '-- COPY: twelve gzip files by their prefix, NA is NULL.'
\timing on
COPY flights FROM 's3://landing/flights/2013-' IAM_ROLE DEFAULT
  CSV GZIP IGNOREHEADER 1 NULL AS 'NA' TIMEFORMAT 'auto';
COPY planes FROM 's3://landing/planes.csv.gz' IAM_ROLE DEFAULT CSV GZIP IGNOREHEADER 1 NULL AS 'NA';
COPY airlines FROM 's3://landing/airlines.csv.gz' IAM_ROLE DEFAULT CSV GZIP IGNOREHEADER 1;
COPY airports FROM 's3://landing/airports.csv.gz' IAM_ROLE DEFAULT CSV GZIP IGNOREHEADER 1 NULL AS 'NA';
COPY weather FROM 's3://landing/weather.csv.gz' IAM_ROLE DEFAULT
  CSV GZIP IGNOREHEADER 1 NULL AS 'NA' TIMEFORMAT 'auto';
ANALYZE;

\echo
\echo '-- 1. Who flies most, and how late? (a join and grouping)'
SELECT a.name AS airline, COUNT(*) AS flights, ROUND(AVG(f.dep_delay::DECIMAL(10,2)), 1) AS avg_delay,
       100 * SUM(CASE WHEN f.arr_delay > 15 THEN 1 ELSE 0 END) / COUNT(*) AS late_percent,
       SUM(CASE WHEN f.dep_time IS NULL THEN 1 ELSE 0 END) AS cancelled
FROM flights f JOIN airlines a USING (carrier)
GROUP BY a.name
HAVING COUNT(*) > 5000
ORDER BY flights DESC;

\echo '-- 2. The five latest arrivals of the year. (top-n)'
SELECT TOP 5 f.time_hour::DATE AS day, f.carrier, f.flight, f.origin, d.name AS destination, f.arr_delay
FROM flights f LEFT JOIN airports d ON d.faa = f.dest
WHERE f.arr_delay IS NOT NULL
ORDER BY f.arr_delay DESC, f.flight;

\echo '-- 3. The two favourite destinations from each airport, with their share. (window functions)'
SELECT origin, dest, COUNT(*) AS flights,
       ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (PARTITION BY origin), 1) AS percent,
       RANK() OVER (PARTITION BY origin ORDER BY COUNT(*) DESC) AS place
FROM flights
GROUP BY origin, dest
QUALIFY place <= 2
ORDER BY origin, place;

\echo '-- 4. Does wind delay departures? (a join on airport and hour)'
SELECT CASE WHEN w.wind_speed < 10 THEN '1: below 10 mph' WHEN w.wind_speed < 20 THEN '2: 10 to 20 mph'
            WHEN w.wind_speed < 30 THEN '3: 20 to 30 mph' ELSE '4: 30 mph and more' END AS wind,
       COUNT(*) AS flights, AVG(f.dep_delay) AS avg_delay, MAX(f.dep_delay) AS max_delay
FROM flights f JOIN weather w ON w.origin = f.origin AND w.time_hour = f.time_hour
WHERE f.dep_delay IS NOT NULL AND w.wind_speed IS NOT NULL
GROUP BY 1
ORDER BY 1;

\echo '-- 5. Planes that are older than the average of their maker, by maker. (a correlated subquery)'
SELECT p.manufacturer, COUNT(DISTINCT p.tailnum) AS old_planes, MIN(p.year) AS oldest,
       COUNT(*) AS flights
FROM planes p JOIN flights f ON f.tailnum = p.tailnum
WHERE p.year < (SELECT AVG(q.year) FROM planes q WHERE q.manufacturer = p.manufacturer)
GROUP BY p.manufacturer
ORDER BY flights DESC
LIMIT 5;

\echo '-- 6. Destinations that the list of airports does not know. (a common table expression, NOT EXISTS)'
WITH busy AS (SELECT dest, COUNT(*) AS flights, AVG(distance) AS miles FROM flights GROUP BY dest)
SELECT dest, flights, miles
FROM busy
WHERE NOT EXISTS (SELECT 1 FROM airports WHERE faa = busy.dest)
ORDER BY flights DESC;
\timing off

\echo '-- How a join of three tables runs: DS_DIST_NONE where rows already lie together.'
EXPLAIN
SELECT p.manufacturer, COUNT(*), AVG(w.temp)
FROM flights f
JOIN planes p ON p.tailnum = f.tailnum
JOIN weather w ON w.origin = f.origin AND w.time_hour = f.time_hour
GROUP BY p.manufacturer;

\echo '-- How rows lie on the slices.'
SELECT "table", diststyle, sortkey1, tbl_rows, skew_rows, unsorted
FROM svv_table_info
ORDER BY "table";

SELECT t."table", b.slice, SUM(b.num_values) AS rows
FROM stv_blocklist b JOIN svv_table_info t ON t.table_id = b.tbl
WHERE b.col = 0 AND t."table" = 'flights'
GROUP BY t."table", b.slice
ORDER BY b.slice;
