#include "column/field_encoder.h"

#include <bit>
#include <charconv>
#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "base/utf8.h"
#include "column/dispatch.h"
#include "types/array_text.h"
#include "types/decimal.h"
#include "types/type_rules.h"

namespace vesto::column {
namespace {

// The protocol counts days and microseconds from 2000-01-01.
constexpr int64_t kDaysTo2000 = 10957;
constexpr int64_t kMicrosTo2000 = kDaysTo2000 * types::kMicrosPerDay;

constexpr uint16_t kNumericNegative = 0x4000;
constexpr uint16_t kNumericNan = 0xC000;
constexpr int kNumericBase = 10'000;
constexpr int kNumericGroup = 4;  // decimal digits of a base-10,000 digit

// DECIMAL of up to this precision travels in 8 bytes to Amazon's drivers, else in 16.
constexpr int kDecimal64Precision = 18;

template <typename T>
void AppendBigEndian(T value, std::string* out) {
  using U = std::make_unsigned_t<T>;
  U bits = static_cast<U>(value);
  char bytes[sizeof(T)];
  for (size_t i = 0; i < sizeof(T); ++i) {
    bytes[sizeof(T) - 1 - i] = static_cast<char>(bits & 0xFF);
    bits = static_cast<U>(bits >> (sizeof(T) > 1 ? 8 : 0));
  }
  out->append(bytes, sizeof(T));
}

template <typename T>
T ReadBigEndian(std::string_view bytes) {
  std::make_unsigned_t<T> bits = 0;
  for (size_t i = 0; i < sizeof(T); ++i) {
    bits = static_cast<std::make_unsigned_t<T>>((static_cast<uint64_t>(bits) << 8) |
                                                static_cast<uint8_t>(bytes[i]));
  }
  return static_cast<T>(bits);
}

void AppendField(std::string_view bytes, std::string* out) {
  AppendBigEndian(static_cast<int32_t>(bytes.size()), out);
  out->append(bytes);
}

template <typename T>
void AppendFixed(T value, std::string* out) {
  AppendBigEndian(static_cast<int32_t>(sizeof(T)), out);
  AppendBigEndian(value, out);
}

// Two decimal digits at `out`.
char* TwoDigits(int value, char* out) {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

// "2024-01-31" for the years that have four digits; 0 bytes for others.
size_t WriteDate(int64_t days, char* out) {
  const types::CivilDate date = types::CivilFromDays(days);
  if (date.year < 1 || date.year > 9999) return 0;
  char* next = TwoDigits(date.year / 100, out);
  next = TwoDigits(date.year % 100, next);
  *next++ = '-';
  next = TwoDigits(date.month, next);
  *next++ = '-';
  next = TwoDigits(date.day, next);
  return static_cast<size_t>(next - out);
}

size_t WriteTimestamp(int64_t micros, char* out) {
  const size_t date = WriteDate(types::TimestampToDays(micros), out);
  if (date == 0) return 0;
  int64_t rest = types::MicrosOfDay(micros);
  char* next = out + date;
  *next++ = ' ';
  next = TwoDigits(static_cast<int>(rest / types::kMicrosPerHour), next);
  rest %= types::kMicrosPerHour;
  *next++ = ':';
  next = TwoDigits(static_cast<int>(rest / types::kMicrosPerMinute), next);
  rest %= types::kMicrosPerMinute;
  *next++ = ':';
  next = TwoDigits(static_cast<int>(rest / types::kMicrosPerSecond), next);
  int fraction = static_cast<int>(rest % types::kMicrosPerSecond);
  if (fraction == 0) return static_cast<size_t>(next - out);
  *next++ = '.';
  for (int unit = 100'000; fraction != 0; unit /= 10) {
    *next++ = static_cast<char>('0' + fraction / unit);
    fraction %= unit;
  }
  return static_cast<size_t>(next - out);
}

void AppendDecimalText(int128_t unscaled, int scale, std::string* out) {
  if (unscaled < INT64_MIN / 2 || unscaled > INT64_MAX / 2) {
    AppendField(types::DecimalToString(unscaled, scale), out);
    return;
  }
  const int64_t value = static_cast<int64_t>(unscaled);
  char digits[24];
  const char* end = std::to_chars(digits, digits + sizeof(digits), value < 0 ? -value : value).ptr;
  const int count = static_cast<int>(end - digits);
  char text[64];
  char* next = text;
  if (value < 0) *next++ = '-';
  const int whole = count - scale;
  if (whole > 0) {
    std::memcpy(next, digits, static_cast<size_t>(whole));
    next += whole;
  } else {
    *next++ = '0';
  }
  if (scale > 0) {
    *next++ = '.';
    for (int i = whole; i < 0; ++i) *next++ = '0';
    const int from = whole > 0 ? whole : 0;
    std::memcpy(next, digits + from, static_cast<size_t>(count - from));
    next += count - from;
  }
  AppendField({text, static_cast<size_t>(next - text)}, out);
}

// int16 digits, int16 weight of the first, int16 sign, int16 scale, then digits to base 10,000.
void AppendNumericPostgres(int128_t unscaled, int scale, std::string* out) {
  const bool negative = unscaled < 0;
  // Decimal digits with the point between two groups: the whole part padded in front, the fraction
  // padded behind.
  const std::string text = types::DecimalToString(unscaled, scale);
  const std::string_view plain = std::string_view(text).substr(negative ? 1 : 0);
  const size_t point = plain.find('.');
  const std::string_view whole = plain.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : plain.substr(point + 1);
  int16_t groups[24];
  int count = 0;
  const size_t first = whole.size() % kNumericGroup;
  const auto group_of = [](std::string_view digits, size_t width) {
    int value = 0;
    for (size_t i = 0; i < width; ++i) value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
    return static_cast<int16_t>(value);
  };
  if (first != 0) groups[count++] = group_of(whole.substr(0, first), first);
  for (size_t i = first; i < whole.size(); i += kNumericGroup) {
    groups[count++] = group_of(whole.substr(i, kNumericGroup), kNumericGroup);
  }
  int weight = count - 1;
  for (size_t i = 0; i < fraction.size(); i += kNumericGroup) {
    groups[count++] = group_of(fraction.substr(i, kNumericGroup), kNumericGroup);
  }
  // Zero groups at either end are not sent.
  int begin = 0;
  while (begin < count && groups[begin] == 0) {
    ++begin;
    --weight;
  }
  while (count > begin && groups[count - 1] == 0) --count;
  if (begin == count) weight = 0;
  AppendBigEndian(static_cast<int32_t>(8 + 2 * (count - begin)), out);
  AppendBigEndian(static_cast<int16_t>(count - begin), out);
  AppendBigEndian(static_cast<int16_t>(weight), out);
  AppendBigEndian(static_cast<int16_t>(negative ? kNumericNegative : 0), out);
  AppendBigEndian(static_cast<int16_t>(scale), out);
  for (int i = begin; i < count; ++i) AppendBigEndian(groups[i], out);
}

// int32 dimensions, int32 whether there are NULLs, int32 oid of the elements; for each dimension its
// size and first index; then the elements as fields. Of the elements' binary forms only those are
// needed that catalogs have in arrays.
void AppendArrayBinary(std::string_view text, const Type& type, std::string* out) {
  const Type element = types::ElementType(type);
  const types::ArrayElements elements = types::ParseArray(text, type);
  std::string body;
  bool has_nulls = false;
  for (const std::optional<std::string>& value : elements) {
    if (!value.has_value()) {
      has_nulls = true;
      AppendBigEndian<int32_t>(-1, &body);
      continue;
    }
    if (element.id == TypeId::kBoolean) {
      AppendFixed<int8_t>(value->starts_with('t'), &body);
      continue;
    }
    int64_t number = 0;
    if (types::IsInteger(element)) {
      std::from_chars(value->data(), value->data() + value->size(), number);
    }
    switch (element.id) {
      case TypeId::kSmallint: AppendFixed(static_cast<int16_t>(number), &body); break;
      case TypeId::kInteger:
      case TypeId::kOid: AppendFixed(static_cast<int32_t>(number), &body); break;
      case TypeId::kBigint: AppendFixed(number, &body); break;
      default: AppendField(*value, &body); break;
    }
  }
  const int32_t dimensions = elements.empty() ? 0 : 1;
  AppendBigEndian(static_cast<int32_t>(12 + 8 * dimensions + body.size()), out);
  AppendBigEndian(dimensions, out);
  AppendBigEndian<int32_t>(has_nulls, out);
  AppendBigEndian<int32_t>(types::TypeOid(element), out);
  if (dimensions > 0) {
    AppendBigEndian(static_cast<int32_t>(elements.size()), out);
    AppendBigEndian<int32_t>(types::FirstIndex(type), out);
  }
  out->append(body);
}

absl::Status BadBinary(const Type& type) {
  return SqlError(SqlState::kInvalidBinaryRepresentation,
                  "incorrect binary data format in bind parameter")
      .Detail("The bytes are no value of type " + type.ToString() + ".");
}

absl::StatusOr<Value> DecodeNumericPostgres(const Type& type, std::string_view bytes) {
  if (bytes.size() < 8) return BadBinary(type);
  const int count = ReadBigEndian<int16_t>(bytes);
  const int weight = ReadBigEndian<int16_t>(bytes.substr(2));
  const uint16_t sign = ReadBigEndian<uint16_t>(bytes.substr(4));
  const int scale = ReadBigEndian<int16_t>(bytes.substr(6));
  if (count < 0 || bytes.size() != 8 + 2 * static_cast<size_t>(count)) return BadBinary(type);
  if (sign == kNumericNan) {
    return SqlError(SqlState::kNumericValueOutOfRange, "numeric NaN is not supported");
  }
  if (sign != 0 && sign != kNumericNegative) return BadBinary(type);
  const auto too_large = [] {
    return SqlError(SqlState::kNumericValueOutOfRange, "numeric field overflow")
        .Detail("A number has at most 38 digits.");
  };
  if (scale < 0 || scale > kDecimalMaxPrecision - 1 || weight > kDecimalMaxPrecision / 4 + 1) {
    return too_large();
  }
  // The digits as decimal text, which the one reader of decimals then reads.
  std::string text = sign == kNumericNegative ? "-" : "";
  const auto group = [&](int index) {
    return index >= 0 && index < count ? ReadBigEndian<int16_t>(bytes.substr(8 + 2 * index)) : 0;
  };
  const auto append = [&text](int digit) {
    for (int unit = kNumericBase / 10; unit > 0; unit /= 10) {
      text += static_cast<char>('0' + digit / unit % 10);
    }
  };
  for (int i = 0; i < count; ++i) {
    if (group(i) < 0 || group(i) >= kNumericBase) return BadBinary(type);
  }
  if (weight < 0) text += '0';
  for (int i = 0; i <= weight; ++i) append(group(i));
  if (scale > 0) {
    text += '.';
    const size_t point = text.size();
    // Group `weight + 1` holds the first four digits behind the point.
    for (int i = weight + 1; text.size() - point < static_cast<size_t>(scale); ++i) {
      append(group(i));
    }
    text.resize(point + static_cast<size_t>(scale));
  }
  int kept = 0;
  const std::optional<int128_t> unscaled = types::ParseDecimal(text, &kept);
  if (!unscaled.has_value()) return too_large();
  return Value::Decimal(*unscaled, kDecimalMaxPrecision, kept);
}

absl::StatusOr<Value> DecodeBinary(const Type& type, std::string_view bytes, BinaryDialect dialect);

absl::StatusOr<Value> DecodeArrayBinary(const Type& type, std::string_view bytes,
                                        BinaryDialect dialect) {
  const Type element = types::ElementType(type);
  bool failed = false;
  const auto next_int = [&bytes, &failed]() -> int32_t {
    if (bytes.size() < 4) failed = true;
    if (failed) return 0;
    const auto value = ReadBigEndian<int32_t>(bytes);
    bytes.remove_prefix(4);
    return value;
  };
  const int32_t dimensions = next_int();
  next_int();  // whether there are NULLs
  next_int();  // the elements' oid: the declared type counts
  if (failed || dimensions < 0 || dimensions > 1) return BadBinary(type);
  types::ArrayElements elements;
  if (dimensions == 1) {
    const int32_t size = next_int();
    next_int();  // the first index
    if (failed || size < 0) return BadBinary(type);
    for (int32_t i = 0; i < size; ++i) {
      const int32_t length = next_int();
      if (failed || length < -1 || (length >= 0 && bytes.size() < static_cast<size_t>(length))) {
        return BadBinary(type);
      }
      if (length == -1) {
        elements.emplace_back();
        continue;
      }
      const std::string_view value = bytes.substr(0, static_cast<size_t>(length));
      bytes.remove_prefix(static_cast<size_t>(length));
      if (types::IsInteger(element)) {
        if (length == 2) elements.push_back(std::to_string(ReadBigEndian<int16_t>(value)));
        else if (length == 4 && element.id == TypeId::kOid)
          elements.push_back(std::to_string(ReadBigEndian<uint32_t>(value)));
        else if (length == 4) elements.push_back(std::to_string(ReadBigEndian<int32_t>(value)));
        else if (length == 8) elements.push_back(std::to_string(ReadBigEndian<int64_t>(value)));
        else return BadBinary(type);
      } else if (types::IsString(element)) {
        if (!base::IsCleanUtf8(value)) return BadBinary(type);
        elements.emplace_back(std::string(value));
      } else {
        VESTO_ASSIGN_OR_RETURN(const Value decoded, DecodeBinary(element, value, dialect));
        elements.emplace_back(types::ValueToText(decoded, types::TextContext()));
      }
    }
  }
  if (!bytes.empty()) return BadBinary(type);
  return Value::OfText(type, types::FormatArray(elements));
}

// Redshift's own form is int64 microseconds. A client that declared the parameter as OID 1186 adds int32
// days and int32 months (PostgreSQL) or int32 months (Amazon's drivers).
absl::StatusOr<Value> DecodeInterval(const Type& type, std::string_view bytes,
                                     BinaryDialect dialect) {
  constexpr size_t kOwn = 8, kPostgres = 16, kAmazon = 12;
  if (bytes.size() != kOwn &&
      bytes.size() != (dialect == BinaryDialect::kAmazon ? kAmazon : kPostgres)) {
    return BadBinary(type);
  }
  int64_t micros = ReadBigEndian<int64_t>(bytes);
  if (bytes.size() == kOwn) return Value::OfInteger(type, micros);
  if (ReadBigEndian<int32_t>(bytes.substr(bytes.size() - 4)) != 0) {
    return SqlError(SqlState::kInvalidDatetimeFormat,
                    "Interval Day To Second literal cannot contain year-month parts.");
  }
  const int64_t days = bytes.size() == kPostgres ? ReadBigEndian<int32_t>(bytes.substr(kOwn)) : 0;
  int64_t day_micros = 0;
  if (__builtin_mul_overflow(days, types::kMicrosPerDay, &day_micros) ||
      __builtin_add_overflow(micros, day_micros, &micros)) {
    return SqlError(SqlState::kDatetimeFieldOverflow, "interval out of range");
  }
  return Value::OfInteger(type, micros);
}

absl::StatusOr<Value> DecodeBinary(const Type& type, std::string_view bytes,
                                   BinaryDialect dialect) {
  const auto sized = [&](size_t size) { return bytes.size() == size; };
  switch (type.id) {
    case TypeId::kBoolean:
      if (!sized(1)) return BadBinary(type);
      return Value::Boolean(bytes[0] != 0);
    case TypeId::kSmallint:
      if (!sized(2)) return BadBinary(type);
      return Value::Smallint(ReadBigEndian<int16_t>(bytes));
    case TypeId::kInteger:
    case TypeId::kOid:
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc:
      if (!sized(4)) return BadBinary(type);
      return types::IsOidLike(type) ? Value::OfInteger(type, ReadBigEndian<uint32_t>(bytes))
                                     : Value::Integer(ReadBigEndian<int32_t>(bytes));
    case TypeId::kBigint:
      if (!sized(8)) return BadBinary(type);
      return Value::Bigint(ReadBigEndian<int64_t>(bytes));
    case TypeId::kReal:
      if (!sized(4)) return BadBinary(type);
      return Value::Real(std::bit_cast<float>(ReadBigEndian<uint32_t>(bytes)));
    case TypeId::kDouble:
      if (!sized(8)) return BadBinary(type);
      return Value::Double(std::bit_cast<double>(ReadBigEndian<uint64_t>(bytes)));
    case TypeId::kDecimal: {
      if (dialect == BinaryDialect::kPostgres) return DecodeNumericPostgres(type, bytes);
      if (!sized(8) && !sized(16)) return BadBinary(type);
      const int128_t high = ReadBigEndian<int64_t>(bytes);
      const int128_t unscaled =
          sized(8) ? high
                   : static_cast<int128_t>((static_cast<uint128_t>(high) << 64) |
                                           ReadBigEndian<uint64_t>(bytes.substr(8)));
      return Value::Decimal(unscaled, kDecimalMaxPrecision, type.scale);
    }
    case TypeId::kDate:
      if (!sized(4)) return BadBinary(type);
      return Value::Date(ReadBigEndian<int32_t>(bytes) + kDaysTo2000);
    case TypeId::kTime:
      if (!sized(8)) return BadBinary(type);
      return Value::OfInteger(type, ReadBigEndian<int64_t>(bytes));
    case TypeId::kTimeTz: {
      if (!sized(12)) return BadBinary(type);
      const int64_t west = ReadBigEndian<int32_t>(bytes.substr(8));
      int64_t micros = ReadBigEndian<int64_t>(bytes);
      if (micros < 0 || micros > types::kMicrosPerDay || std::abs(west) > 86'400) {
        return BadBinary(type);
      }
      micros += west * types::kMicrosPerSecond;
      return Value::OfInteger(type, types::MicrosOfDay(micros));
    }
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz: {
      if (!sized(8)) return BadBinary(type);
      int64_t micros = 0;
      if (__builtin_add_overflow(ReadBigEndian<int64_t>(bytes), kMicrosTo2000, &micros)) {
        return SqlError(SqlState::kDatetimeFieldOverflow, "timestamp out of range");
      }
      return Value::OfInteger(type, micros);
    }
    case TypeId::kIntervalYearToMonth:
      if (!sized(4)) return BadBinary(type);
      return Value::OfInteger(type, ReadBigEndian<int32_t>(bytes));
    case TypeId::kIntervalDayToSecond: return DecodeInterval(type, bytes, dialect);
    case TypeId::kVarbyte: return Value::Varbyte(std::string(bytes));
    case TypeId::kArray: return DecodeArrayBinary(type, bytes, dialect);
    default: break;
  }
  return BadBinary(type);
}

bool IsText(TypeId id) {
  switch (id) {
    case TypeId::kUnknown:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kName:
    case TypeId::kText:
    case TypeId::kInternalChar:
    case TypeId::kSuper: return true;
    default: return false;
  }
}

}  // namespace

FieldEncoder::FieldEncoder(std::vector<Type> types, const std::vector<ValueForm>& forms,
                           BinaryDialect dialect, types::TextContext context)
    : context_(std::move(context)) {
  for (size_t i = 0; i < types.size(); ++i) {
    const ValueForm form = forms.empty() ? ValueForm::kText : forms[forms.size() == 1 ? 0 : i];
    columns_.push_back({types[i], Choose(types[i], form, dialect), nullptr});
  }
}

FieldEncoder::Writer FieldEncoder::Choose(const Type& type, ValueForm form,
                                          BinaryDialect dialect) {
  const bool binary = form == ValueForm::kBinary;
  switch (type.id) {
    case TypeId::kBoolean: return binary ? Writer::kBoolBinary : Writer::kBoolText;
    case TypeId::kSmallint: return binary ? Writer::kInt16Binary : Writer::kIntegerText;
    case TypeId::kInteger:
    case TypeId::kOid:
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc: return binary ? Writer::kInt32Binary : Writer::kIntegerText;
    case TypeId::kBigint: return binary ? Writer::kInt64Binary : Writer::kIntegerText;
    case TypeId::kDecimal:
      if (!binary) return Writer::kDecimalText;
      return dialect == BinaryDialect::kAmazon ? Writer::kNumericAmazon : Writer::kNumericPostgres;
    case TypeId::kReal: return binary ? Writer::kFloatBinary : Writer::kOtherText;
    case TypeId::kDouble: return binary ? Writer::kDoubleBinary : Writer::kDoubleText;
    case TypeId::kDate: return binary ? Writer::kDateBinary : Writer::kDateText;
    case TypeId::kTime: return binary ? Writer::kInt64Binary : Writer::kOtherText;
    case TypeId::kTimeTz: return binary ? Writer::kTimeTzBinary : Writer::kOtherText;
    case TypeId::kTimestamp: return binary ? Writer::kTimestampBinary : Writer::kTimestampText;
    case TypeId::kTimestampTz: return binary ? Writer::kTimestampBinary : Writer::kOtherText;
    case TypeId::kIntervalYearToMonth: return binary ? Writer::kInt32Binary : Writer::kOtherText;
    case TypeId::kIntervalDayToSecond: return binary ? Writer::kInt64Binary : Writer::kOtherText;
    case TypeId::kChar: return Writer::kPaddedString;
    case TypeId::kVarbyte: return Writer::kHex;
    case TypeId::kUnknown:
    case TypeId::kVarchar:
    case TypeId::kSuper:
    case TypeId::kName:
    case TypeId::kText:
    case TypeId::kAclItem:
    case TypeId::kRecord:
    case TypeId::kInternalChar: return Writer::kString;
    case TypeId::kInt2Vector:
    case TypeId::kOidVector:
    case TypeId::kArray: return binary ? Writer::kArrayBinary : Writer::kString;
  }
  return Writer::kOtherText;
}

void FieldEncoder::Load(vesto::Batch batch) {
  batch_ = std::move(batch);
  for (size_t i = 0; i < columns_.size(); ++i) columns_[i].vector = &batch_.internal()->columns[i];
}

void FieldEncoder::AppendRow(int row, std::string* out) const {
  for (const Column& column : columns_) {
    const Vector& vector = *column.vector;
    if (vector.IsNull(row)) {
      AppendBigEndian<int32_t>(-1, out);
      continue;
    }
    const int at = vector.is_constant() ? 0 : row;
    const auto integer = [&]() -> int64_t {
      switch (vector.physical()) {
        case PhysicalType::kBool: return vector.data<uint8_t>()[at];
        case PhysicalType::kInt16: return vector.data<int16_t>()[at];
        case PhysicalType::kInt32: return vector.data<int32_t>()[at];
        case PhysicalType::kInt64: return vector.data<int64_t>()[at];
        default: return static_cast<int64_t>(vector.data<int128_t>()[at]);
      }
    };
    const auto decimal = [&]() -> int128_t {
      return vector.physical() == PhysicalType::kInt128 ? vector.data<int128_t>()[at] : integer();
    };
    char text[40];
    switch (column.writer) {
      case Writer::kBoolText: AppendField(integer() != 0 ? "t" : "f", out); break;
      case Writer::kIntegerText: {
        const int64_t value =
            types::IsOidLike(column.type) ? static_cast<uint32_t>(integer()) : integer();
        const char* end = std::to_chars(text, text + sizeof(text), value).ptr;
        AppendField({text, static_cast<size_t>(end - text)}, out);
        break;
      }
      case Writer::kDecimalText: AppendDecimalText(decimal(), column.type.scale, out); break;
      case Writer::kDateText: {
        const size_t size = WriteDate(integer(), text);
        AppendField(size > 0 ? std::string_view(text, size)
                             : std::string_view(types::DateToString(integer())),
                    out);
        break;
      }
      case Writer::kTimestampText: {
        const size_t size = WriteTimestamp(integer(), text);
        if (size > 0) {
          AppendField({text, size}, out);
        } else {
          AppendField(types::TimestampToString(integer()), out);
        }
        break;
      }
      case Writer::kDoubleText:
        AppendField(types::DoubleToText(vector.data<double>()[at], context_.extra_float_digits),
                    out);
        break;
      case Writer::kString: AppendField(vector.StringAt(row).view(), out); break;
      case Writer::kPaddedString: {
        const StringRef text_ref = vector.StringAt(row);  // short strings lie inside it
        const std::string_view value = text_ref.view();
        const size_t width =
            std::max(value.size(), static_cast<size_t>(std::max(column.type.length, 0)));
        AppendBigEndian(static_cast<int32_t>(width), out);
        out->append(value);
        out->append(width - value.size(), ' ');
        break;
      }
      case Writer::kHex:
        AppendField(absl::BytesToHexString(sv(vector.StringAt(row).view())), out);
        break;
      case Writer::kOtherText:
        AppendField(types::ValueToText(vector.ValueAt(row), context_), out);
        break;
      case Writer::kBoolBinary: AppendFixed<int8_t>(integer() != 0, out); break;
      case Writer::kInt16Binary: AppendFixed(static_cast<int16_t>(integer()), out); break;
      case Writer::kInt32Binary: AppendFixed(static_cast<int32_t>(integer()), out); break;
      case Writer::kInt64Binary: AppendFixed(integer(), out); break;
      case Writer::kFloatBinary:
        AppendFixed(std::bit_cast<uint32_t>(vector.data<float>()[at]), out);
        break;
      case Writer::kDoubleBinary:
        AppendFixed(std::bit_cast<uint64_t>(vector.data<double>()[at]), out);
        break;
      case Writer::kDateBinary:
        AppendFixed(static_cast<int32_t>(integer() - kDaysTo2000), out);
        break;
      case Writer::kTimestampBinary: AppendFixed(integer() - kMicrosTo2000, out); break;
      case Writer::kTimeTzBinary:  // kept in UTC
        AppendBigEndian<int32_t>(12, out);
        AppendBigEndian(integer(), out);
        AppendBigEndian<int32_t>(0, out);
        break;
      case Writer::kArrayBinary:
        AppendArrayBinary(vector.StringAt(row).view(), column.type, out);
        break;
      case Writer::kNumericPostgres:
        AppendNumericPostgres(decimal(), column.type.scale, out);
        break;
      case Writer::kNumericAmazon:
        if (column.type.length <= kDecimal64Precision) {
          AppendFixed(integer(), out);
        } else {
          const int128_t value = decimal();
          AppendBigEndian<int32_t>(16, out);
          AppendBigEndian(static_cast<int64_t>(value >> 64), out);
          AppendBigEndian(static_cast<uint64_t>(value), out);
        }
        break;
    }
  }
}

absl::StatusOr<Value> DecodeParameter(const Type& type, ValueForm form, std::string_view bytes,
                                      BinaryDialect dialect, const types::TextContext& context) {
  if (form == ValueForm::kBinary && !IsText(type.id)) return DecodeBinary(type, bytes, dialect);
  VESTO_RETURN_IF_ERROR(base::CheckUtf8(bytes));
  if (type.id == TypeId::kVarbyte) {
    // Hexadecimal digits, with PostgreSQL's mark for bytea or without.
    if (bytes.starts_with("\\x")) bytes.remove_prefix(2);
    return types::ValueFromText(bytes, type, context);
  }
  if (IsText(type.id)) {
    return type.id == TypeId::kUnknown ? Value::UnknownText(std::string(bytes))
                                       : Value::Varchar(std::string(bytes));
  }
  return types::ValueFromText(bytes, type, context);
}

}  // namespace vesto::column

namespace vesto {

RowEncoder::RowEncoder(std::unique_ptr<column::FieldEncoder> impl) : impl_(std::move(impl)) {}
RowEncoder::RowEncoder(RowEncoder&&) noexcept = default;
RowEncoder& RowEncoder::operator=(RowEncoder&&) noexcept = default;
RowEncoder::~RowEncoder() = default;
void RowEncoder::Load(Batch batch) { impl_->Load(std::move(batch)); }
void RowEncoder::AppendRow(int row, std::string* out) const { impl_->AppendRow(row, out); }

int32_t ProtocolOid(const Type& type) { return types::TypeOid(type); }
int32_t ProtocolModifier(const Type& type) { return types::TypeModifier(type); }

int16_t ProtocolSize(const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean:
    case TypeId::kInternalChar: return 1;
    case TypeId::kSmallint: return 2;
    case TypeId::kInteger:
    case TypeId::kOid:
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc:
    case TypeId::kReal:
    case TypeId::kDate:
    case TypeId::kIntervalYearToMonth: return 4;
    case TypeId::kAclItem: return 12;
    case TypeId::kBigint:
    case TypeId::kDouble:
    case TypeId::kTime:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kIntervalDayToSecond: return 8;
    case TypeId::kTimeTz: return 12;
    case TypeId::kName: return 128;
    case TypeId::kUnknown:
    case TypeId::kDecimal:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kVarbyte:
    case TypeId::kSuper:
    case TypeId::kInt2Vector:
    case TypeId::kOidVector:
    case TypeId::kRecord:
    case TypeId::kArray:
    case TypeId::kText: return -1;
  }
  return -1;
}

Status CheckClientText(std::string_view text) { return ToPublic(base::CheckUtf8(text)); }

Type TypeOfProtocolOid(int32_t oid) {
  // What clients declare; bytea (17) is their name for VARBYTE, interval (1186) for what has no months.
  static constexpr Type kTypes[] = {
      Type::Boolean(),  Type::Smallint(),    Type::Integer(), Type::Bigint(),
      Type::Real(),     Type::Double(),      Type::Date(),    Type::Time(),
      Type::TimeTz(),   Type::Timestamp(),   Type::TimestampTz(),
      Type::IntervalYearToMonth(), Type::IntervalDayToSecond(),
      {TypeId::kDecimal}, {TypeId::kChar},   {TypeId::kVarchar}, {TypeId::kVarbyte},
      {TypeId::kSuper}, {TypeId::kOid},      {TypeId::kName},    {TypeId::kText},
      {TypeId::kInternalChar}, {TypeId::kRegclass}, {TypeId::kRegtype}, {TypeId::kRegproc},
      Type::Array(TypeId::kBoolean), Type::Array(TypeId::kSmallint), Type::Array(TypeId::kInteger),
      Type::Array(TypeId::kBigint), Type::Array(TypeId::kReal), Type::Array(TypeId::kDouble),
      Type::Array(TypeId::kDecimal), Type::Array(TypeId::kDate), Type::Array(TypeId::kTime),
      Type::Array(TypeId::kTimestamp), Type::Array(TypeId::kTimestampTz), Type::Array(TypeId::kOid),
      Type::Array(TypeId::kName), Type::Array(TypeId::kText), Type::Array(TypeId::kChar),
      Type::Array(TypeId::kVarchar), Type::Array(TypeId::kInternalChar)};
  constexpr int32_t kByteaOid = 17, kIntervalOid = 1186;
  if (oid == kByteaOid) return {TypeId::kVarbyte};
  if (oid == kIntervalOid) return Type::IntervalDayToSecond();
  for (const Type& type : kTypes) {
    if (types::TypeOid(type) == oid) return type;
  }
  return Type::Unknown();
}

}  // namespace vesto
