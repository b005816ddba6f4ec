#include "types/number_errors.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/int128.h"
#include "base/status_macros.h"
#include "types/type_rules.h"

namespace vesto::types {
namespace {

std::string_view NameOf(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint: return "Short";
    case TypeId::kBigint: return "Long";
    case TypeId::kDecimal: return "Decimal";
    case TypeId::kReal:
    case TypeId::kDouble: return "Float";
    default: return "Integer";
  }
}

}  // namespace

std::string InvalidDigit(const Type& type, std::string_view text) {
  const bool floating = IsFloating(type);
  const bool integer = !floating && type.id != TypeId::kDecimal;
  size_t place = std::min(text.find_first_not_of(" \t"), text.size());
  if (place < text.size() && (text[place] == '-' || text[place] == '+')) ++place;
  bool seen_point = integer;
  while (place < text.size()) {
    const char c = text[place];
    const bool is_point = c == '.' && !seen_point;
    const bool is_exponent = floating && std::string_view("eE+-").find(c) != std::string_view::npos;
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c)) && !is_point && !is_exponent) break;
    seen_point |= c == '.';
    ++place;
  }
  return absl::StrCat("Invalid digit, Value '", sv(text.substr(std::min(place, text.size()), 1)),
                      "', Pos ", place, ", Type: ", sv(NameOf(type)));
}

std::string_view IntegerOverflow(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint: return "Overflow (Short valid range -32768 to 32767)";
    case TypeId::kBigint:
      return "Overflow (Long valid range -9223372036854775808 to 9223372036854775807)";
    default: return "Overflow (Integer valid range -2147483648 to 2147483647)";
  }
}

std::string OverflowContext(const Type& type, std::string_view text) {
  const bool negative = text.find('-') != std::string_view::npos;
  const int bits = type.id == TypeId::kSmallint ? 15 : type.id == TypeId::kInteger ? 31 : 63;
  const int128_t most = (int128_t{1} << bits) - (negative ? 0 : 1);
  int128_t magnitude = 0;
  std::string_view digit;
  for (size_t i = 0; i < text.size() && magnitude <= most; ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) continue;
    digit = text.substr(i, 1);
    magnitude = magnitude * 10 + (text[i] - '0');
  }
  return absl::StrCat("Value: '", sv(text), "', Character: '", sv(digit), "'");
}

}  // namespace vesto::types
