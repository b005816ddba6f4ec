#include "column/dispatch.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

constexpr uint64_t kFnvOffsetBasis = 14695981039346656037ULL;

uint64_t FnvHash(const void* data, size_t size, uint64_t seed) {
  const auto* bytes = static_cast<const unsigned char*>(data);
  for (size_t i = 0; i < size; ++i) seed = (seed ^ bytes[i]) * 1099511628211ULL;
  return seed;
}

// FNV-1a over the little-endian value or the bytes of a string; a seed replaces the offset basis.
absl::Status FnvHashKernel(const KernelCall& call, Vector* result) {
  const bool has_seed = call.args.size() == 2;
  return column::DispatchPhysical(call.args[0].physical(), [&](auto tag) -> absl::Status {
    using T = decltype(tag);
    const Argument<T> value(call.args[0]);
    int64_t* out = result->mutable_data<int64_t>();
    for (int row = 0; row < call.rows; ++row) {
      const uint64_t seed =
          has_seed ? static_cast<uint64_t>(Argument<int64_t>(call.args[1])[row]) : kFnvOffsetBasis;
      uint64_t hash = 0;
      if (!IsNullRow(call, row)) {
        if constexpr (std::is_same_v<T, StringRef>) {
          hash = FnvHash(value[row].data(), value[row].size(), seed);
        } else {
          hash = FnvHash(&value[row], sizeof(T), seed);
        }
      }
      out[row] = static_cast<int64_t>(hash);
    }
    return absl::OkStatus();
  });
}

}  // namespace

void Register_hash_fnv_hash(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "fnv_hash",
      .documentation = "The 64-bit FNV-1a hash of a value; the optional seed chains hashes.",
      .overloads = {
          Signature({Type::Unknown()}, Returns(Type::Bigint()), FnvHashKernel),
          Signature({Type::Unknown(), Type::Bigint()}, Returns(Type::Bigint()), FnvHashKernel)}});
}

}  // namespace vesto::functions
