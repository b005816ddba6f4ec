#include "base/status_macros.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status SeriesLength(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int64_t>(
      call, result, [](int64_t length, int64_t limit) -> absl::StatusOr<int64_t> {
        if (length <= limit) return length;
        return SqlError(SqlState::kProgramLimitExceeded,
                        "a series that depends on a row has at most " + std::to_string(limit) +
                            " elements")
            .Hint("Give generate_series constants.")
            .ToStatus();
      });
}

}  // namespace

void Register_array_vesto_series_length(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "vesto_series_length",
      .documentation = "The first number; an error when it is above the second. What the binder puts "
                       "around the length of a series of which each row has its own.",
      .locality = Locality::kLeaderOnly,
      .can_fail = true,
      .overloads = {Signature({Type::Bigint(), Type::Bigint()}, Returns(Type::Bigint()),
                              SeriesLength)}});
}

}  // namespace vesto::functions
