#pragma once

#include <cstdint>
#include <string>

namespace vesto {

// The SQL types. Source: redshift/types.md §1.
enum class TypeId : uint8_t {
  kUnknown,  // an untyped literal or NULL, before overload resolution
  kBoolean,
  kSmallint,
  kInteger,
  kBigint,
  kDecimal,  // NUMERIC(length = precision 1..38, scale 0..37)
  kReal,
  kDouble,
  kChar,     // CHAR(length bytes), blank padded on output, stored trimmed
  kVarchar,  // VARCHAR(length bytes)
  kDate,
  kTime,
  kTimeTz,
  kTimestamp,
  kTimestampTz,
  kIntervalYearToMonth,
  kIntervalDayToSecond,
  kVarbyte,
  kSuper,
  // Leader-only types of catalog relations; user tables cannot hold them.
  kOid,
  kName,
  kText,
  kInternalChar,  // "char"
  kRegclass,      // an OID that is written as the name of a relation, type or function
  kRegtype,
  kRegproc,
  kInt2Vector,  // "1 2 3"
  kOidVector,
  kAclItem,
  kRecord,  // "(1,2)"
  kArray,   // "{1,2,3}": one dimension; scale = the elements' TypeId
};

// A type with its modifiers. A value type: compare with ==.
struct Type {
  TypeId id = TypeId::kUnknown;
  // CHAR, VARCHAR, VARBYTE: bytes. DECIMAL: precision. Unknown: the bytes of an untyped literal
  // (0 for NULL), so that a shorter string beside it does not cut it. REGPROC: 1 is REGPROCEDURE, 2
  // REGOPERATOR, the same with their arguments. 0 elsewhere.
  int32_t length = 0;
  // DECIMAL: digits after the point. Intervals and times: digits of the second's fraction.
  // Arrays: the TypeId of the elements.
  int16_t scale = 0;
  // CHAR and VARCHAR: COLLATE CASE_INSENSITIVE.
  bool case_insensitive = false;

  friend bool operator==(const Type&, const Type&) = default;

  // "integer", "numeric(12,2)", "character varying(20)", ...: the catalog spelling.
  std::string ToString() const;

  static constexpr Type Unknown() { return {TypeId::kUnknown}; }
  static constexpr Type Boolean() { return {TypeId::kBoolean}; }
  static constexpr Type Smallint() { return {TypeId::kSmallint}; }
  static constexpr Type Integer() { return {TypeId::kInteger}; }
  static constexpr Type Bigint() { return {TypeId::kBigint}; }
  static constexpr Type Decimal(int precision, int scale) {
    return {TypeId::kDecimal, precision, static_cast<int16_t>(scale)};
  }
  static constexpr Type Real() { return {TypeId::kReal}; }
  static constexpr Type Double() { return {TypeId::kDouble}; }
  static constexpr Type Char(int bytes) { return {TypeId::kChar, bytes}; }
  static constexpr Type Varchar(int bytes) { return {TypeId::kVarchar, bytes}; }
  static constexpr Type Date() { return {TypeId::kDate}; }
  static constexpr Type Time() { return {TypeId::kTime}; }
  static constexpr Type TimeTz() { return {TypeId::kTimeTz}; }
  static constexpr Type Timestamp() { return {TypeId::kTimestamp}; }
  static constexpr Type TimestampTz() { return {TypeId::kTimestampTz}; }
  static constexpr Type IntervalYearToMonth() { return {TypeId::kIntervalYearToMonth}; }
  static constexpr Type IntervalDayToSecond() { return {TypeId::kIntervalDayToSecond, 0, 6}; }
  static constexpr Type Varbyte(int bytes) { return {TypeId::kVarbyte, bytes}; }
  static constexpr Type Array(TypeId element) {
    return {TypeId::kArray, 0, static_cast<int16_t>(element)};
  }
};

inline constexpr int kVarcharMaxBytes = 65535;
inline constexpr int kCharMaxBytes = 4096;
inline constexpr int kDecimalMaxPrecision = 38;

}  // namespace vesto
