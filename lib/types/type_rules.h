#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "vesto/type.h"

// The rules that SQL types follow among themselves: families, promotion, implicit conversion,
// decimal result types. Source: redshift/types.md §§3, 4, 5.
namespace vesto::types {

bool IsInteger(const Type& type);   // SMALLINT, INTEGER, BIGINT, OID and the next line's
bool IsOidLike(const Type& type);   // OID, and the OIDs that are written as names: REGCLASS, ...
bool IsNamedOid(const Type& type);  // REGCLASS, REGTYPE, REGPROC
bool IsArray(const Type& type);     // arrays, INT2VECTOR, OIDVECTOR
// What the elements of an array are; unknown where there are none.
Type ElementType(const Type& array);
bool IsFloating(const Type& type);  // REAL, DOUBLE PRECISION
bool IsNumeric(const Type& type);   // the two above and DECIMAL
bool IsString(const Type& type);    // CHAR, VARCHAR, NAME, TEXT, "char" (not unknown, not VARBYTE)
bool IsInterval(const Type& type);
bool IsDateTime(const Type& type);  // DATE, TIME*, TIMESTAMP*
bool IsLeaderOnly(const Type& type);
// May be a DISTKEY or SORTKEY column.
bool CanBeKey(const Type& type);

// PostgreSQL's type categories, for overload resolution.
enum class TypeCategory : char {
  kBoolean = 'B',
  kNumeric = 'N',
  kString = 'S',
  kDateTime = 'D',
  kInterval = 'T',
  kUser = 'U',
  kUnknown = 'X',
};
TypeCategory CategoryOf(const Type& type);
// DOUBLE PRECISION, VARCHAR, TIMESTAMPTZ, BOOLEAN, INTERVAL DAY TO SECOND: the one that overload
// resolution prefers within its category.
bool IsPreferred(const Type& type);

// Allowed without CAST, in expressions and assignments (types.md §3). Unknown converts to anything.
bool CanConvertImplicitly(const Type& from, const Type& to);
// Allowed with CAST, :: or CONVERT.
bool CanCast(const Type& from, const Type& to);

// The result of + - * / % on two numeric types (types.md §4). `op` is one of those characters.
Type ArithmeticResultType(char op, const Type& left, const Type& right);
// INTEGER is DEC(10,0) and so on; DECIMAL is itself.
Type AsDecimal(const Type& integer_type);

// The one type of several branches or of one column of a set operation. Unknown takes the others'
// type, and stays unknown where there are no others. 42804 "<what> types a and b cannot be matched" where there is none.
// `what` is "UNION", "CASE", "COALESCE", ...
absl::StatusOr<Type> CommonType(const std::vector<Type>& types, std::string_view what);

// The type to which both sides of a comparison are converted; nullopt if they cannot be compared.
std::optional<Type> ComparisonType(const Type& left, const Type& right);

// "int4", "varchar", "numeric": pg_type.typname, which is also a cast's default column name.
std::string TypeName(const Type& type);
// pg_type.oid and pg_attribute.atttypmod.
int TypeOid(const Type& type);
int TypeModifier(const Type& type);
// A type from its SQL spelling and modifiers: ("character varying", {20}). Applies the default
// lengths of DDL (VARCHAR = 256, CHAR = 1, TEXT = VARCHAR(256), DECIMAL = (18,0)); errors: 42704
// for an unknown name, 22023 or 42601 for bad modifiers. The modifier -1 is MAX, as in
// VARCHAR(MAX). An interval's qualifier is part of the name: "interval day to second".
absl::StatusOr<Type> ResolveType(std::string_view name, const std::vector<int>& modifiers);

}  // namespace vesto::types
