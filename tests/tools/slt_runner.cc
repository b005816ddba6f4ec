// Runs SQL tests (tests/slt/**/*.slt) on clusters of any shape. The format is sqllogictest's, with
// Redshift's SQLSTATEs and whole rows:
//
//   # name: functions/initcap                 what the file proves
//   # source: Developer Guide, INITCAP        where the expectation comes from
//   statement ok                              must succeed
//   statement count 3                         must succeed and change three rows
//   statement error 42883 [message regexp]    must fail with this SQLSTATE
//   query IT [nosort|rowsort]                 columns: I integers, R other numbers, B boolean,
//   SELECT ...                                D dates and times, T and ? anything
//   ----
//   1<tab>Ada Lovelace                        one row per line; NULL, (empty), \t \n \\ escaped
//   connection <name> [user]                  later records run in this session (first: default)
//   statement start                           runs on its own thread until ...
//   statement wait ok | error STATE [regexp]  ... this, on the same connection
//   mount s3://bucket <folder>                the folder is below the repository
//   skipif <condition>, onlyif <condition>    guards the next record. Conditions: 1x1 (nodes x
//                                             slices), single-slice, multi-slice, single-node,
//                                             multi-node, little-memory, optimizer, no-optimizer
//   halt                                      ends the file
//
// ${ROOT} is the repository, ${DATA} is tests/data, ${TMP} an empty folder of the file's own.
// Records are separated by empty lines (connection, mount, skipif and onlyif are one line). Floating-point columns are equal within 1e-9 of each other,
// because slices add in any order. Every file has a fresh cluster. With --prepared each query is prepared
// and runs twice, with --repeated it runs three times: its expectation is of the last time.

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "vesto/cluster.h"
#include "vesto/object_store.h"
#include "vesto/result_set.h"
#include "vesto/session.h"

namespace {

namespace fs = std::filesystem;

struct Options {
  int nodes = 1;
  int slices = 1;
  int threads = 0;
  int64_t memory_bytes = 0;
  int timeout_seconds = 300;
  bool complete = false;
  bool verbose = false;
  bool prepared = false;  // queries are prepared once per text and session, and run twice
  bool repeated = false;  // queries run three times
  std::vector<std::pair<std::string, std::string>> settings;
  std::set<std::string> conditions;
  fs::path root;
};

struct Totals {
  int passed = 0;
  int failed = 0;
  int skipped = 0;
};

std::vector<std::string> Words(const std::string& line) {
  std::istringstream in(line);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// The rest of `line` after its first `count` words.
std::string After(const std::string& line, int count) {
  size_t pos = 0;
  for (int i = 0; i < count; ++i) {
    pos = line.find_first_not_of(" \t", pos);
    if (pos == std::string::npos) return "";
    pos = line.find_first_of(" \t", pos);
    if (pos == std::string::npos) return "";
  }
  pos = line.find_first_not_of(" \t", pos);
  return pos == std::string::npos ? "" : line.substr(pos);
}

std::string ReplaceAll(std::string text, std::string_view from, const std::string& to) {
  for (size_t pos = 0; (pos = text.find(from, pos)) != std::string::npos; pos += to.size()) {
    text.replace(pos, from.size(), to);
  }
  return text;
}

std::string Field(const vesto::Row& row, int column) {
  if (row.IsNull(column)) return "NULL";
  const std::string text = row.Get<std::string>(column);
  if (text.empty()) return "(empty)";
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\t': out += "\\t"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\\': out += "\\\\"; break;
      default: out += c;
    }
  }
  return out;
}

std::vector<std::string> SplitTabs(const std::string& line) {
  std::vector<std::string> fields;
  size_t begin = 0;
  for (size_t tab; (tab = line.find('\t', begin)) != std::string::npos; begin = tab + 1) {
    fields.push_back(line.substr(begin, tab - begin));
  }
  fields.push_back(line.substr(begin));
  return fields;
}

bool IsFloat(const vesto::Type& type) {
  return type.id == vesto::TypeId::kReal || type.id == vesto::TypeId::kDouble;
}

