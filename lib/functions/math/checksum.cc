#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// Unverified: numbers are their own (unscaled) checksum, as the guide's sample shows; for strings
// the guide shows no value.
absl::Status ChecksumOfTextKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(call, result, [](std::string_view text) {
    uint32_t hash = 2166136261u;
    for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
    return static_cast<int32_t>(hash & 0x7fffffff);
  });
}

absl::Status ChecksumOfIntegerKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int64_t>(call, result, [](int64_t x) { return x; });
}

absl::Status ChecksumOfDecimalKernel(const KernelCall& call, Vector* result) {
  const DecimalArgument value(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    result->mutable_data<int32_t>()[row] = static_cast<int32_t>(value[row]);
  }
  return absl::OkStatus();
}

}  // namespace

void Register_math_checksum(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "checksum",
      .documentation = "A checksum of a value, for hash indexes.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Integer()), ChecksumOfTextKernel),
                    Signature({Type::Bigint()}, Returns(Type::Integer()), ChecksumOfIntegerKernel),
                    Signature({kAnyDecimal}, Returns(Type::Integer()), ChecksumOfDecimalKernel)}});
}

}  // namespace vesto::functions
