#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::StatusOr<int64_t> StrtolParse(std::string_view text, int32_t base) {
  if (base < 2 || base > 36) {
    return SqlError(SqlState::kInvalidParameterValue, "base must be between 2 and 36").ToStatus();
  }
  auto invalid = [&] {
    return SqlError(
               SqlState::kInvalidTextRepresentation,
               absl::StrCat("The input ", sv(text), " is not valid to be converted to base ", base))
        .ToStatus();
  };
  std::string_view rest = from_sv(absl::StripLeadingAsciiWhitespace(sv(text)));
  if (rest.empty() || rest[0] == '\0') return 0;
  const bool negative = rest[0] == '-';
  if (rest[0] == '-' || rest[0] == '+') rest.remove_prefix(1);
  if (base == 16 && rest.size() > 2 && rest[0] == '0' && (rest[1] == 'x' || rest[1] == 'X')) {
    rest.remove_prefix(2);
  }
  if (rest.empty()) return invalid();
  int128_t value = 0;
  for (char c : rest) {
    const char lower = absl::ascii_tolower(static_cast<unsigned char>(c));
    int digit = 99;
    if (lower >= '0' && lower <= '9') digit = lower - '0';
    if (lower >= 'a' && lower <= 'z') digit = lower - 'a' + 10;
    if (digit >= base) return invalid();
    value = value * base + digit;
    if (value > int128_t{1} << 63) {
      return SqlError(SqlState::kNumericValueOutOfRange, "bigint out of range").ToStatus();
    }
  }
  if (negative) value = -value;
  if (value > std::numeric_limits<int64_t>::max()) {
    return SqlError(SqlState::kNumericValueOutOfRange, "bigint out of range").ToStatus();
  }
  return static_cast<int64_t>(value);
}

absl::Status StrtolKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, std::string_view, int32_t>(call, result, StrtolParse);
}

}  // namespace

void Register_hash_strtol(Registry& registry) {
  registry.Add(
      ScalarFunction{.name = "strtol",
                     .documentation = "The number that a string writes in a base from 2 to 36.",
                     .can_fail = true,
                     .overloads = {Signature({kAnyVarchar, Type::Integer()},
                                             Returns(Type::Bigint()), StrtolKernel)}});
}

}  // namespace vesto::functions