bool LetterSuits(char letter, const vesto::Type& type) {
  using vesto::TypeId;
  switch (letter) {
    case 'I':
      return type.id == TypeId::kSmallint || type.id == TypeId::kInteger ||
             type.id == TypeId::kBigint || type.id == TypeId::kOid;
    case 'R': return type.id == TypeId::kDecimal || IsFloat(type);
    case 'B': return type.id == TypeId::kBoolean;
    case 'D':
      return type.id == TypeId::kDate || type.id == TypeId::kTime || type.id == TypeId::kTimeTz ||
             type.id == TypeId::kTimestamp || type.id == TypeId::kTimestampTz ||
             type.id == TypeId::kIntervalYearToMonth || type.id == TypeId::kIntervalDayToSecond;
    default: return letter == 'T' || letter == '?';
  }
}

bool FloatsAgree(const std::string& a, const std::string& b) {
  char* end_a = nullptr;
  char* end_b = nullptr;
  const double x = std::strtod(a.c_str(), &end_a);
  const double y = std::strtod(b.c_str(), &end_b);
  if (end_a == a.c_str() || *end_a != 0 || end_b == b.c_str() || *end_b != 0) return false;
  return std::abs(x - y) <= 1e-9 * std::max(std::abs(x), std::abs(y));
}

std::string Describe(const vesto::Status& status) {
  if (status.ok()) return "success";
  std::string text = status.ToString();
  if (!status.detail().empty()) text += "\n    detail: " + std::string(status.detail());
  if (!status.context().empty()) text += "\n    context: " + std::string(status.context());
  return text;
}

