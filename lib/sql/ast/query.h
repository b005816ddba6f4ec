#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sql/ast/expression.h"

namespace vesto::sql {

class ValuesRows;
struct TableRef;
using TableRefPtr = std::unique_ptr<TableRef>;

enum class JoinKind : uint8_t { kCross, kInner, kLeft, kRight, kFull };

enum class TableRefKind : uint8_t {
  kTable,     // name [alias]
  kSubquery,  // (query) alias
  kJoin,      // left JOIN right ON | USING | NATURAL
  // f(args) alias: generate_series, pg_get_cols (leader), UNNEST; or a path with subscripts into a
  // SUPER value (t.a[0].b AS x): `function`. kTable and kFunction: AT position is `value_name`.
  kFunction,
  kPivot,  // left PIVOT (...)
  // left UNPIVOT (...); or, without `left`, the object form UNPIVOT function AS alias AT value_name
  kUnpivot,
};

struct SelectItem {
  ExpressionPtr expression;
  std::string alias;  // "" = none given
  int offset = 0;
};

struct TableRef {
  TableRefKind kind = TableRefKind::kTable;
  int offset = 0;
  Name name;
  std::string alias;  // "" = none given
  std::vector<std::string> column_aliases;
  QueryPtr query;
  ExpressionPtr function;
  // kJoin (left also for kPivot, kUnpivot)
  JoinKind join = JoinKind::kCross;
  bool natural = false;
  TableRefPtr left, right;
  ExpressionPtr on;
  std::vector<std::string> using_columns;
  // kPivot: PIVOT (aggregates FOR pivot_column IN (values))
  // kUnpivot: UNPIVOT [INCLUDE NULLS] (value_name FOR pivot_column IN (values))
  std::vector<SelectItem> aggregates;
  std::string pivot_column, value_name;
  std::vector<SelectItem> values;
  bool include_nulls = false;

  ~TableRef();
};

struct GroupingElement {
  enum class Kind : uint8_t { kExpression, kRollup, kCube, kGroupingSets, kAll };
  Kind kind = Kind::kExpression;
  // kExpression: one set of one or more expressions (a parenthesised list is one set).
  std::vector<ExpressionPtr> expressions;
  // kRollup, kCube, kGroupingSets: their elements.
  std::vector<GroupingElement> elements;
  int offset = 0;
};

struct CommonTable {
  std::string name;
  std::vector<std::string> columns;
  QueryPtr query;
  int offset = 0;
};

struct With {
  bool recursive = false;
  std::vector<CommonTable> tables;
};

struct Select {
  bool distinct = false;
  std::vector<SelectItem> items;
  // SELECT ... INTO [TEMP] name
  Name into;
  bool into_temporary = false;
  std::vector<TableRefPtr> from;  // comma list
  ExpressionPtr where;
  ExpressionPtr start_with, connect_by;
  std::vector<GroupingElement> group_by;
  ExpressionPtr having;
  ExpressionPtr qualify;
  ExpressionPtr top;
  int offset = 0;
};

enum class SetOperator : uint8_t { kUnion, kIntersect, kExcept };

// A query is one SELECT block, a VALUES list, or a set operation over two or more queries
// (n-ary for chains of the same operator), with optional WITH, ORDER BY, LIMIT and OFFSET.
struct Query {
  enum class Kind : uint8_t { kSelect, kValues, kSetOperation };
  Kind kind = Kind::kSelect;
  int offset = 0;
  std::optional<With> with;
  std::unique_ptr<Select> select;
  std::unique_ptr<ValuesRows> rows;  // kValues
  SetOperator set_operator = SetOperator::kUnion;
  bool all = false;  // UNION ALL
  std::vector<QueryPtr> inputs;
  std::vector<OrderItem> order_by;
  ExpressionPtr limit, limit_offset;  // absent: null; LIMIT ALL: null

  Query();
  ~Query();
};

std::string ToSql(const Query& query);

}  // namespace vesto::sql
