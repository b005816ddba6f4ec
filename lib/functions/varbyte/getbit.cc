#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status GetbitKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, int32_t>(
      call, result, [](std::string_view bytes, int32_t index) -> absl::StatusOr<int32_t> {
        if (index < 0 || static_cast<size_t>(index / 8) >= bytes.size()) {
          return SqlError(SqlState::kInvalidParameterValue, "bit index out of range").ToStatus();
        }
        const auto byte = static_cast<unsigned char>(bytes[bytes.size() - 1 - index / 8]);
        return byte >> (index % 8) & 1;
      });
}

}  // namespace

void Register_varbyte_getbit(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "getbit",
      .documentation = "A bit of a VARBYTE; bit 0 is the least significant one of the last byte.",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarbyte, Type::Integer()}, Returns(Type::Integer()), GetbitKernel)}});
}

}  // namespace vesto::functions
