#include <atomic>
#include <chrono>

#include "base/hash.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status RandomKernel(const KernelCall& call, Vector* result) {
  // Relaxed: only the uniqueness of the range matters.
  const uint64_t first =
      call.context.random_numbers != nullptr
          ? call.context.random_numbers->fetch_add(static_cast<uint64_t>(call.rows),
                                                   std::memory_order_relaxed)
          : static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
  double* out = result->mutable_data<double>();
  const uint64_t seed = base::HashInt(call.context.random_seed + 0x9e3779b97f4a7c15ULL);
  for (int row = 0; row < call.rows; ++row) {
    const uint64_t bits = base::HashCombine(seed, first + static_cast<uint64_t>(row));
    out[row] = static_cast<double>(bits >> 11) * 0x1.0p-53;
  }
  return absl::OkStatus();
}

}  // namespace

void Register_math_random(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "random",
      .documentation = "A random number from 0 (inclusive) to 1 (exclusive); SET seed makes the "
                       "sequence repeatable.",
      .volatility = Volatility::kVolatile,
      .overloads = {Signature({}, Returns(Type::Double()), RandomKernel)}});
}

}  // namespace vesto::functions
