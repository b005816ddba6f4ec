#include "shell/conditions.h"

namespace vesto::shell {

void Conditions::If(const StatementScanner& scanner, const Test& test) {
  const bool reached = active();
  const bool runs = reached && test();
  blocks_.push_back({.runs = runs,
                     .decided = runs || !reached,
                     .in_else = false,
                     .before = scanner.SavePending()});
}

std::string Conditions::Elif(StatementScanner& scanner, const Test& test) {
  if (empty()) return "\\elif: no matching \\if";
  Block& block = blocks_.back();
  if (block.in_else) return "\\elif: cannot occur after \\else";
  EndBranch(block, scanner);
  block.runs = !block.decided && test();
  block.decided |= block.runs;
  return "";
}

std::string Conditions::Else(StatementScanner& scanner) {
  if (empty()) return "\\else: no matching \\if";
  Block& block = blocks_.back();
  if (block.in_else) return "\\else: cannot occur after \\else";
  EndBranch(block, scanner);
  block.runs = !block.decided;
  block.decided = block.in_else = true;
  return "";
}

std::string Conditions::EndIf(StatementScanner& scanner) {
  if (empty()) return "\\endif: no matching \\if";
  EndBranch(blocks_.back(), scanner);
  blocks_.pop_back();
  return "";
}

void Conditions::EndBranch(Block& block, StatementScanner& scanner) {
  if (!block.runs) scanner.RestorePending(block.before);
  block.before = scanner.SavePending();
}

}  // namespace vesto::shell
