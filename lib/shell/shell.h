#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shell/conditions.h"
#include "shell/interrupt.h"
#include "shell/line_editor.h"
#include "shell/result_printer.h"
#include "shell/statement_scanner.h"
#include "vesto/cluster.h"
#include "vesto/session.h"

namespace vesto::shell {

// The state of one run of the client, and its two motions: run a statement, run a backslash command.
//
// Where psql has a habit, this is it: variables, \pset, prompts, exit status. Error lines carry the
// SQLSTATE, as psql's do with VERBOSITY verbose: ERROR:  22012: division by zero.
// Uses the public API only. Thread-safety: one thread, but Cancel comes from the interrupt's.
class Shell {
 public:
  struct Options {
    bool quiet = false;
    bool echo_all = false;      // -a
    bool echo_queries = false;  // -e
    bool echo_hidden = false;   // -E
    bool single_transaction = false;
    bool read_rc = true;        // ~/.vestorc
    bool plain_input = false;   // -n: no line editing
    std::string output_file;    // -o
    std::string user;
    PrintOptions print;
    // What -P asks for, as \pset would: name and value.
    std::vector<std::pair<std::string, std::optional<std::string>>> print_settings;
    std::vector<std::pair<std::string, std::string>> variables;
  };

  Shell(Cluster& cluster, Session session, Options options);
  ~Shell();

  // What -c and -f ask for, in order; then the exit status. With no actions: reads standard input,
  // with a prompt if it is a terminal.
  struct Action {
    enum Kind { kCommand, kFile } kind;
    std::string text;
  };
  int Run(const std::vector<Action>& actions);

 private:
  struct Input {
    std::string name;  // "" = terminal or -c
    int line = 0;
  };
  // What statements are read from.
  struct Source {
    StatementScanner scanner;
    Conditions conditions;
    std::istream* lines = nullptr;  // null: the prompt, or -c
  };
  struct CopyEnd;  // the place that \copy names
  enum class Flow { kContinue, kQuit, kStop };  // kStop: ON_ERROR_STOP or Ctrl-C in a script

  // shell.cc
  Source NewSource(std::istream* lines = nullptr) const;
  Flow RunLines(const std::string& name, std::istream& lines);
  Flow RunFile(const std::string& path);
  Flow RunCommandString(const std::string& sql);
  Flow RunInteractive();
  Flow RunItem(const StatementScanner::Item& item, Source& source);
  // Runs a text and prints what its statements give, up to the first that fails; false after an
  // error. Rows of COPY FROM STDIN come from `source`, or those of its first COPY from `end`.
  bool RunSql(const std::string& sql, Source& source, const CopyEnd* end = nullptr);
  // `elapsed_ms`: grows by what was not spent on printing.
  Status RunEach(const std::string& sql, Source& source, const CopyEnd* end, double* elapsed_ms);
  // RunSql of a statement that \g repeats and \e edits.
  bool RunStatement(const std::string& sql, Source& source);
  void ClearProgress();
  void NoteSuccess(int64_t rows);  // in the variables
  void Deliver(const ResultSet& result);
  void ReportError(const Status& status, std::string_view sql);
  void ReportProblem(const std::string& message);  // of a backslash command
  void ReportTime(double milliseconds);
  Flow AfterError();
  std::string Prompt(const Source& source) const;
  std::string Where() const;  // "vesto:file.sql:12: " or ""
  std::optional<std::string> Variable(std::string_view name) const;
  bool Flag(std::string_view name) const;
  void SetVariable(const std::string& name, const std::string& value);
  void Write(const std::string& text);  // to \o's file, a pager or standard output
  bool SetOutput(const std::string& target);
  void CloseOutput();
  // Runs `body` with \g's target, if it named one that can be opened, in the place of the output.
  void WithOutputOnce(const std::function<void()>& body);

  // copy_data.cc
  bool RunCopyCommand(std::string_view text, Source& source);
  Status RunCopy(ResultStream& stream, Source& source, const CopyEnd* end);
  Status CopyIn(ResultStream& stream, bool binary, Source& source, const CopyEnd* end);
  Status CopyTyped(ResultStream& stream, LineEditor& editor);
  Status CopyOut(ResultStream& stream, FILE* out);

  // meta_commands.cc
  struct MetaCommand;
  struct Arguments;
  Flow RunMeta(const std::string& text, Source& source);
  // \if, \elif, \else and \endif; nullopt for another command.
  std::optional<Flow> RunCondition(const std::string& name, Arguments& arguments, Source& source);
  bool SetPrintOption(const std::string& name, const std::string* value, bool announce);
  void ShowPrintOptions();
  // `none`: said, to standard error, instead of an empty table.
  bool PrintQuery(const std::string& query, const std::string& title,
                  std::vector<std::string> footers = {}, const std::string& none = "");
  bool Describe(const std::string& pattern, bool verbose);
  // Schemas that a plain name may mean.
  std::vector<std::string> VisibleSchemas();
  // \e: the statement under way, or the last one, in the user's editor; what comes back is input.
  bool Edit(std::optional<std::string> path, StatementScanner& scanner);
  struct Relation {
    std::string schema, name, oid;
    bool is_view = false;
  };
  bool DescribeOne(const Relation& relation, bool verbose);
  StatusOr<ResultSet> Hidden(const std::string& sql);

  Cluster& cluster_;
  // Held to replace session_ and, by the interrupt's thread, to cancel it; never while it runs.
  std::mutex session_mutex_;
  Session session_;
  Options options_;
  PrintOptions print_;
  std::map<std::string, std::string, std::less<>> variables_;
  std::vector<Input> inputs_;
  std::string database_;
  std::string last_statement_;
  bool timing_ = false;
  bool had_error_ = false;
  bool stopped_on_error_ = false;
  bool interactive_ = false;
  bool pager_ = true;
  // \g's one-time wishes.
  std::optional<bool> expanded_once_;
  std::optional<std::string> output_once_;
  std::optional<std::string> gset_prefix_;
  FILE* output_ = stdout;
  bool output_is_pipe_ = false;
  bool progress_shown_ = false;
  std::unique_ptr<LineEditor> editor_;
  std::unique_ptr<Interrupt> interrupt_;
};

}  // namespace vesto::shell
