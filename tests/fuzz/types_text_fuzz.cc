#include <cstddef>
#include <cstdint>
#include <string_view>

#include "types/format_pattern.h"
#include "types/text.h"

// Reads arbitrary text as a value of every type, and as pattern and subject of the formatting
// functions. What is read must print, and what is printed must be read back as the same value.
// Input: a byte that chooses the type, then the text; a newline separates pattern and subject.
namespace vesto::types {
namespace {

const Type kTypes[] = {
    Type::Boolean(),
    Type::Smallint(),
    Type::Integer(),
    Type::Bigint(),
    Type::Decimal(38, 10),
    Type::Decimal(9, 2),
    Type::Real(),
    Type::Double(),
    Type::Char(7),
    Type::Varchar(7),
    Type::Date(),
    Type::Time(),
    Type::TimeTz(),
    Type::Timestamp(),
    Type::TimestampTz(),
    Type::Varbyte(7),
    {TypeId::kSuper},
    Type::IntervalYearToMonth(),
    Type::IntervalDayToSecond(),
};
constexpr size_t kNumTypes = sizeof(kTypes) / sizeof(kTypes[0]);

void ReadAndPrint(const Type& type, std::string_view text) {
  const TextContext context;
  const auto value = ValueFromText(text, type, context);
  if (!value.ok()) return;
  const std::string printed = ValueToText(*value, context);
  if (type.id == TypeId::kDate || type.id == TypeId::kDecimal || type.id == TypeId::kTime ||
      type.id == TypeId::kTimestamp) {
    const auto again = ValueFromText(printed, type, context);
    if (!again.ok() || again->integer128() != value->integer128()) __builtin_trap();
  }
}

void FormatAndParse(std::string_view pattern, std::string_view subject) {
  if (const auto compiled = DateTimePattern::Compile(pattern); compiled.ok()) {
    (void)compiled->Format(static_cast<int64_t>(subject.size()) * 987'654'321'987);
    (void)compiled->Parse(subject, false);
    (void)compiled->Parse(subject, true);
  }
  if (const auto compiled = NumericPattern::Compile(pattern); compiled.ok()) {
    (void)compiled->Format(static_cast<double>(subject.size()) * 1234.5);
    if (const auto parsed = compiled->Parse(subject); parsed.ok()) {
      (void)compiled->Format(parsed->unscaled, parsed->scale);
    }
  }
}

}  // namespace
}  // namespace vesto::types

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const size_t choice = data[0] % (vesto::types::kNumTypes + 2);
  if (choice < vesto::types::kNumTypes) {
    vesto::types::ReadAndPrint(vesto::types::kTypes[choice], text);
  } else {
    const size_t newline = text.find('\n');
    if (newline == std::string_view::npos) return 0;
    vesto::types::FormatAndParse(text.substr(0, newline), text.substr(newline + 1));
  }
  return 0;
}
