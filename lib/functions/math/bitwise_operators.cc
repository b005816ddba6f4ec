#include "column/dispatch.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

enum class BitwiseOp { kAnd, kOr, kXor, kShiftLeft, kShiftRight };

template <typename T, BitwiseOp op>
absl::Status BitwiseKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T, T>(call, result, [](T a, T b) {
    if constexpr (op == BitwiseOp::kAnd) return static_cast<T>(a & b);
    if constexpr (op == BitwiseOp::kOr) return static_cast<T>(a | b);
    return static_cast<T>(a ^ b);
  });
}

// As on x86, only the low bits of the distance count.
template <typename T, BitwiseOp op>
absl::Status ShiftKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T, int32_t>(call, result, [](T a, int32_t distance) {
    const int bits = distance & (std::max<int>(sizeof(T), 4) * 8 - 1);
    if constexpr (op == BitwiseOp::kShiftLeft) {
      return static_cast<T>(static_cast<uint64_t>(a) << bits);
    }
    return static_cast<T>(a >> std::min<int>(bits, sizeof(T) * 8 - 1));
  });
}

template <typename T>
absl::Status BitwiseNotKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T>(call, result, [](T a) { return static_cast<T>(~a); });
}

template <BitwiseOp op>
std::vector<Overload> BitwiseOverloads() {
  return {
      Signature({Type::Smallint(), Type::Smallint()}, ReturnsArgument(0),
                BitwiseKernel<int16_t, op>),
      Signature({Type::Integer(), Type::Integer()}, ReturnsArgument(0), BitwiseKernel<int32_t, op>),
      Signature({Type::Bigint(), Type::Bigint()}, ReturnsArgument(0), BitwiseKernel<int64_t, op>)};
}

template <BitwiseOp op>
std::vector<Overload> ShiftOverloads() {
  return {
      Signature({Type::Smallint(), Type::Integer()}, ReturnsArgument(0), ShiftKernel<int16_t, op>),
      Signature({Type::Integer(), Type::Integer()}, ReturnsArgument(0), ShiftKernel<int32_t, op>),
      Signature({Type::Bigint(), Type::Integer()}, ReturnsArgument(0), ShiftKernel<int64_t, op>)};
}

}  // namespace

void Register_math_bitwise_operators(Registry& registry) {
  registry.Add(ScalarFunction{.name = "&",
                              .documentation = "Bitwise AND of integers.",
                              .overloads = BitwiseOverloads<BitwiseOp::kAnd>()});
  registry.Add(ScalarFunction{.name = "|",
                              .documentation = "Bitwise OR of integers.",
                              .overloads = BitwiseOverloads<BitwiseOp::kOr>()});
  registry.Add(ScalarFunction{.name = "#",
                              .documentation = "Bitwise exclusive OR of integers.",
                              .overloads = BitwiseOverloads<BitwiseOp::kXor>()});
  registry.Add(ScalarFunction{.name = "<<",
                              .documentation = "An integer shifted left.",
                              .overloads = ShiftOverloads<BitwiseOp::kShiftLeft>()});
  registry.Add(ScalarFunction{.name = ">>",
                              .documentation = "An integer shifted right.",
                              .overloads = ShiftOverloads<BitwiseOp::kShiftRight>()});
  registry.Add(ScalarFunction{
      .name = "~",
      .documentation = "Bitwise NOT of an integer.",
      .overloads = {Signature({Type::Smallint()}, ReturnsArgument(0), BitwiseNotKernel<int16_t>),
                    Signature({Type::Integer()}, ReturnsArgument(0), BitwiseNotKernel<int32_t>),
                    Signature({Type::Bigint()}, ReturnsArgument(0), BitwiseNotKernel<int64_t>)}});
}

}  // namespace vesto::functions
