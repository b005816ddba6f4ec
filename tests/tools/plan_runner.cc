// Runs plan tests (tests/plans/*.plan): the plan of a statement after each optimizer rule that changed
// it, what EXPLAIN says, the streams, segments and steps, and the rows that these give.
//
//   # name: plans/movement            what the file shows
//   topology 3x4                      nodes x slices; first, else 2x2
//   statement                         runs
//   CREATE TABLE ...
//   rows sales 5000000                from here on the planner is told that the table has so many rows
//   distinct sales item 1000          and the column so many values; the rows themselves stay as they are
//   plan                              the plan alone
//   DELETE FROM sales
//   ----
//   == bound ...
//   query [rowsort]                   the plan, and the rows that running it gives
//   SELECT ...
//   ----
//   == bound ...
//
// Records are separated by empty lines (topology, rows and distinct are one line). `--complete` writes
// what came out into the files: read it before you commit. Declared numbers make a plan that only large
// tables get; running it on small ones shows that no number changes an answer.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "base/status_macros.h"
#include "binder/binder.h"
#include "cluster/cluster_impl.h"
#include "cluster/session_impl.h"
#include "logical/plan.h"
#include "optimizer/optimizer.h"
#include "physical/explain.h"
#include "physical/lower.h"
#include "vesto/result_set.h"

namespace {

namespace fs = std::filesystem;
using vesto::from_sv;

// A cluster whose planner believes what the file declares.
class DeclaredCluster : public vesto::cluster::ClusterImpl {
 public:
  using ClusterImpl::ClusterImpl;

  std::shared_ptr<const vesto::optimizer::TableStats> Statistics(
      const vesto::catalog::TableEntry& table) const override {
    const auto known = ClusterImpl::Statistics(table);
    const auto it = tables.find(table.name);
    if (it == tables.end()) return known;
    vesto::optimizer::TableStats stats = *known;
    // What an empty table knows of its columns is nothing.
    if (stats.rows == 0) stats.columns.assign(table.columns.size(), {});
    if (it->second.rows >= 0) stats.rows = it->second.rows;
    for (size_t i = 0; i < stats.columns.size(); ++i) {
      const auto distinct = it->second.distinct.find(table.columns[i].name);
      if (distinct != it->second.distinct.end()) stats.columns[i].distinct = distinct->second;
    }
    return std::make_shared<const vesto::optimizer::TableStats>(std::move(stats));
  }

  struct Declared {
    double rows = -1;
    std::map<std::string, double> distinct;
  };
  std::map<std::string, Declared> tables;
};

vesto::ClusterOptions OptionsOf(int nodes, int slices) {
  vesto::ClusterOptions options;
  options.compute_nodes = nodes;
  options.slices_per_node = slices;
  return options;
}

std::string Describe(const absl::Status& status) {
  return std::string(vesto::SqlStateCode(vesto::SqlStateOf(status))) + ": " +
         std::string(from_sv(status.message()));
}

class FileRun {
 public:
  FileRun(fs::path path, bool complete) : path_(std::move(path)), complete_(complete) {}

  int passed() const { return passed_; }
  int failed() const { return failed_; }

  void Run() {
    std::ifstream file(path_);
    if (!file) return Fail(0, "cannot be read");
    for (std::string line; std::getline(file, line);) lines_.push_back(line);
    bool named = false;
    for (size_t i = 0; i < lines_.size();) {
      if (lines_[i].empty() || lines_[i][0] == '#') {
        named = named || lines_[i].rfind("# name:", 0) == 0;
        completed_.push_back(lines_[i++]);
        continue;
      }
      std::istringstream words(lines_[i]);
      std::string word;
      words >> word;
      const bool one_line = word == "topology" || word == "rows" || word == "distinct";
      const size_t begin = i;
      while (i < lines_.size() && !lines_[i].empty() && !(one_line && i > begin)) ++i;
      Record(word, words, begin, i);
    }
    if (!named) Fail(0, "has no line `# name: plans/<what it shows>`");
    if (complete_) {
      std::ofstream out(path_, std::ios::trunc);
      for (const std::string& line : completed_) out << line << '\n';
    }
  }

