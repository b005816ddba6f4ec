#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "sql/ast/statement.h"

namespace vesto::sql {

// Parses a string of statements separated by semicolons; empty statements are dropped.
// Offsets in the trees count from the start of `text`.
//
// Errors: 42601 `syntax error at or near "x"` with the offset of the token, 54001 for expressions
// nested too deeply, 54000 for texts over 16 MB, 22021 for invalid UTF-8 or a NUL byte.
// Takes linear time in the length of `text`, without recursion along chains of operators. A node
// takes some 400 bytes, so a 16 MB INSERT of ordinary literals needs about 1 GB while its tree
// lives.
absl::StatusOr<std::vector<Statement>> Parse(std::string_view text);

// One expression alone: a stored DEFAULT, for instance.
absl::StatusOr<ExpressionPtr> ParseExpression(std::string_view text);
// One query alone: a view's definition.
absl::StatusOr<QueryPtr> ParseQuery(std::string_view text);

// True when `text` ends inside a statement (open quote, comment, dollar quote, or no semicolon
// yet): the shell then asks for another line.
bool NeedsMoreInput(std::string_view text);

}  // namespace vesto::sql
