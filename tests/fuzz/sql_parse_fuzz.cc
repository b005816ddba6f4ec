#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sql/parser/parser.h"

// No text may crash the parser, and what it prints of a query must read as the same query.

namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace vesto::sql;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  NeedsMoreInput(text);
  const auto statements = Parse(text);
  if (!statements.ok()) return 0;
  for (const Statement& statement : *statements) {
    Require(statement.offset >= 0 && statement.offset <= statement.end_offset);
    Require(static_cast<size_t>(statement.end_offset) <= size);
    const auto* select = std::get_if<SelectStatement>(&statement.node);
    if (select == nullptr) continue;
    const std::string printed = ToSql(*select->query);
    const auto again = ParseQuery(printed);
    // Parentheses that the writer could leave out may make the text too deep to read again.
    if (!again.ok() && again.status().message() == "statement is nested too deeply") continue;
    Require(again.ok());
    Require(ToSql(**again) == printed);
  }
  return 0;
}
