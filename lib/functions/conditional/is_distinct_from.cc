#include <cmath>

#include "column/dispatch.h"
#include "functions/comparison_form.h"
#include "functions/kernel_loops.h"

// What the binder makes of a IS DISTINCT FROM b. Both sides come in one form, as for a comparison.
namespace vesto::functions {
namespace {

// NaN equals NaN, as in "=".
template <typename T>
bool IsSame(const T& a, const T& b, const Type& type) {
  if constexpr (std::is_same_v<T, StringRef>) {
    return CompareText(a.view(), b.view(), type) == 0;
  } else if constexpr (std::is_floating_point_v<T>) {
    return a == b || (std::isnan(a) && std::isnan(b));
  } else {
    return a == b;
  }
}

absl::Status IsDistinctFromKernel(const KernelCall& call, Vector* result) {
  uint8_t* out = result->mutable_data<uint8_t>();
  const Vector& left = call.args[0];
  const Vector& right = call.args[1];
  column::DispatchPhysical(left.physical(), [&](auto tag) {
    using T = decltype(tag);
    const Argument<T> a(left), b(right);
    for (int row = 0; row < call.rows; ++row) {
      const bool a_null = left.IsNull(row), b_null = right.IsNull(row);
      out[row] = a_null || b_null ? a_null != b_null : !IsSame<T>(a[row], b[row], left.type());
    }
  });
  return absl::OkStatus();
}

}  // namespace

void Register_conditional_is_distinct_from(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "is distinct from",
      .documentation = "Whether two values differ; NULL equals NULL alone.",
      .null_rule = NullRule::kCustom,
      .overloads = {Signature({Type::Unknown(), Type::Unknown()}, Returns(Type::Boolean()),
                              IsDistinctFromKernel)}});
}

}  // namespace vesto::functions
