#include "types/physical_type.h"

namespace vesto::types {

int PhysicalSize(PhysicalType type) {
  switch (type) {
    case PhysicalType::kBool:
      return 1;
    case PhysicalType::kInt16:
      return 2;
    case PhysicalType::kInt32:
      return 4;
    case PhysicalType::kInt64:
      return 8;
    case PhysicalType::kInt128:
      return 16;
    case PhysicalType::kFloat:
      return 4;
    case PhysicalType::kDouble:
      return 8;
    case PhysicalType::kString:
      return 16;
  }
  return 0;
}

std::string_view PhysicalTypeName(PhysicalType type) {
  switch (type) {
    case PhysicalType::kBool:
      return "bool";
    case PhysicalType::kInt16:
      return "int16";
    case PhysicalType::kInt32:
      return "int32";
    case PhysicalType::kInt64:
      return "int64";
    case PhysicalType::kInt128:
      return "int128";
    case PhysicalType::kFloat:
      return "float";
    case PhysicalType::kDouble:
      return "double";
    case PhysicalType::kString:
      return "string";
  }
  return "";
}

PhysicalType DefaultPhysicalType(const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean:
      return PhysicalType::kBool;
    case TypeId::kSmallint:
      return PhysicalType::kInt16;
    case TypeId::kInteger:
    case TypeId::kDate:
    case TypeId::kIntervalYearToMonth:
    case TypeId::kOid:
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc:
      return PhysicalType::kInt32;
    case TypeId::kBigint:
    case TypeId::kTime:
    case TypeId::kTimeTz:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz:
    case TypeId::kIntervalDayToSecond:
      return PhysicalType::kInt64;
    case TypeId::kDecimal:
      return type.length <= 18 ? PhysicalType::kInt64 : PhysicalType::kInt128;
    case TypeId::kReal:
      return PhysicalType::kFloat;
    case TypeId::kDouble:
      return PhysicalType::kDouble;
    case TypeId::kUnknown:
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kVarbyte:
    case TypeId::kSuper:
    case TypeId::kName:
    case TypeId::kText:
    case TypeId::kInternalChar:
    case TypeId::kInt2Vector:
    case TypeId::kOidVector:
    case TypeId::kAclItem:
    case TypeId::kRecord:
    case TypeId::kArray:
      return PhysicalType::kString;
  }
  return PhysicalType::kString;
}

}  // namespace vesto::types
