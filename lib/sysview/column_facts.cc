#include "sysview/column_facts.h"

#include "sysview/access_lists.h"

namespace vesto::sysview {

ColumnFacts FactsOf(const Type& type) {
  ColumnFacts facts;
  facts.data_type = type.id == TypeId::kArray ? "ARRAY" : type.ToString();
  if (const size_t bracket = facts.data_type.find('('); bracket != std::string::npos) {
    facts.data_type.resize(bracket);
  }
  const auto number = [&facts](int precision, int radix, Value scale) {
    facts.precision = Number(precision);
    facts.radix = Number(radix);
    facts.scale = std::move(scale);
  };
  switch (type.id) {
    case TypeId::kSmallint: number(16, 2, Number(0)); break;
    case TypeId::kInteger: number(32, 2, Number(0)); break;
    case TypeId::kBigint: number(64, 2, Number(0)); break;
    case TypeId::kDecimal: number(type.length, 10, Number(type.scale)); break;
    case TypeId::kReal: number(24, 2, Value()); break;
    case TypeId::kDouble: number(53, 2, Value()); break;
    case TypeId::kVarchar:
    case TypeId::kChar:
      if (type.length > 0) facts.character_length = Number(type.length);
      break;
    case TypeId::kDate: facts.datetime_precision = Number(0); break;
    case TypeId::kTime:
    case TypeId::kTimeTz:
    case TypeId::kTimestamp:
    case TypeId::kTimestampTz: facts.datetime_precision = Number(6); break;
    default: break;
  }
  return facts;
}

void ForEachColumn(const SystemState& state,
                   const std::function<void(const Relation& relation,
                                            const RelationColumn& column, int ordinal)>& visit) {
  for (const Relation& relation : Relations(state)) {
    if (relation.kind == 'i' || !MaySee(state, relation)) continue;
    std::vector<RelationColumn> columns = ColumnsOf(state, relation);
    if (relation.view != nullptr && relation.view->late_binding) {
      auto described = state.describe(relation.view->query_text, relation.view->search_path);
      if (!described.ok()) continue;
      for (const source::SourceColumn& column : *described) {
        columns.push_back({column.name, column.type});
      }
    }
    int ordinal = 0;
    for (const RelationColumn& column : columns) {
      if (!column.hidden) visit(relation, column, ++ordinal);
    }
  }
}

Value DefaultOf(const SystemState& state, const Relation& relation, const RelationColumn& column,
                int ordinal) {
  if (column.entry == nullptr) return Value();
  std::string text = DefaultText(state, *relation.table, ordinal - 1);
  return text.empty() ? Value() : Text(std::move(text));
}

Value CommentOf(const Relation& relation) {
  const std::optional<std::string>* comment = relation.comment();
  return comment != nullptr && comment->has_value() ? Text(**comment) : Value();
}

Value CommentOf(const RelationColumn& column) {
  return column.entry != nullptr && column.entry->comment.has_value() ? Text(*column.entry->comment)
                                                                      : Value();
}

}  // namespace vesto::sysview
