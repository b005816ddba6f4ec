#pragma once

#include <functional>
#include <string>
#include <vector>

#include "shell/statement_scanner.h"

namespace vesto::shell {

// The blocks of \if that are open in one source of statements, and whether what is read now runs.
//
// In a branch that does not run, statements and commands are read and forgotten, expressions are
// not looked at, and a statement that was under way before the branch goes on behind it:
//   SELECT
//   \if :wide
//     a, b
//   \else
//     a
//   \endif
//   FROM t;
// Source: psql's manual, \if.
// Thread-safety: one thread.
class Conditions {
 public:
  // The expression after \if or \elif; called only where its value counts.
  using Test = std::function<bool()>;

  bool active() const { return blocks_.empty() || blocks_.back().runs; }
  bool empty() const { return blocks_.empty(); }

  // `scanner`: of the same source.
  void If(const StatementScanner& scanner, const Test& test);
  // Each answers what is wrong, or "".
  std::string Elif(StatementScanner& scanner, const Test& test);
  std::string Else(StatementScanner& scanner);
  std::string EndIf(StatementScanner& scanner);
  // Ctrl-C: leaves the innermost block.
  void Escape() { blocks_.pop_back(); }

 private:
  struct Block {
    bool runs;     // the branch that is read now
    bool decided;  // no later branch may run
    bool in_else;
    StatementScanner::Pending before;  // a branch that does not run: what was under way
  };

  // Ends a branch: forgets what was read in one that does not run.
  static void EndBranch(Block& block, StatementScanner& scanner);

  std::vector<Block> blocks_;
};

}  // namespace vesto::shell
