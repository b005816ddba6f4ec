// The Vesto side of compare.py: loads TPC-H's .tbl files by COPY, runs each query once for its answer
// and then --runs times for its time, and writes both as JSON. Uses the public API only.

#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "vesto/cluster.h"
#include "vesto/result_set.h"
#include "vesto/session.h"

namespace {

double Seconds(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

// User and system time of all threads: what a load costs, also on a machine that is busy.
double CpuSeconds() {
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::fprintf(stderr, "vesto_tpch: cannot read %s\n", path.c_str());
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\u%04x", c);
      out += buffer;
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string Rows(const vesto::ResultSet& result) {
  std::string out = "[";
  for (const vesto::Row& row : result) {
    out += out.size() > 1 ? ",\n[" : "[";
    for (int i = 0; i < row.size(); ++i) {
      if (i > 0) out += ",";
      out += Quoted(row.IsNull(i) ? "NULL" : row.Get<std::string>(i));
    }
    out += "]";
  }
  return out + "]";
}

[[noreturn]] void Die(const std::string& what, const vesto::Status& status) {
  std::fprintf(stderr, "vesto_tpch: %s: %s %s\n", what.c_str(), status.ToString().c_str(),
               std::string(status.detail()).c_str());
  std::exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> flags = {{"--nodes", "1"}, {"--slices", "2"},
                                              {"--threads", "2"}, {"--runs", "5"}};
  std::vector<std::pair<std::string, std::string>> settings;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string value = argv[i + 1];
    if (std::string(argv[i]) == "--set") {
      const size_t equals = value.find('=');
      settings.emplace_back(value.substr(0, equals),
                            equals == std::string::npos ? "on" : value.substr(equals + 1));
    } else {
      flags[argv[i]] = value;
    }
  }
  for (const char* required : {"--data", "--schema", "--queries", "--numbers", "--output"}) {
    if (!flags.contains(required)) {
      std::fprintf(stderr, "vesto_tpch: %s is missing; see bench/tpch/compare.py\n", required);
      return 2;
    }
  }

  vesto::ClusterOptions options;
  options.compute_nodes = std::atoi(flags["--nodes"].c_str());
  options.slices_per_node = std::atoi(flags["--slices"].c_str());
  options.worker_threads = std::atoi(flags["--threads"].c_str());
  options.allow_all_local_paths = true;
  auto cluster = vesto::Cluster::Open(options);
  if (!cluster.ok()) Die("open", cluster.status());
  auto session = (*cluster)->Connect();
  if (!session.ok()) Die("connect", session.status());
  // The same statement again must do its work again.
  settings.emplace_back("enable_result_cache_for_session", "off");
  for (const auto& [name, value] : settings) {
    const auto set = session->Execute("SET " + name + " TO " + value);
    if (!set.ok()) Die("SET " + name, set.status());
  }
  const auto created = session->Execute(ReadFile(flags["--schema"]));
  if (!created.ok()) Die("schema", created.status());

  std::string json = "{\"load_seconds\": {";
  const char* separator = "";
  for (const char* table : {"region", "nation", "supplier", "customer", "part", "partsupp",
                            "orders", "lineitem"}) {
    const double cpu_before = CpuSeconds();
    const auto begin = std::chrono::steady_clock::now();
    const auto loaded = session->Execute(std::string("COPY ") + table + " FROM '" +
                                         flags["--data"] + "/" + table + ".tbl' DELIMITER '|'");
    if (!loaded.ok()) Die(std::string("COPY ") + table, loaded.status());
    const double seconds = Seconds(begin);
    std::fprintf(stderr, "%-9s %10lld rows %6.2f s, %6.2f s of CPU\n", table,
                 static_cast<long long>(loaded->affected_rows()), seconds,
                 CpuSeconds() - cpu_before);
    json += separator + Quoted(table) + ": " + std::to_string(seconds);
    separator = ", ";
  }
  const auto analyzed = session->Execute("ANALYZE");
  if (!analyzed.ok()) Die("ANALYZE", analyzed.status());

  json += "},\n\"queries\": {";
  separator = "";
  std::istringstream numbers(flags["--numbers"]);
  for (std::string number; std::getline(numbers, number, ',');) {
    const std::string padded = number.size() < 2 ? "0" + number : number;
    const std::string sql = ReadFile(flags["--queries"] + "/q" + padded + ".sql");
    json += separator + Quoted(number) + ": {";
    separator = ",\n";
    const auto answer = session->Execute(sql);
    if (!answer.ok()) {
      std::fprintf(stderr, "Q%s: %s\n", number.c_str(), answer.status().ToString().c_str());
      json += "\"error\": " + Quoted(answer.status().ToString()) + "}";
      continue;
    }
    std::string times;
    for (int run = 0; run < std::atoi(flags["--runs"].c_str()); ++run) {
      const auto begin = std::chrono::steady_clock::now();
      const auto again = session->Execute(sql);
      if (!again.ok()) Die("Q" + number, again.status());
      times += (run > 0 ? ", " : "") + std::to_string(1000 * Seconds(begin));
    }
    std::fprintf(stderr, "Q%-2s %6lld rows  %s ms\n", number.c_str(),
                 static_cast<long long>(answer->num_rows()), times.c_str());
    json += "\"ms\": [" + times + "], \"rows\": " + Rows(*answer) + "}";
  }
  json += "}}\n";
  std::ofstream(flags["--output"], std::ios::binary) << json;
  return 0;
}
