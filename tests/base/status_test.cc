#include "base/status_macros.h"

#include "support/status.h"

namespace vesto {
namespace {

TEST_CASE("an SQL error keeps its state, message and place", "[base]") {
  const absl::Status status = SqlError(SqlState::kDivisionByZero, "division by zero").At(7);
  CHECK_SQL_ERROR(status, SqlState::kDivisionByZero, "division by zero");
  CHECK(OffsetOf(status) == 7);
  CHECK(OffsetOf(WithOffset(status, 9)) == 9);
}

TEST_CASE("a status that SqlError did not make is an internal error", "[base]") {
  CHECK(SqlStateOf(absl::InternalError("oops")) == SqlState::kInternalError);
  CHECK(SqlStateOf(absl::ResourceExhaustedError("full")) == SqlState::kOutOfMemory);
  CHECK(SqlStateOf(absl::CancelledError("stop")) == SqlState::kQueryCanceled);
}

}  // namespace
}  // namespace vesto
