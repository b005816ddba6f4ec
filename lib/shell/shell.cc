#include "shell/shell.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <utility>

namespace vesto::shell {
namespace {

using Clock = std::chrono::steady_clock;

std::string HomeFile(const char* name) {
  const char* home = std::getenv("HOME");
  return home == nullptr ? "" : std::string(home) + "/" + name;
}

winsize ScreenSize() {
  winsize size = {};
  ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
  return size;
}

// The line of `sql` that holds its `position`-th character (from 1), cut to fit a screen, and a
// caret below, as PostgreSQL's clients show it.
std::string Caret(std::string_view sql, int position) {
  size_t offset = 0;
  for (int i = 1; i < position && offset < sql.size(); ++i) {
    ++offset;
    while (offset < sql.size() && (static_cast<unsigned char>(sql[offset]) & 0xc0) == 0x80) ++offset;
  }
  size_t begin = offset == 0 ? std::string_view::npos : sql.rfind('\n', offset - 1);
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  const size_t end = std::min(sql.find('\n', offset), sql.size());
  const auto line_number = 1 + std::count(sql.begin(), sql.begin() + static_cast<long>(begin), '\n');
  std::string before(sql.substr(begin, offset - begin));
  std::string after(sql.substr(offset, end - offset));
  std::replace(before.begin(), before.end(), '\t', ' ');
  std::replace(after.begin(), after.end(), '\t', ' ');
  // At most about 60 columns, with "..." for what was cut.
  const auto cut_front = [&](size_t bytes) {
    while (bytes < before.size() && (static_cast<unsigned char>(before[bytes]) & 0xc0) == 0x80) {
      ++bytes;
    }
    before = "..." + before.substr(bytes);
  };
  const auto cut_back = [&](size_t bytes) {
    while (bytes > 0 && bytes < after.size() &&
           (static_cast<unsigned char>(after[bytes]) & 0xc0) == 0x80) {
      --bytes;
    }
    after = after.substr(0, bytes) + "...";
  };
  constexpr size_t kWidth = 60;
  if (before.size() + after.size() > kWidth) {
    if (before.size() > kWidth / 2 && after.size() > kWidth / 2) {
      cut_front(before.size() - kWidth / 2);
      cut_back(kWidth / 2);
    } else if (after.size() > kWidth / 2) {
      cut_back(kWidth - before.size());
    } else {
      cut_front(before.size() + after.size() - kWidth);
    }
  }
  const std::string label = "LINE " + std::to_string(line_number) + ": ";
  return label + before + after + "\n" +
         std::string(label.size() + static_cast<size_t>(DisplayWidth(before)), ' ') + "^\n";
}

// The whole result, within the memory budget.
StatusOr<ResultSet> ReadAll(ResultStream& stream) {
  if (Status status = stream.Materialize(); !status.ok()) return status;
  std::vector<Batch> batches;
  while (true) {
    auto batch = stream.Next();
    if (!batch.ok()) return batch.status();
    if (!batch->has_value()) break;
    batches.push_back(**std::move(batch));
  }
  return ResultSet(stream.columns(), std::move(batches), stream.command_tag(),
                   stream.affected_rows());
}

}  // namespace

Shell::Shell(Cluster& cluster, Session session, Options options)
    : cluster_(cluster), session_(std::move(session)), options_(std::move(options)) {
  print_ = options_.print;
  database_ = cluster_.options().database;
  variables_ = {{"PROMPT1", "%/%R%x%# "}, {"PROMPT2", "%/%R%x%# "}, {"PROMPT3", ">> "},
                {"VERBOSITY", "verbose"}};
  variables_["DBNAME"] = database_;
  variables_["USER"] = options_.user.empty() ? cluster_.options().superuser : options_.user;
  variables_["VERSION"] = "Vesto " + std::string(Version());
  if (options_.quiet) variables_["QUIET"] = "on";
  if (options_.echo_all) variables_["ECHO"] = "all";
  if (options_.echo_queries) variables_["ECHO"] = "queries";
  if (options_.echo_hidden) variables_["ECHO_HIDDEN"] = "on";
  for (const auto& [name, value] : options_.variables) variables_[name] = value;
  session_.OnNotice([this](const Notice& notice) {
    std::fflush(output_);
    std::fprintf(stderr, "%s%s:  %s\n", Where().c_str(), notice.severity.c_str(),
                 notice.message.c_str());
  });
  interrupt_ = std::make_unique<Interrupt>([this] {
    const std::lock_guard lock(session_mutex_);
    session_.Cancel();
  });
}

Shell::~Shell() {
  interrupt_.reset();  // its thread must not find a session that is gone
  CloseOutput();
}

int Shell::Run(const std::vector<Action>& actions) {
  for (const auto& [name, value] : options_.print_settings) {
    if (!SetPrintOption(name, value ? &*value : nullptr, /*announce=*/false)) return 1;
  }
  if (!options_.output_file.empty() && !SetOutput(options_.output_file)) return 1;
  const bool terminal = isatty(STDIN_FILENO) != 0;
  interactive_ = actions.empty() && terminal;
  if (options_.read_rc && interactive_) {
    const std::string rc = HomeFile(".vestorc");
    if (!rc.empty() && access(rc.c_str(), R_OK) == 0) RunFile(rc);
  }
  Source no_lines = NewSource();
  if (options_.single_transaction && !actions.empty() && !RunStatement("BEGIN", no_lines)) return 3;
  Flow flow = Flow::kContinue;
  bool in_script = actions.empty();
  if (actions.empty()) {
    flow = interactive_ ? RunInteractive() : RunFile("-");
  }
  for (const Action& action : actions) {
    in_script = action.kind == Action::kFile;
    flow = in_script ? RunFile(action.text) : RunCommandString(action.text);
    if (flow != Flow::kContinue) break;
  }
  if (options_.single_transaction && session_.in_transaction()) {
    RunStatement(had_error_ ? "ROLLBACK" : "COMMIT", no_lines);
  }
  CloseOutput();
  if (stopped_on_error_ && in_script) return 3;
  return had_error_ && !interactive_ ? 1 : 0;
}

// --- Input ----------------------------------------------------------------------------------------

Shell::Source Shell::NewSource(std::istream* lines) const {
  return {.scanner = StatementScanner([this](std::string_view name) { return Variable(name); }),
          .conditions = {},
          .lines = lines};
}

Shell::Flow Shell::RunLines(const std::string& name, std::istream& lines) {
  inputs_.push_back({name, 0});
  Source source = NewSource(&lines);
  StatementScanner& scanner = source.scanner;
  Flow flow = Flow::kContinue;
  std::string line;
  bool first = true;
  while (flow == Flow::kContinue && std::getline(lines, line)) {
    if (std::exchange(first, false) && line.rfind("\xef\xbb\xbf", 0) == 0) line.erase(0, 3);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (Variable("ECHO") == "all") Write(line + "\n");
    scanner.AddLine(line);
    while (flow == Flow::kContinue) {
      const auto item = scanner.Next();
      if (!item) break;
      flow = RunItem(*item, source);
    }
  }
  if (flow == Flow::kContinue && !scanner.pending().empty() && source.conditions.active()) {
    inputs_.back().line = scanner.pending_line();
    if (!RunStatement(scanner.TakePending(), source)) flow = AfterError();
  }
  if (flow == Flow::kContinue && !source.conditions.empty()) {
    ReportProblem("reached EOF without finding closing \\endif(s)");
    flow = AfterError();
  }
  inputs_.pop_back();
  // \q in an included file ends that file only.
  return flow == Flow::kQuit && !inputs_.empty() ? Flow::kContinue : flow;
}

Shell::Flow Shell::RunFile(const std::string& path) {
  if (path == "-") return RunLines("<stdin>", std::cin);
  std::ifstream file(path);
  if (!file) {
    ReportProblem(path + ": cannot be read");
    return AfterError();
  }
  return RunLines(path, file);
}

Shell::Flow Shell::RunCommandString(const std::string& sql) {
  // As psql: one backslash command, or SQL that goes to the cluster as a whole.
  Source source = NewSource();
  if (!sql.empty() && sql[0] == '\\') {
    source.scanner.AddLine(sql);
    return RunMeta(source.scanner.Next()->text, source) == Flow::kStop ? Flow::kStop
                                                                       : Flow::kContinue;
  }
  return RunSql(sql, source) ? Flow::kContinue : AfterError();
}

Shell::Flow Shell::RunInteractive() {
  const std::optional<std::string> named = Variable("HISTFILE");
  const char* from_environment = std::getenv("VESTO_HISTORY");
  editor_ = std::make_unique<LineEditor>(
      options_.plain_input ? ""
                           : named.value_or(from_environment != nullptr
                                                ? from_environment
                                                : HomeFile(".vesto_history")),
      interrupt_->descriptor());
  if (!Flag("QUIET")) {
    std::printf("Vesto %s, %d compute node%s x %d slice%s\nType \"\\?\" for help.\n\n",
                std::string(Version()).c_str(), cluster_.options().compute_nodes,
                cluster_.options().compute_nodes == 1 ? "" : "s",
                cluster_.options().slices_per_node,
                cluster_.options().slices_per_node == 1 ? "" : "s");
    std::fflush(stdout);
  }
  Source source = NewSource();
  StatementScanner& scanner = source.scanner;
  std::string entry;  // for the history: a whole statement
  while (true) {
    std::string line;
    const LineEditor::Outcome outcome = editor_->Read(Prompt(source), &line);
    if (outcome == LineEditor::Outcome::kEnd) {
      if (!Flag("QUIET")) std::printf("\\q\n");
      return Flow::kQuit;
    }
    if (outcome == LineEditor::Outcome::kInterrupted) {
      interrupt_->Taken();
      scanner.Reset();
      entry.clear();
      std::printf("\n");
      if (!source.conditions.empty()) {
        ReportProblem("\\if: escaped");
        source.conditions.Escape();
      }
      continue;
    }
    entry += (entry.empty() ? "" : "\n") + line;
    scanner.AddLine(line);
    Flow flow = Flow::kContinue;
    while (flow == Flow::kContinue) {
      const auto item = scanner.Next();
      if (!item) break;
      flow = RunItem(*item, source);
      interrupt_->Taken();
    }
    if (scanner.pending().empty()) {
      if (entry.find_first_not_of(" \t\n") != std::string::npos) editor_->Remember(entry);
      entry.clear();
    }
    if (flow == Flow::kQuit) return flow;
  }
}

Shell::Flow Shell::RunItem(const StatementScanner::Item& item, Source& source) {
  if (!inputs_.empty()) inputs_.back().line = item.line;
  if (item.kind == StatementScanner::Item::kCommand) return RunMeta(item.text, source);
  if (!source.conditions.active()) {
    if (source.lines == nullptr) {
      ReportProblem("query ignored; use \\endif or Ctrl-C to exit current \\if block");
    }
    return Flow::kContinue;
  }
  return RunStatement(item.text, source) ? Flow::kContinue : AfterError();
}

Shell::Flow Shell::AfterError() {
  had_error_ = true;
  if (interactive_ && inputs_.empty()) return Flow::kContinue;
  if (interrupt_->Taken()) {
    stopped_on_error_ = true;
    return Flow::kStop;
  }
  if (Flag("ON_ERROR_STOP")) {
    stopped_on_error_ = true;
    // A file that an interactive user included stops; the user goes on.
    return Flow::kStop;
  }
  return Flow::kContinue;
}

// --- Statements -----------------------------------------------------------------------------------

bool Shell::RunStatement(const std::string& sql, Source& source) {
  if (sql.empty()) return true;
  last_statement_ = sql;
  return RunSql(sql, source);
}

bool Shell::RunSql(const std::string& sql, Source& source, const CopyEnd* end) {
  if (Variable("ECHO") == "queries") Write(sql + "\n");
  const bool show_progress = isatty(STDERR_FILENO) != 0 && !Flag("QUIET");
  if (show_progress) {
    session_.OnProgress([this, begin = Clock::now()](const Progress& progress) {
      if (Clock::now() - begin > std::chrono::milliseconds(700)) {
        std::fprintf(stderr, "\r%lld rows read ", static_cast<long long>(progress.rows));
        progress_shown_ = true;
      }
      return true;
    });
  }
  double elapsed_ms = 0;
  const Status status = RunEach(sql, source, end, &elapsed_ms);
  if (show_progress) session_.OnProgress(nullptr);
  ClearProgress();
  if (!status.ok()) {
    expanded_once_.reset();
    output_once_.reset();
    gset_prefix_.reset();
    ReportError(status, sql);
  }
  if (timing_) ReportTime(elapsed_ms);
  return status.ok();
}

Status Shell::RunEach(const std::string& sql, Source& source, const CopyEnd* end,
                      double* elapsed_ms) {
  Clock::time_point begin = Clock::now();
  const auto stop_clock = [&] {
    *elapsed_ms += std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
  };
  auto script = session_.Run(sql);
  Status status = script.status();
  while (status.ok()) {
    auto stream = script->Next();
    status = stream.status();
    if (!stream.ok() || !stream->has_value()) break;
    if ((*stream)->copy()) {
      status = RunCopy(**stream, source, std::exchange(end, nullptr));
      continue;
    }
    const auto result = ReadAll(**stream);
    status = result.status();
    if (!result.ok()) break;
    stop_clock();
    ClearProgress();
    Deliver(*result);
    begin = Clock::now();
  }
  stop_clock();
  return status;
}

void Shell::ClearProgress() {
  if (std::exchange(progress_shown_, false)) std::fprintf(stderr, "\r%30s\r", "");
}

void Shell::NoteSuccess(int64_t rows) {
  SetVariable("ERROR", "false");
  SetVariable("SQLSTATE", "00000");
  SetVariable("ROW_COUNT", std::to_string(rows));
}

void Shell::Deliver(const ResultSet& result) {
  NoteSuccess(result.num_columns() > 0 ? result.num_rows() : result.affected_rows());
  if (gset_prefix_) {
    const std::string prefix = *std::exchange(gset_prefix_, std::nullopt);
    if (result.num_rows() != 1) {
      ReportProblem(result.num_rows() == 0 ? "no rows returned for \\gset"
                                           : "more than one row returned for \\gset");
      return;
    }
    for (int i = 0; i < result.num_columns(); ++i) {
      const std::string name = prefix + result.columns()[i].name;
      if (result.row(0).IsNull(i)) {
        variables_.erase(name);
      } else {
        SetVariable(name, result.row(0).Get<std::string>(i));
      }
    }
    return;
  }
  if (result.num_columns() == 0) {
    if (!Flag("QUIET") && !result.command_tag().empty()) Write(result.command_tag() + "\n");
    return;
  }
  PrintOptions options = print_;
  if (options.columns == 0) options.columns = ScreenSize().ws_col;
  if (expanded_once_) {
    options.expanded = *std::exchange(expanded_once_, std::nullopt)
                           ? PrintOptions::Expanded::kOn
                           : PrintOptions::Expanded::kOff;
  }
  const std::string text = Print(TextTable::Of(result), options);
  WithOutputOnce([&] { Write(text); });
}

void Shell::ReportError(const Status& status, std::string_view sql) {
  std::fflush(output_);
  SetVariable("ERROR", "true");
  SetVariable("SQLSTATE", std::string(status.sqlstate()));
  SetVariable("LAST_ERROR_SQLSTATE", std::string(status.sqlstate()));
  SetVariable("LAST_ERROR_MESSAGE", std::string(status.message()));
  const std::string verbosity = Variable("VERBOSITY").value_or("verbose");
  std::string text = Where() + "ERROR:  ";
  if (verbosity == "sqlstate") {
    text += std::string(status.sqlstate()) + "\n";
  } else {
    if (verbosity == "verbose") text += std::string(status.sqlstate()) + ": ";
    text += std::string(status.message()) + "\n";
    if (verbosity == "terse") {
      if (status.position() > 0) {
        text.pop_back();
        text += " at character " + std::to_string(status.position()) + "\n";
      }
    } else {
      if (status.position() > 0) text += Caret(sql, status.position());
      if (!status.detail().empty()) text += "DETAIL:  " + std::string(status.detail()) + "\n";
      if (!status.hint().empty()) text += "HINT:  " + std::string(status.hint()) + "\n";
      if (!status.context().empty()) text += "CONTEXT:  " + std::string(status.context()) + "\n";
    }
  }
  std::fputs(text.c_str(), stderr);
  if (Variable("ECHO") == "errors") {
    std::fprintf(stderr, "STATEMENT:  %.*s\n", static_cast<int>(sql.size()), sql.data());
  }
}

void Shell::ReportProblem(const std::string& message) {
  std::fflush(output_);
  const std::string where = Where();
  std::fprintf(stderr, "%s%s\n", where.c_str(), message.c_str());
  had_error_ = true;
}

void Shell::ReportTime(double milliseconds) {
  char buffer[96];
  if (milliseconds < 1000) {
    std::snprintf(buffer, sizeof buffer, "Time: %.3f ms\n", milliseconds);
  } else {
    const double seconds = milliseconds / 1000;
    const int minutes = static_cast<int>(seconds / 60);
    if (minutes < 60) {
      std::snprintf(buffer, sizeof buffer, "Time: %.3f ms (%02d:%06.3f)\n", milliseconds, minutes,
                    seconds - 60 * minutes);
    } else {
      std::snprintf(buffer, sizeof buffer, "Time: %.3f ms (%02d:%02d:%06.3f)\n", milliseconds,
                    minutes / 60, minutes % 60, seconds - 60 * minutes);
    }
  }
  std::fflush(output_);
  std::fputs(buffer, stdout);
  std::fflush(stdout);
}

// --- Surroundings ---------------------------------------------------------------------------------

std::string Shell::Where() const {
  if (inputs_.empty() || inputs_.back().name.empty()) return "";
  return "vesto:" + inputs_.back().name + ":" + std::to_string(inputs_.back().line) + ": ";
}

std::optional<std::string> Shell::Variable(std::string_view name) const {
  const auto found = variables_.find(name);
  if (found == variables_.end()) return std::nullopt;
  return found->second;
}

bool Shell::Flag(std::string_view name) const {
  const auto value = Variable(name);
  return value && *value != "off" && *value != "0" && *value != "false" && *value != "no";
}

void Shell::SetVariable(const std::string& name, const std::string& value) {
  variables_[name] = value;
}

std::string Shell::Prompt(const Source& source) const {
  const char state = source.scanner.prompt_state();
  const std::string pattern = Variable(state == '=' ? "PROMPT1" : "PROMPT2").value_or("");
  std::string out;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 >= pattern.size()) {
      out += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
      case '/':
      case '~': out += database_; break;
      case 'n': out += Variable("USER").value_or(""); break;
      case 'M':
      case 'm': out += "[local]"; break;
      case 'p': out += std::to_string(session_.pid()); break;
      case 'R': out += state == '=' && !source.conditions.active() ? '@' : state; break;
      case 'x':
        if (session_.transaction_failed()) out += '!';
        else if (session_.in_transaction()) out += '*';
        break;
      case '#':
        out += Variable("USER") == cluster_.options().superuser ? '#' : '>';
        break;
      case ':': {
        const size_t end = pattern.find(':', i + 1);
        if (end == std::string::npos) break;
        out += Variable(pattern.substr(i + 1, end - i - 1)).value_or("");
        i = end;
        break;
      }
      case '%': out += '%'; break;
      default: break;
    }
  }
  return out;
}

