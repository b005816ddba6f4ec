#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "support/catch.h"
#include "vesto/status.h"

// Checks of outcomes, for internal (absl) and public (vesto) statuses alike:
//   REQUIRE_OK(table.Append(batch));
//   CHECK(IsSqlError(SqlState::kSyntaxError).Matches(Parse("SELECT FROM")));
//   CHECK_SQL_ERROR(result, SqlState::kDivisionByZero, "division by zero");  // says what it was

namespace vesto::test {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}
inline const Status& StatusOf(const Status& status) { return status; }
template <typename T>
const Status& StatusOf(const StatusOr<T>& value) {
  return value.status();
}

inline std::string Describe(const absl::Status& status) {
  return status.ok() ? "OK"
                     : std::string(SqlStateCode(SqlStateOf(status))) + ": " +
                           std::string(from_sv(status.message()));
}
inline std::string Describe(const Status& status) { return status.ToString(); }

inline SqlState StateOf(const absl::Status& status) { return SqlStateOf(status); }
inline SqlState StateOf(const Status& status) { return status.state(); }

inline std::string MessageOf(const absl::Status& status) {
  return std::string(from_sv(status.message()));
}
inline std::string MessageOf(const Status& status) { return std::string(status.message()); }

// Matches a failed status with this SQLSTATE whose message contains `fragment`.
struct SqlErrorMatcher {
  SqlState state;
  std::string fragment;

  template <typename S>
  bool Matches(const S& outcome) const {
    const auto& status = StatusOf(outcome);
    return !status.ok() && StateOf(status) == state &&
           MessageOf(status).find(fragment) != std::string::npos;
  }
};

inline SqlErrorMatcher IsSqlError(SqlState state, std::string fragment = "") {
  return {state, std::move(fragment)};
}

}  // namespace vesto::test

using vesto::test::IsSqlError;  // NOLINT: for test files only

#define REQUIRE_OK(expr)                                       \
  do {                                                         \
    const auto& vesto_outcome_ = (expr);                       \
    INFO(#expr " is " << vesto::test::Describe(                \
             vesto::test::StatusOf(vesto_outcome_)));          \
    REQUIRE(vesto::test::StatusOf(vesto_outcome_).ok());       \
  } while (false)

#define CHECK_SQL_ERROR(expr, ...)                                    \
  do {                                                                \
    const auto& vesto_outcome_ = (expr);                              \
    INFO(#expr " is " << vesto::test::Describe(                       \
             vesto::test::StatusOf(vesto_outcome_)));                 \
    CHECK(vesto::test::IsSqlError(__VA_ARGS__).Matches(vesto_outcome_)); \
  } while (false)