 private:
  void Record(const std::string& word, std::istringstream& words, size_t begin, size_t end) {
    size_t divider = begin;
    while (divider < end && lines_[divider] != "----") ++divider;
    for (size_t i = begin; i < divider; ++i) completed_.push_back(lines_[i]);
    if (word == "topology") {
      char times = 0;
      if (cluster_ != nullptr || !(words >> nodes_ >> times >> slices_) || times != 'x') {
        Fail(begin, "expected nodes x slices before all statements");
      }
      return;
    }
    if (!OpenSession(begin)) return;
    std::string table, column;
    if (word == "rows") {
      if (!(words >> table >> cluster_->tables[table].rows)) Fail(begin, "expected table and rows");
      return;
    }
    if (word == "distinct") {
      double count = 0;
      if (!(words >> table >> column >> count)) Fail(begin, "expected table, column, values");
      cluster_->tables[table].distinct[column] = count;
      return;
    }
    std::string sql;
    for (size_t i = begin + 1; i < divider; ++i) sql += lines_[i] + "\n";
    if (word == "statement") {
      const absl::StatusOr<std::vector<std::string>> rows = RowsOf(sql);
      if (!rows.ok()) return Fail(begin, Describe(rows.status()));
      ++passed_;
      return;
    }
    std::string order;
    words >> order;
    if ((word != "plan" && word != "query") || (!order.empty() && order != "rowsort")) {
      return Fail(begin, "unknown record: " + lines_[begin]);
    }
    completed_.push_back("----");
    std::vector<std::string> expected(lines_.begin() + static_cast<long>(std::min(divider + 1, end)),
                                      lines_.begin() + static_cast<long>(end));
    auto actual = PlanOf(sql);
    if (actual.ok() && word == "query") {
      auto rows = RowsOf(sql);
      if (rows.ok()) {
        if (order == "rowsort") std::sort(rows->begin(), rows->end());
        actual->push_back("== rows");
        actual->insert(actual->end(), rows->begin(), rows->end());
      } else {
        actual = rows.status();
      }
    }
    if (!actual.ok()) {
      completed_.insert(completed_.end(), expected.begin(), expected.end());
      return Fail(begin, Describe(actual.status()));
    }
    completed_.insert(completed_.end(), actual->begin(), actual->end());
    if (complete_ || *actual == expected) {
      ++passed_;
      return;
    }
    const auto [at, other] =
        std::mismatch(actual->begin(), actual->end(), expected.begin(), expected.end());
    Fail(begin, "the plan differs at line " +
                    std::to_string(divider + 2 + static_cast<size_t>(at - actual->begin())) +
                    "\n    expected: " + (other == expected.end() ? "(the end)" : *other) +
                    "\n    actual:   " + (at == actual->end() ? "(the end)" : *at));
  }

  bool OpenSession(size_t line) {
    if (session_ != nullptr) return true;
    cluster_ = std::make_shared<DeclaredCluster>(OptionsOf(nodes_, slices_),
                                                 vesto::catalog::PasswordVerifiers{});
    auto session = vesto::cluster::SessionImpl::Open(*cluster_, {});
    if (!session.ok()) {
      Fail(line, Describe(session.status()));
      return false;
    }
    session_ = *std::move(session);
    return true;
  }

  absl::StatusOr<std::vector<std::string>> RowsOf(const std::string& sql) {
    VESTO_ASSIGN_OR_RETURN(auto parsed, session_->Parse(sql));
    std::vector<std::string> lines;
    VESTO_RETURN_IF_ERROR(session_->RunAll(parsed, {}, [&](vesto::ResultSet result) {
      for (const vesto::Row& row : result) {
        std::string line;
        for (int i = 0; i < row.size(); ++i) {
          if (i > 0) line += '\t';
          line += row.IsNull(i) ? "NULL" : row.Get<std::string>(i);
        }
        lines.push_back(std::move(line));
      }
      return absl::OkStatus();
    }));
    return lines;
  }