bool Shell::SetOutput(const std::string& target) {
  CloseOutput();
  if (target.empty()) return true;
  if (target[0] == '|') {
    std::fflush(stdout);
    output_ = popen(target.c_str() + 1, "w");
    output_is_pipe_ = true;
  } else {
    output_ = std::fopen(target.c_str(), "w");
  }
  if (output_ == nullptr) {
    output_ = stdout;
    output_is_pipe_ = false;
    ReportProblem(target + ": cannot be written");
    return false;
  }
  return true;
}

void Shell::CloseOutput() {
  if (output_ == stdout) {
    std::fflush(stdout);
    return;
  }
  if (output_is_pipe_) {
    pclose(output_);
  } else {
    std::fclose(output_);
  }
  output_ = stdout;
  output_is_pipe_ = false;
}

void Shell::WithOutputOnce(const std::function<void()>& body) {
  if (!output_once_) return body();
  FILE* const saved = std::exchange(output_, stdout);
  const bool saved_pipe = std::exchange(output_is_pipe_, false);
  if (SetOutput(*std::exchange(output_once_, std::nullopt))) body();
  CloseOutput();
  output_ = saved;
  output_is_pipe_ = saved_pipe;
}

void Shell::Write(const std::string& text) {
  if (output_ == stdout && interactive_ && pager_ && inputs_.empty() && isatty(STDOUT_FILENO)) {
    const winsize screen = ScreenSize();
    if (screen.ws_row > 0 && std::count(text.begin(), text.end(), '\n') >= screen.ws_row) {
      const char* named = std::getenv("VESTO_PAGER");
      if (named == nullptr) named = std::getenv("PAGER");
      FILE* pipe = popen(named != nullptr ? named : "less -SFX 2>/dev/null || more", "w");
      if (pipe != nullptr) {
        std::fwrite(text.data(), 1, text.size(), pipe);
        pclose(pipe);
        return;
      }
    }
  }
  std::fwrite(text.data(), 1, text.size(), output_);
  std::fflush(output_);
}

}  // namespace vesto::shell
