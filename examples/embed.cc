#include <cstdio>
#include <string>

#include "vesto/cluster.h"
#include "vesto/object_store.h"

vesto::Status Run() {
  // A cluster in this process: two compute nodes of two slices, data in memory.
  auto cluster = vesto::Cluster::Open({.compute_nodes = 2, .slices_per_node = 2});
  if (!cluster.ok()) return cluster.status();
  // Production's COPY names a bucket; here a folder answers for it.
  auto mounted = (*cluster)->Mount("s3://landing", vesto::LocalDirectory("examples/data/flights"));
  if (!mounted.ok()) return mounted;

  auto session = (*cluster)->Connect();
  if (!session.ok()) return session.status();
  auto loaded = session->Execute(R"(
      CREATE TABLE weather (origin CHAR(3), year SMALLINT, month SMALLINT, day SMALLINT,
          hour SMALLINT, temp REAL, dewp REAL, humid REAL, wind_dir SMALLINT, wind_speed REAL,
          wind_gust REAL, precip REAL, pressure REAL, visib REAL, time_hour TIMESTAMP SORTKEY);
      COPY weather FROM 's3://landing/weather.csv.gz' IAM_ROLE DEFAULT
          CSV GZIP IGNOREHEADER 1 NULL AS 'NA' TIMEFORMAT 'auto')");
  if (!loaded.ok()) return loaded.status();

  auto result = session->Execute(
      "SELECT month, COUNT(*), MAX(wind_speed) FROM weather WHERE origin = $1 GROUP BY 1 ORDER BY 1",
      {vesto::Value::Varchar("JFK")});
  if (!result.ok()) return result.status();
  for (const vesto::Row& row : *result) {
    std::printf("month %2d: %lld hours, wind up to %.1f mph\n", row.Get<int32_t>(0),
                static_cast<long long>(row.Get<int64_t>(1)), row.Get<double>(2));
  }
  return vesto::OkStatus();
}

int main() {
  const vesto::Status status = Run();
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? 0 : 1;
}
