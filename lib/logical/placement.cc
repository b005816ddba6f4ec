#include "logical/placement.h"

#include "types/physical_type.h"
#include "types/type_rules.h"

namespace vesto::logical {

bool SameHashFamily(const Type& a, const Type& b) {
  if (types::IsInteger(a) && types::IsInteger(b)) return true;
  if (types::IsString(a) && types::IsString(b)) return true;
  return a.id == b.id && a.scale == b.scale;
}

ColumnId PlacingColumn(const expr::Expr& key) {
  if (key.is_column()) return key.column;
  if (key.kind != expr::ExprKind::kCast || !key.args[0]->is_column()) return -1;
  const Type& from = key.args[0]->type;
  const bool widens = types::IsInteger(from) && types::IsInteger(key.type) &&
                      types::PhysicalSize(types::DefaultPhysicalType(from)) <=
                          types::PhysicalSize(types::DefaultPhysicalType(key.type));
  return widens ? key.args[0]->column : -1;
}

}  // namespace vesto::logical