  // The sections of one plan.
  absl::StatusOr<std::vector<std::string>> PlanOf(const std::string& sql) {
    VESTO_ASSIGN_OR_RETURN(auto parsed, session_->Parse(sql));
    if (parsed->statements.size() != 1) {
      return vesto::SqlError(vesto::SqlState::kSyntaxError, "not one statement");
    }
    const auto catalog = session_->CatalogNow();
    vesto::functions::EvalContext eval = session_->MakeEvalContext(1);
    eval.on_leader = true;
    const vesto::binder::BindContext bind = session_->MakeBindContext(*catalog, eval);
    VESTO_ASSIGN_OR_RETURN(vesto::binder::BoundStatement bound,
                           vesto::binder::Bind(parsed->statements[0], bind));
    if (bound.plan == nullptr) {
      return vesto::SqlError(vesto::SqlState::kSyntaxError, "a statement without a plan");
    }
    eval.on_leader = !bound.touches_user_tables;
    std::vector<std::string> lines;
    AddSection("bound", vesto::logical::DebugString(*bound.plan), &lines);

    vesto::optimizer::OptimizeContext context{.eval = eval,
                                              .statistics = *cluster_,
                                              .topology = cluster_->topology,
                                              .next_column_id = bound.next_column_id};
    context.on_change = [&lines](std::string_view rule, const vesto::logical::Node& plan) {
      AddSection("after " + std::string(rule), vesto::logical::DebugString(plan), &lines);
    };
    VESTO_ASSIGN_OR_RETURN(auto plan, vesto::optimizer::Optimize(std::move(bound.plan), context));

    std::string explained;
    for (const std::string& line : vesto::physical::Explain(*plan, false)) explained += line + "\n";
    AddSection("explain", explained, &lines);
    VESTO_ASSIGN_OR_RETURN(
        const vesto::physical::Plan lowered,
        vesto::physical::Lower(std::move(plan), cluster_->topology, context.next_column_id));
    AddSection("streams", vesto::physical::DebugString(lowered), &lines);
    return lines;
  }

  static void AddSection(const std::string& title, const std::string& text,
                         std::vector<std::string>* lines) {
    lines->push_back("== " + title);
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines->push_back(line);
  }

  void Fail(size_t line, const std::string& message) {
    ++failed_;
    std::printf("%s:%zu: %s\n", path_.c_str(), line + 1, message.c_str());
  }

  const fs::path path_;
  const bool complete_;
  int passed_ = 0, failed_ = 0;
  int nodes_ = 2, slices_ = 2;
  std::vector<std::string> lines_, completed_;
  std::shared_ptr<DeclaredCluster> cluster_;
  std::shared_ptr<vesto::cluster::SessionImpl> session_;
};

}  // namespace

int main(int argc, char** argv) {
  bool complete = false;
  std::vector<fs::path> files;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--complete") {
      complete = true;
    } else if (fs::is_directory(argument)) {
      for (const auto& entry : fs::recursive_directory_iterator(argument)) {
        if (entry.path().extension() == ".plan") files.push_back(entry.path());
      }
    } else {
      files.emplace_back(argument);
    }
  }
  if (files.empty()) {
    std::fprintf(stderr, "plan_runner [--complete] FILE_OR_FOLDER...\n");
    return 2;
  }
  std::sort(files.begin(), files.end());
  int passed = 0, failed = 0;
  for (const fs::path& file : files) {
    FileRun run(file, complete);
    run.Run();
    passed += run.passed();
    failed += run.failed();
  }
  std::printf("%zu files, %d passed, %d failed\n", files.size(), passed, failed);
  return failed == 0 ? 0 : 1;
}
