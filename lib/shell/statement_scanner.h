#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace vesto::shell {

// Cuts input lines into SQL statements and backslash commands, as psql does: a semicolon ends a
// statement outside quotes, comments and parentheses; a backslash outside quotes begins a command
// that reaches to the next backslash outside quotes or to the end of its line ("\\" only ends it);
// \copy, \! and \h take the whole line. "\;" puts a semicolon into the statement, so that several
// go to the cluster as one. :name, :'name' and :"name" outside quotes are replaced by
// variables where one of that name is set, :{?name} by TRUE or FALSE: whether it is.
//
//   StatementScanner scanner(lookup);
//   scanner.AddLine("SELECT :x; \\timing");
//   while (auto item = scanner.Next()) ...   // a statement, then a command
//   scanner.pending()                        // what waits for its semicolon
// Thread-safety: one thread.
class StatementScanner {
 public:
  // nullopt = no such variable: the text stays as it is.
  using Lookup = std::function<std::optional<std::string>(std::string_view name)>;

  struct Item {
    enum Kind { kStatement, kCommand } kind;
    std::string text;  // without the semicolon; a command without its backslash
    int line;          // of its first character, from 1
  };

  explicit StatementScanner(Lookup lookup) : lookup_(std::move(lookup)) {}

  void AddLine(std::string_view line);
  // A line that is no input, as the data after COPY FROM STDIN: it counts alone.
  void SkipLine() { ++lines_added_; }
  // The next complete item of the input so far; nullopt when more lines are needed.
  std::optional<Item> Next();

  // The statement under way, without leading blanks and comments.
  const std::string& pending() const { return pending_; }
  int pending_line() const { return pending_line_; }
  // Takes it (at the end of input, or by \g).
  std::string TakePending();
  // The statement under way, to come back to: outside quotes and comments, as at every command.
  struct Pending {
    std::string text;
    int line = 0;
    int parentheses = 0;
  };
  Pending SavePending() const { return {pending_, pending_line_, parentheses_}; }
  void RestorePending(Pending pending);
  // Forgets everything: \r and Ctrl-C.
  void Reset();

  // What the prompt shows: '=' at the start, '-' inside a statement, '\'', '"', '$', '*' inside a
  // quote or comment, '(' inside parentheses.
  char prompt_state() const;

 private:
  enum class State { kPlain, kQuote, kIdentifier, kDollar, kBlockComment };

  // Handles ":" at pos_; true when a variable was replaced.
  bool Interpolate();
  // The command at pos_.
  Item TakeCommand();
  void Append(std::string_view text);

  Lookup lookup_;
  std::string input_;   // not yet scanned, from pos_
  size_t pos_ = 0;
  int line_ = 0;        // number of the line at pos_
  int lines_added_ = 0;
  std::string pending_;
  int pending_line_ = 0;
  State state_ = State::kPlain;
  std::string dollar_tag_;
  int comment_depth_ = 0;
  int parentheses_ = 0;
};

}  // namespace vesto::shell
