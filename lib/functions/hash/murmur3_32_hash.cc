#include "column/dispatch.h"
#include "functions/kernel_loops.h"
#include "functions/murmur3.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

// Apache Iceberg's binary forms: integers and dates as 8 bytes, decimals as the shortest
// big-endian two's complement, strings as UTF-8.
absl::Status Murmur3Kernel(const KernelCall& call, Vector* result) {
  const bool has_seed = call.args.size() == 2;
  const bool decimal = call.args[0].type().id == TypeId::kDecimal;
  return column::DispatchPhysical(call.args[0].physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    const Argument<T> value(call.args[0]);
    int32_t* out = result->mutable_data<int32_t>();
    for (int row = 0; row < call.rows; ++row) {
      out[row] = 0;
      if (IsNullRow(call, row)) continue;
      const uint32_t seed =
          has_seed ? static_cast<uint32_t>(Argument<int32_t>(call.args[1])[row]) : 0;
      if constexpr (std::is_same_v<T, StringRef>) {
        out[row] = Murmur3(value[row].view(), seed);
      } else if constexpr (std::is_floating_point_v<T>) {
        const auto number = static_cast<double>(value[row]);
        out[row] = Murmur3({reinterpret_cast<const char*>(&number), sizeof(number)}, seed);
      } else if (decimal) {
        out[row] = Murmur3(ShortestBigEndian(value[row]), seed);
      } else {
        const auto number = static_cast<int64_t>(value[row]);
        out[row] = Murmur3({reinterpret_cast<const char*>(&number), sizeof(number)}, seed);
      }
    }
    return absl::OkStatus();
  });
}

}  // namespace

void Register_hash_murmur3_32_hash(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "murmur3_32_hash",
      .documentation = "The 32-bit Murmur3 hash of a value as Apache Iceberg defines it.",
      .overloads = {
          Signature({Type::Unknown()}, Returns(Type::Integer()), Murmur3Kernel),
          Signature({Type::Unknown(), Type::Integer()}, Returns(Type::Integer()), Murmur3Kernel)}});
}

}  // namespace vesto::functions
