#include <cmath>

#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::StatusOr<double> LogChecked(double x) {
  if (x == 0) {
    return SqlError(SqlState::kInvalidArgumentForLogarithm, "cannot take logarithm of zero")
        .ToStatus();
  }
  if (x < 0) {
    return SqlError(SqlState::kInvalidArgumentForLogarithm,
                    "cannot take logarithm of a negative number")
        .ToStatus();
  }
  return std::log10(x);
}

absl::Status LogKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double>(call, result, LogChecked);
}

absl::Status LogOfBaseKernel(const KernelCall& call, Vector* result) {
  return MapRows<double, double, double>(
      call, result, [](double base, double x) -> absl::StatusOr<double> {
        VESTO_ASSIGN_OR_RETURN(const double numerator, LogChecked(x));
        VESTO_ASSIGN_OR_RETURN(const double denominator, LogChecked(base));
        if (denominator == 0) {
          return SqlError(SqlState::kDivisionByZero, "Divide by zero").ToStatus();
        }
        return numerator / denominator;
      });
}

}  // namespace

void Register_math_log(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "log",
      .aliases = {"dlog10"},
      .documentation = "The logarithm to base 10, or LOG(base, number).",
      .column_name = "log",
      .can_fail = true,
      .overloads = {
          Signature({Type::Double()}, Returns(Type::Double()), LogKernel),
          Signature({Type::Double(), Type::Double()}, Returns(Type::Double()), LogOfBaseKernel)}});
}

}  // namespace vesto::functions