// Ends the process, naming the statement, when one runs for too long: a hang is a failure with an
// address, not a silent CI timeout.
class Watchdog {
 public:
  explicit Watchdog(int seconds) : seconds_(seconds), thread_([this] { Watch(); }) {}
  ~Watchdog() {
    {
      const std::lock_guard lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  void Begin(std::string where) {
    const std::lock_guard lock(mutex_);
    where_ = std::move(where);
    ++generation_;
    changed_.notify_all();
  }
  void End() { Begin(""); }

 private:
  void Watch() {
    std::unique_lock lock(mutex_);
    while (!stop_) {
      const int64_t seen = generation_;
      const auto moved = [&] { return stop_ || generation_ != seen; };
      if (where_.empty()) {
        changed_.wait(lock, moved);
      } else if (!changed_.wait_for(lock, std::chrono::seconds(seconds_), moved)) {
        std::printf("%s: still running after %d s\n0 passed, 1 failed\n", where_.c_str(), seconds_);
        std::fflush(stdout);
        std::_Exit(2);
      }
    }
  }

  const int seconds_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string where_;
  int64_t generation_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

// One file against one fresh cluster.
class FileRun {
 public:
  FileRun(const Options& options, fs::path path, Watchdog& watchdog, Totals& totals)
      : options_(options), path_(std::move(path)), watchdog_(watchdog), totals_(totals) {}

  ~FileRun() {
    for (auto& [name, connection] : connections_) {
      if (connection.thread.joinable()) {
        connection.session->Cancel();
        connection.thread.join();
      }
    }
    connections_.clear();
    cluster_.reset();
    std::error_code ignored;
    if (!scratch_.empty()) fs::remove_all(scratch_, ignored);
  }

  void Run() {
    std::ifstream file(path_, std::ios::binary);
    if (!file) return Fail(0, "cannot be read");
    for (std::string line; std::getline(file, line);) {
      if (!line.empty() && line.back() == '\r') line.pop_back();
      lines_.push_back(line);
    }
    if (!OpenCluster()) return;
    bool named = false;
    bool skip_next = false;
    for (size_t i = 0; i < lines_.size() && !halted_;) {
      const std::string& line = lines_[i];
      if (line.empty() || line[0] == '#') {
        named |= line.rfind("# name:", 0) == 0;
        Keep(i++);
        continue;
      }
      const std::vector<std::string> words = Words(line);
      if (words.empty()) {
        Keep(i++);
        continue;
      }
      if (words[0] == "skipif" || words[0] == "onlyif") {
        if (words.size() != 2) {
          Fail(i, "expected one condition after " + words[0]);
        } else {
          const bool holds = options_.conditions.contains(words[1]);
          skip_next |= holds == (words[0] == "skipif");
        }
        Keep(i++);
        continue;
      }
      const size_t begin = i;
      size_t end = i;
      const bool one_line =
          words[0] == "connection" || words[0] == "mount" || words[0] == "halt";
      while (end < lines_.size() && !lines_[end].empty() && !(one_line && end > begin)) ++end;
      i = end;
      if (skip_next) {
        skip_next = false;
        ++totals_.skipped;
        for (size_t k = begin; k < end; ++k) Keep(k);
        continue;
      }
      Record(words, begin, end);
    }
    if (!named) Fail(0, "has no line `# name: <area>/<what it proves>`");
    if (halted_) {
      for (size_t i = completed_through_; i < lines_.size(); ++i) Keep(i);
    }
    if (options_.complete) {
      std::ofstream out(path_, std::ios::binary | std::ios::trunc);
      for (const std::string& text : completed_) out << text << '\n';
    }
  }

 private:
  struct Connection {
    std::optional<vesto::Session> session;
    std::map<std::string, vesto::PreparedStatement> prepared;  // by text
    std::thread thread;  // of `statement start`
    std::optional<vesto::StatusOr<vesto::ResultSet>> background;
  };

  bool OpenCluster() {
    fs::path pattern = fs::temp_directory_path() / "vesto-slt-XXXXXX";
    std::string name = pattern.string();
    if (::mkdtemp(name.data()) == nullptr) {
      Fail(0, "no scratch folder: " + name);
      return false;
    }
    scratch_ = name;
    vesto::ClusterOptions cluster_options;
    cluster_options.compute_nodes = options_.nodes;
    cluster_options.slices_per_node = options_.slices;
    cluster_options.worker_threads = options_.threads;
    cluster_options.memory_per_node_bytes = options_.memory_bytes;
    cluster_options.local_roots = {options_.root.string(), scratch_.string()};
    auto cluster = vesto::Cluster::Open(cluster_options);
    if (!cluster.ok()) {
      Fail(0, "no cluster: " + Describe(cluster.status()));
      return false;
    }
    cluster_ = *std::move(cluster);
    return Connect("default", "");
  }

  bool Connect(const std::string& name, const std::string& user) {
    current_ = name;
    if (connections_.contains(name)) return true;
    auto session = cluster_->Connect({.user = user, .database = ""});
    if (!session.ok()) {
      Fail(0, "no session: " + Describe(session.status()));
      return false;
    }
    Connection& connection = connections_[name];
    connection.session = *std::move(session);
    for (const auto& [setting, value] : options_.settings) {
      const auto result = connection.session->Execute("SET " + setting + " TO " + value);
      if (!result.ok()) {
        Fail(0, "SET " + setting + ": " + Describe(result.status()));
        return false;
      }
    }
    return true;
  }

  std::string Expand(std::string text) const {
    text = ReplaceAll(std::move(text), "${ROOT}", options_.root.string());
    text = ReplaceAll(std::move(text), "${DATA}", (options_.root / "tests" / "data").string());
    return ReplaceAll(std::move(text), "${TMP}", scratch_.string());
  }

  std::string Sql(size_t begin, size_t end) const {
    std::string sql;
    for (size_t i = begin; i < end; ++i) {
      if (!sql.empty()) sql += '\n';
      sql += lines_[i];
    }
    return Expand(std::move(sql));
  }

  vesto::StatusOr<vesto::ResultSet> Execute(vesto::Session& session, const std::string& sql) const {
    // The public API promises not to throw; a test that finds the contrary should say so and go on.
    try {
      return session.Execute(sql);
    } catch (const std::exception& exception) {
      return vesto::Status(vesto::SqlState::kInternalError,
                           std::string("EXCEPTION out of the public API: ") + exception.what());
    }
  }

  // What the second execution says, which has a plan that the first one left.
  vesto::StatusOr<vesto::ResultSet> ExecutePrepared(Connection& connection,
                                                    const std::string& sql) const {
    auto known = connection.prepared.find(sql);
    if (known == connection.prepared.end()) {
      auto prepared = connection.session->Prepare(sql);
      if (!prepared.ok()) return prepared.status();
      known = connection.prepared.emplace(sql, *std::move(prepared)).first;
    }
    if (auto first = known->second.Execute(); !first.ok()) return first;
    return known->second.Execute();
  }

  void Record(const std::vector<std::string>& words, size_t begin, size_t end) {
    completed_through_ = end;
    if (words[0] == "query") return Query(words, begin, end);
    for (size_t i = begin; i < end; ++i) Keep(i);
    if (words[0] == "statement" && words.size() >= 2) return Statement(words, begin, end);
    if (words[0] == "halt") {
      halted_ = true;
      return;
    }
    if (words[0] == "connection" && words.size() >= 2) {
      Connect(words[1], words.size() > 2 ? words[2] : "");
      return;
    }
    if (words[0] == "mount" && words.size() == 3) {
      fs::path folder = Expand(words[2]);
      if (folder.is_relative()) folder = options_.root / folder;
      const vesto::Status status =
          cluster_->Mount(words[1], vesto::LocalDirectory(folder.string()));
      if (!status.ok()) Fail(begin, Describe(status));
      return;
    }
    Fail(begin, "unknown record: " + lines_[begin]);
  }

  void Statement(const std::vector<std::string>& words, size_t begin, size_t end) {
    Connection& connection = connections_.at(current_);
    std::string expected = words[1];
    int num_words = 2;
    vesto::StatusOr<vesto::ResultSet> result = vesto::ResultSet();
    watchdog_.Begin(Where(begin));
    if (expected == "start") {
      if (connection.thread.joinable()) return Fail(begin, "a statement already runs here");
      connection.background.reset();
      connection.thread = std::thread([this, &connection, sql = Sql(begin + 1, end)] {
        connection.background.emplace(Execute(*connection.session, sql));
      });
      watchdog_.End();
      ++totals_.passed;
      return;
    }
    if (expected == "wait") {
      if (!connection.thread.joinable()) return Fail(begin, "no statement was started here");
      connection.thread.join();
      result = *std::move(connection.background);
      expected = words.size() > 2 ? words[2] : "ok";
      num_words = 3;
    } else {
      result = Execute(*connection.session, Sql(begin + 1, end));
    }
    watchdog_.End();
    const vesto::Status& status = result.status();
    const std::string argument =
        static_cast<int>(words.size()) > num_words ? words[num_words] : "";
    if (expected == "ok") {
      if (!result.ok()) return Fail(begin, "expected success, got " + Describe(status));
    } else if (expected == "count") {
      if (!result.ok()) return Fail(begin, "expected success, got " + Describe(status));
      if (std::to_string(result->affected_rows()) != argument) {
        return Fail(begin, "expected " + argument + " changed rows, got " +
                               std::to_string(result->affected_rows()));
      }
    } else if (expected == "error") {
      if (result.ok()) return Fail(begin, "expected an error, the statement succeeded");
      if (argument.empty()) return Fail(begin, "expected which SQLSTATE? It was " + Describe(status));
      if (status.sqlstate() != argument) {
        return Fail(begin, "expected error " + argument + ", got " + Describe(status));
      }
      const std::string pattern = After(lines_[begin], num_words + 1);
      if (!pattern.empty()) {
        try {
          if (!std::regex_search(std::string(status.message()), std::regex(pattern))) {
            return Fail(begin, "expected a message like " + pattern + ", got " + Describe(status));
          }
        } catch (const std::regex_error& error) {
          return Fail(begin, std::string("bad regular expression: ") + error.what());
        }
      }
    } else {
      return Fail(begin, "unknown expectation: " + expected);
    }
    ++totals_.passed;
  }

  void Query(const std::vector<std::string>& words, size_t begin, size_t end) {
    const std::string letters = words.size() > 1 ? words[1] : "";
    const std::string sort = words.size() > 2 ? words[2] : "nosort";
    size_t divider = begin + 1;
    while (divider < end && lines_[divider] != "----") ++divider;
    for (size_t i = begin; i < divider; ++i) Keep(i);
    completed_.push_back("----");
    const auto keep_expected = [&] {
      for (size_t i = divider + 1; i < end; ++i) Keep(i);
    };
    if (sort != "nosort" && sort != "rowsort") {
      keep_expected();
      return Fail(begin, "unknown order: " + sort);
    }
    if (divider == end && !options_.complete) {
      return Fail(begin, "has no ---- line (run with --complete)");
    }
    watchdog_.Begin(Where(begin));
    Connection& connection = connections_.at(current_);
    const std::string sql = Sql(begin + 1, divider);
    for (int i = 0; options_.repeated && i < 2; ++i) (void)Execute(*connection.session, sql);
    const auto result = options_.prepared ? ExecutePrepared(connection, sql)
                                          : Execute(*connection.session, sql);
    watchdog_.End();
    if (!result.ok()) {
      keep_expected();
      return Fail(begin, Describe(result.status()));
    }
    std::vector<std::string> actual;
    for (const vesto::Row& row : *result) {
      std::string line;
      for (int column = 0; column < row.size(); ++column) {
        if (column > 0) line += '\t';
        line += Field(row, column);
      }
      actual.push_back(std::move(line));
    }
    if (sort == "rowsort") std::sort(actual.begin(), actual.end());
    for (const std::string& line : actual) completed_.push_back(line);
    if (static_cast<int>(letters.size()) != result->num_columns()) {
      return Fail(begin, "expected " + std::to_string(letters.size()) + " columns, got " +
                             std::to_string(result->num_columns()));
    }
    for (int i = 0; i < result->num_columns(); ++i) {
      if (!LetterSuits(letters[i], result->columns()[i].type)) {
        return Fail(begin, "column " + std::to_string(i + 1) + " is " +
                               result->columns()[i].type.ToString() + ", expected letter " +
                               letters[i]);
      }
    }
    if (options_.complete) {
      ++totals_.passed;
      return;
    }
    std::vector<std::string> expected;
    for (size_t i = divider + 1; i < end; ++i) expected.push_back(Expand(lines_[i]));
    if (sort == "rowsort") std::sort(expected.begin(), expected.end());
    const size_t at = FirstDifference(expected, actual, *result);
    if (at == std::string::npos) {
      ++totals_.passed;
      return;
    }
    std::string message = "expected " + std::to_string(expected.size()) + " rows, got " +
                          std::to_string(actual.size()) + "; first difference at row " +
                          std::to_string(at + 1) + "\n";
    const auto show = [&](const char* title, const std::vector<std::string>& rows) {
      message += std::string("  ") + title + "\n";
      const size_t from = at > 3 ? at - 3 : 0;
      for (size_t i = from; i < std::min(rows.size(), from + 12); ++i) {
        message += (i == at ? "  > " : "    ") + rows[i] + "\n";
      }
    };
    show("expected", expected);
    show("actual", actual);
    message.pop_back();
    Fail(begin, message);
  }

  static size_t FirstDifference(const std::vector<std::string>& expected,
                                const std::vector<std::string>& actual,
                                const vesto::ResultSet& result) {
    for (size_t i = 0; i < std::max(expected.size(), actual.size()); ++i) {
      if (i >= expected.size() || i >= actual.size()) return i;
      if (expected[i] == actual[i]) continue;
      const std::vector<std::string> left = SplitTabs(expected[i]);
      const std::vector<std::string> right = SplitTabs(actual[i]);
      if (left.size() != right.size() || left.size() != result.columns().size()) return i;
      for (size_t k = 0; k < left.size(); ++k) {
        if (left[k] == right[k]) continue;
        if (!IsFloat(result.columns()[k].type) || !FloatsAgree(left[k], right[k])) return i;
      }
    }
    return std::string::npos;
  }

  void Keep(size_t line) { completed_.push_back(lines_[line]); }

  std::string Where(size_t line) const {
    return path_.string() + ":" + std::to_string(line + 1);
  }

  void Fail(size_t line, const std::string& message) {
    watchdog_.End();
    ++totals_.failed;
    std::printf("%s: %s\n", Where(line).c_str(), message.c_str());
    for (size_t i = line + 1; i < lines_.size() && i < line + 6; ++i) {
      if (line == 0 || lines_[i].empty() || lines_[i] == "----") break;
      std::printf("    | %s\n", lines_[i].c_str());
    }
    std::fflush(stdout);
  }

  const Options& options_;
  const fs::path path_;
  Watchdog& watchdog_;
  Totals& totals_;
  std::vector<std::string> lines_;
  std::vector<std::string> completed_;  // the file as --complete will write it
  size_t completed_through_ = 0;
  bool halted_ = false;
  fs::path scratch_;
  std::unique_ptr<vesto::Cluster> cluster_;
  std::map<std::string, Connection> connections_;
  std::string current_ = "default";
};

std::optional<int64_t> ParseSize(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || number < 0) return std::nullopt;
  std::string unit = end;
  for (char& c : unit) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  double factor = 1;
  if (unit == "KB" || unit == "K") factor = 1 << 10;
  else if (unit == "MB" || unit == "M") factor = 1 << 20;
  else if (unit == "GB" || unit == "G") factor = 1 << 30;
  else if (!unit.empty() && unit != "B") return std::nullopt;
  return static_cast<int64_t>(number * factor);
}

int Usage() {
  std::fprintf(stderr,
               "slt_runner [--nodes N] [--slices N] [--threads N] [--memory SIZE]\n"
               "           [--set NAME=VALUE]... [--timeout SECONDS] [--complete] [--verbose] [--prepared | --repeated]\n"
               "           FILE_OR_FOLDER...\n");
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.root = VESTO_SOURCE_DIR;
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--complete") {
      options.complete = true;
    } else if (argument == "--verbose") {
      options.verbose = true;
    } else if (argument == "--prepared") {
      options.prepared = true;
    } else if (argument == "--repeated") {
      options.repeated = true;
    } else if (argument.rfind("--", 0) == 0) {
      if (i + 1 >= argc) return Usage();
      const std::string value = argv[++i];
      if (argument == "--nodes") {
        options.nodes = std::atoi(value.c_str());
      } else if (argument == "--slices") {
        options.slices = std::atoi(value.c_str());
      } else if (argument == "--threads") {
        options.threads = std::atoi(value.c_str());
      } else if (argument == "--timeout") {
        options.timeout_seconds = std::atoi(value.c_str());
      } else if (argument == "--memory") {
        const auto bytes = ParseSize(value);
        if (!bytes) return Usage();
        options.memory_bytes = *bytes;
      } else if (argument == "--set") {
        const size_t equals = value.find('=');
        if (equals == std::string::npos) return Usage();
        options.settings.emplace_back(value.substr(0, equals), value.substr(equals + 1));
      } else {
        return Usage();
      }
    } else if (fs::is_directory(argument)) {
      for (const auto& entry : fs::recursive_directory_iterator(argument)) {
        if (entry.path().extension() == ".slt") files.push_back(entry.path());
      }
    } else {
      files.emplace_back(argument);
    }
  }
  if (files.empty()) return Usage();
  std::sort(files.begin(), files.end());

  auto& conditions = options.conditions;
  conditions.insert(std::to_string(options.nodes) + "x" + std::to_string(options.slices));
  conditions.insert(options.nodes == 1 ? "single-node" : "multi-node");
  conditions.insert(options.nodes * options.slices == 1 ? "single-slice" : "multi-slice");
  if (options.memory_bytes > 0) conditions.insert("little-memory");
  bool optimizer = true;
  for (const auto& [name, value] : options.settings) {
    if (name.find("optimizer") != std::string::npos && (value == "off" || value == "false")) {
      optimizer = false;
    }
  }
  conditions.insert(optimizer ? "optimizer" : "no-optimizer");

  Totals totals;
  Watchdog watchdog(options.timeout_seconds);
  for (const fs::path& file : files) {
    if (options.verbose) {
      std::printf("%s\n", file.c_str());
      std::fflush(stdout);
    }
    FileRun(options, file, watchdog, totals).Run();
  }
  std::printf("%zu files, %d skipped, %d passed, %d failed\n", files.size(), totals.skipped,
              totals.passed, totals.failed);
  return totals.failed == 0 ? 0 : 1;
}
