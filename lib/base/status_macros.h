#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "vesto/sqlstate.h"

// Errors inside the library are absl::Status. A user error is made by SqlError, which attaches the
// SQLSTATE, position, detail and hint; base/status_bridge.h turns it into a public vesto::Status.

namespace vesto {

// Debian's Abseil is built with its own string_view type; this is the one crossing.
inline absl::string_view sv(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view from_sv(absl::string_view text) { return {text.data(), text.size()}; }

// Builds an SQL error:
//   return SqlError(SqlState::kUndefinedTable, StrCat("relation \"", name, "\" does not exist"))
//       .At(node.offset)
//       .Hint("Check the search_path.");
class SqlError {
 public:
  SqlError(SqlState state, std::string message) : state_(state), message_(std::move(message)) {}

  // `offset` is the 0-based byte offset in the statement's text; negative = unknown.
  SqlError& At(int offset) {
    offset_ = offset;
    return *this;
  }
  SqlError& Detail(std::string detail) {
    detail_ = std::move(detail);
    return *this;
  }
  SqlError& Hint(std::string hint) {
    hint_ = std::move(hint);
    return *this;
  }
  SqlError& Context(std::string context) {
    context_ = std::move(context);
    return *this;
  }

  absl::Status ToStatus() const;
  operator absl::Status() const { return ToStatus(); }  // NOLINT: implicit by design

 private:
  SqlState state_;
  int offset_ = -1;
  std::string message_, detail_, hint_, context_;
};

// "CREATE FOO is not supported" with SQLSTATE 0A000: the honest answer for what is not built.
absl::Status NotSupported(std::string_view feature, int offset = -1);

// What SqlError attached, read back. A status that SqlError did not make has XX000, except
// ResourceExhausted (53200) and Cancelled (57014).
SqlState SqlStateOf(const absl::Status& status);
// 0-based byte offset, or -1.
int OffsetOf(const absl::Status& status);
// The same error with another SQLSTATE.
absl::Status WithState(const absl::Status& status, SqlState state);
// The same error with another position.
absl::Status WithOffset(const absl::Status& status, int offset);
// An equal status that shares no memory with `status`, for another thread.
absl::Status DeepCopy(const absl::Status& status);
// The same error with `context` added where it has none.
absl::Status WithContext(const absl::Status& status, std::string_view context);

}  // namespace vesto

#define VESTO_CONCAT_INNER_(a, b) a##b
#define VESTO_CONCAT_(a, b) VESTO_CONCAT_INNER_(a, b)

#define VESTO_RETURN_IF_ERROR(expr)                              \
  do {                                                           \
    if (absl::Status vesto_status_ = (expr); !vesto_status_.ok()) \
      return vesto_status_;                                      \
  } while (false)

#define VESTO_ASSIGN_OR_RETURN(lhs, expr) \
  VESTO_ASSIGN_OR_RETURN_IMPL_(VESTO_CONCAT_(vesto_status_or_, __LINE__), lhs, expr)
#define VESTO_ASSIGN_OR_RETURN_IMPL_(tmp, lhs, expr) \
  auto tmp = (expr);                                 \
  if (!tmp.ok()) return tmp.status();                \
  lhs = *std::move(tmp)
