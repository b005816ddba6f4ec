#include "types/table_design.h"

#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "types/type_rules.h"

namespace vesto::types {
namespace {

constexpr std::array<std::pair<std::string_view, Encoding>, 14> kEncodings = {{
    {"auto", Encoding::kAuto},
    {"raw", Encoding::kRaw},
    {"az64", Encoding::kAz64},
    {"bytedict", Encoding::kBytedict},
    {"delta", Encoding::kDelta},
    {"delta32k", Encoding::kDelta32k},
    {"lzo", Encoding::kLzo},
    {"mostly8", Encoding::kMostly8},
    {"mostly16", Encoding::kMostly16},
    {"mostly32", Encoding::kMostly32},
    {"runlength", Encoding::kRunlength},
    {"text255", Encoding::kText255},
    {"text32k", Encoding::kText32k},
    {"zstd", Encoding::kZstd},
}};

bool IsShortDecimal(const Type& type) { return type.id == TypeId::kDecimal && type.length <= 19; }

bool IsDateOrTimestamp(const Type& type) {
  return type.id == TypeId::kDate || type.id == TypeId::kTimestamp ||
         type.id == TypeId::kTimestampTz;
}

bool IsColumnString(const Type& type) {
  return type.id == TypeId::kChar || type.id == TypeId::kVarchar;
}

}  // namespace

std::optional<Encoding> ParseEncoding(std::string_view name) {
  const std::string lower = absl::AsciiStrToLower(absl::string_view(name.data(), name.size()));
  for (const auto& [text, encoding] : kEncodings) {
    if (lower == text) return encoding;
  }
  return std::nullopt;
}

std::string_view EncodingName(Encoding encoding) {
  for (const auto& [text, value] : kEncodings) {
    if (value == encoding) return text;
  }
  return "";
}

bool EncodingAccepts(Encoding encoding, const Type& type) {
  const bool integer =
      type.id == TypeId::kSmallint || type.id == TypeId::kInteger || type.id == TypeId::kBigint;
  switch (encoding) {
    case Encoding::kAuto:
    case Encoding::kRaw:
    case Encoding::kZstd:
      return true;
    case Encoding::kAz64:
      return integer || type.id == TypeId::kDecimal || IsDateTime(type) || IsInterval(type);
    case Encoding::kBytedict:
      return integer || type.id == TypeId::kDecimal || IsFloating(type) || IsColumnString(type) ||
             IsDateOrTimestamp(type);
    case Encoding::kDelta:
      return integer || type.id == TypeId::kDecimal || type.id == TypeId::kDate ||
             type.id == TypeId::kTimestamp;
    case Encoding::kDelta32k:
      return type.id == TypeId::kInteger || type.id == TypeId::kBigint ||
             type.id == TypeId::kDecimal || type.id == TypeId::kDate ||
             type.id == TypeId::kTimestamp;
    case Encoding::kLzo:
      return integer || type.id == TypeId::kDecimal || IsColumnString(type) || IsDateTime(type) ||
             type.id == TypeId::kSuper || type.id == TypeId::kVarbyte;
    case Encoding::kMostly8:
      return integer || IsShortDecimal(type);
    case Encoding::kMostly16:
      return type.id == TypeId::kInteger || type.id == TypeId::kBigint || IsShortDecimal(type);
    case Encoding::kMostly32:
      return type.id == TypeId::kBigint || IsShortDecimal(type);
    case Encoding::kRunlength:
      return integer || type.id == TypeId::kDecimal || IsFloating(type) ||
             type.id == TypeId::kBoolean || IsColumnString(type) || IsDateOrTimestamp(type);
    case Encoding::kText255:
    case Encoding::kText32k:
      return type.id == TypeId::kVarchar;
  }
  return false;
}

Encoding DefaultEncoding(const Type& type, bool sort_key, bool temporary) {
  if (sort_key || temporary) return Encoding::kRaw;
  if (type.id == TypeId::kBoolean || IsFloating(type)) return Encoding::kRaw;
  if (type.id == TypeId::kSuper) return Encoding::kZstd;
  if (IsString(type) || type.id == TypeId::kVarbyte || type.id == TypeId::kUnknown) {
    return Encoding::kLzo;
  }
  return Encoding::kAz64;
}

}  // namespace vesto::types
