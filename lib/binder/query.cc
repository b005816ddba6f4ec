#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/stack_guard.h"
#include "binder/binder_impl.h"
#include "sql/ast/values_rows.h"
#include "expr/evaluator.h"
#include "types/type_rules.h"

// Queries as a whole: WITH, VALUES, set operations, and ORDER BY and LIMIT around them.
namespace vesto::binder {

using logical::NodeKind;

std::vector<logical::OutputColumn> OutputOf(const std::vector<QueryColumn>& columns) {
  std::vector<logical::OutputColumn> output;
  output.reserve(columns.size());
  for (const QueryColumn& column : columns) output.push_back({column.id, column.type, column.name});
  return output;
}

void OutputOfChild(logical::Node* node) { node->output = node->children[0]->output; }

absl::StatusOr<BoundQuery> Binder::BindQuery(const sql::Query& query, Block* parent) {
  VESTO_ASSIGN_OR_RETURN(BoundQuery bound, BindQueryRaw(query, parent));
  ResolveUnknowns(&bound);
  return bound;
}

absl::StatusOr<BoundQuery> Binder::BindQueryRaw(const sql::Query& query, Block* parent,
                                                bool inside_set_operation) {
  if (!base::HasStack()) return TooComplex(query.offset);
  if (inside_set_operation && (query.limit != nullptr || query.limit_offset != nullptr ||
                               (query.select != nullptr && query.select->top != nullptr))) {
    const sql::ExpressionPtr& at = query.limit != nullptr ? query.limit : query.limit_offset;
    return SqlError(SqlState::kFeatureNotSupported,
                    "LIMIT may not be used within input to set operations.")
        .At(at != nullptr ? at->offset : query.offset);
  }
  if (!query.with.has_value()) return BindQueryBody(query, parent);
  WithBinding binding;
  CteScope* saved = ctes_;
  absl::Status status = BindWith(*query.with, parent, &binding);
  auto bound = status.ok() ? BindQueryBody(query, parent) : absl::StatusOr<BoundQuery>(status);
  ctes_ = saved;
  if (!bound.ok()) return bound.status();
  bound->plan = WrapWith(std::move(binding), std::move(bound->plan));
  return bound;
}

absl::StatusOr<BoundQuery> Binder::BindQueryBody(const sql::Query& query, Block* parent) {
  switch (query.kind) {
    case sql::Query::Kind::kSelect: return BindSelect(query, parent);
    case sql::Query::Kind::kValues:
    case sql::Query::Kind::kSetOperation: break;
  }
  absl::StatusOr<BoundQuery> bound = query.kind == sql::Query::Kind::kValues
                                         ? BindValues(query, parent)
                                         : BindSetOperation(query, parent);
  if (!bound.ok()) return bound.status();
  VESTO_RETURN_IF_ERROR(BindOrderByOutputs(query, &*bound));
  VESTO_RETURN_IF_ERROR(
      ApplyLimit(query.limit.get(), query.limit_offset.get(), parent, &*bound));
  return bound;
}

// --- VALUES -------------------------------------------------------------------------------------

absl::StatusOr<BoundQuery> Binder::BindValues(const sql::Query& query, Block* parent) {
  Block block;
  block.parent = parent;
  Block* saved = block_;
  block_ = &block;
  auto node = std::make_unique<logical::Values>();
  const size_t width = query.rows->width(0);
  std::vector<std::vector<ExprPtr>> rows;
  rows.reserve(query.rows->size());
  std::vector<std::vector<Type>> seen(width);  // distinct types per column
  std::vector<bool> literals(width, false);
  absl::Status status;
  sql::ExpressionPtr room;
  for (size_t row = 0; row < query.rows->size(); ++row) {
    if (query.rows->width(row) != width) {
      status = SqlError(SqlState::kSyntaxError, "VALUES lists must all be the same length")
                   .At(query.rows->offset(row, 0));
      break;
    }
    std::vector<ExprPtr> bound_row;
    bound_row.reserve(width);
    for (size_t i = 0; i < width; ++i) {
      auto bound = Bind(query.rows->Tree(row, i, &room));
      if (!bound.ok()) {
        status = bound.status();
        break;
      }
      ExprPtr value = Fold(std::move(*bound));
      if (value->type.id == TypeId::kUnknown) {
        literals[i] = true;
      } else if (std::find(seen[i].begin(), seen[i].end(), value->type) == seen[i].end()) {
        seen[i].push_back(value->type);
      }
      bound_row.push_back(std::move(value));
    }
    if (!status.ok()) break;
    rows.push_back(std::move(bound_row));
  }
  block_ = saved;
  VESTO_RETURN_IF_ERROR(status);
  if (!block.before_aggregate.empty()) {
    return SqlError(SqlState::kFeatureNotSupported, "can't use subqueries in multi-row VALUES")
        .At(query.offset);
  }
  BoundQuery result;
  for (size_t i = 0; i < width; ++i) {
    Type type = Type::Unknown();
    if (!seen[i].empty()) {
      auto common = types::CommonType(seen[i], "VALUES");
      if (!common.ok()) return WithOffset(common.status(), query.rows->offset(0, i));
      type = *common;
      if (literals[i] && type.id == TypeId::kVarchar) {
        for (const auto& row : rows) {
          if (row[i]->is_constant() && row[i]->type.id == TypeId::kUnknown) {
            type.length = std::max(type.length,
                                   static_cast<int32_t>(row[i]->constant.text().size()));
          }
        }
      }
      for (auto& row : rows) {
        VESTO_ASSIGN_OR_RETURN(row[i], Coerce(std::move(row[i]), type, Coercion::kImplicit));
      }
    }
    result.columns.push_back({absl::StrCat("column", i + 1), NextId(), type});
  }
  node->rows = std::move(rows);
  node->output = OutputOf(result.columns);
  result.plan = std::move(node);
  return result;
}

// --- Set operations -----------------------------------------------------------------------------

namespace {

// The length of the longest untyped literal that column `id` of `node` holds, at most a VARCHAR's; that
// where it is not known.
int LiteralBytes(const logical::Node& node, ColumnId id) {
  const auto bytes_of = [](const expr::Expr& value) {
    if (!value.is_constant()) return kVarcharMaxBytes;
    if (value.constant.is_null()) return 0;
    return static_cast<int>(std::min<size_t>(value.constant.text().size(), kVarcharMaxBytes));
  };
  size_t column = 0;
  while (column < node.output.size() && node.output[column].id != id) ++column;
  if (column == node.output.size()) return kVarcharMaxBytes;
  switch (node.kind) {
    case NodeKind::kProject: {
      const expr::Expr& value = *node.As<logical::Project>().expressions[column];
      return value.is_column() ? LiteralBytes(*node.children[0], value.column) : bytes_of(value);
    }
    case NodeKind::kValues: {
      int bytes = 0;
      const auto& values = node.As<logical::Values>();
      if (values.constants != nullptr) return kVarcharMaxBytes;
      for (const auto& row : values.rows) bytes = std::max(bytes, bytes_of(*row[column]));
      return bytes;
    }
    case NodeKind::kSort:
    case NodeKind::kLimit:
    case NodeKind::kFilter:
    case NodeKind::kDistinct: return LiteralBytes(*node.children[0], id);
    case NodeKind::kCteDefinition: return LiteralBytes(*node.children[1], id);
    default: return kVarcharMaxBytes;
  }
}

}  // namespace

absl::StatusOr<BoundQuery> Binder::BindSetOperation(const sql::Query& query, Block* parent) {
  std::string_view what = "UNION";
  logical::SetOperationKind kind =
      query.all ? logical::SetOperationKind::kUnionAll : logical::SetOperationKind::kUnion;
  if (query.set_operator == sql::SetOperator::kIntersect) {
    what = "INTERSECT";
    kind = logical::SetOperationKind::kIntersect;
  } else if (query.set_operator == sql::SetOperator::kExcept) {
    what = "EXCEPT";
    kind = logical::SetOperationKind::kExcept;
  }
  if (query.all && query.set_operator != sql::SetOperator::kUnion) {
    return NotSupported(absl::StrCat(sv(what), " ALL"), query.offset);
  }
  std::vector<BoundQuery> inputs;
  inputs.reserve(query.inputs.size());
  for (const sql::QueryPtr& input : query.inputs) {
    VESTO_ASSIGN_OR_RETURN(BoundQuery bound, BindQueryRaw(*input, parent, true));
    if (!inputs.empty() && bound.columns.size() != inputs[0].columns.size()) {
      return SqlError(SqlState::kSyntaxError,
                      absl::StrCat("each ", sv(what),
                                   " query must have the same number of columns"))
          .At(input->offset);
    }
    inputs.push_back(std::move(bound));
  }
  const size_t width = inputs[0].columns.size();
  std::vector<Type> types;
  for (size_t i = 0; i < width; ++i) {
    std::vector<Type> candidates;
    int literal_bytes = 0;
    for (const BoundQuery& input : inputs) {
      if (input.columns[i].type.id != TypeId::kUnknown) {
        candidates.push_back(input.columns[i].type);
      } else {
        literal_bytes =
            std::max(literal_bytes, LiteralBytes(*input.plan, input.columns[i].id));
      }
    }
    if (candidates.empty()) {
      types.push_back(Type::Varchar(std::max(literal_bytes, 1)));
      continue;
    }
    auto common = types::CommonType(candidates, what);
    if (!common.ok()) return WithOffset(common.status(), query.inputs.back()->offset);
    // A literal beside a narrow column must not be cut to the column's length.
    if (types::IsString(*common) && literal_bytes > TextWidth(*common)) {
      *common = Type::Varchar(literal_bytes);
    }
    types.push_back(*common);
  }
  for (BoundQuery& input : inputs) {
    VESTO_RETURN_IF_ERROR(CoerceOutputs(&input, types, Coercion::kImplicit));
  }
  // UNION is n-ary; the others fold from the left.
  const bool n_ary = query.set_operator == sql::SetOperator::kUnion;
  BoundQuery result = std::move(inputs[0]);
  size_t next = 1;
  while (next < inputs.size()) {
    auto node = std::make_unique<logical::SetOperation>();
    node->operation = kind;
    std::vector<QueryColumn> columns;
    for (size_t i = 0; i < width; ++i) {
      columns.push_back({result.columns[i].name, NextId(), types[i]});
    }
    auto add = [&node](BoundQuery input) {
      std::vector<ColumnId> ids;
      for (const QueryColumn& column : input.columns) ids.push_back(column.id);
      node->columns.push_back(std::move(ids));
      node->children.push_back(std::move(input.plan));
    };
    add(std::move(result));
    do {
      add(std::move(inputs[next++]));
    } while (n_ary && next < inputs.size());
    node->output = OutputOf(columns);
    result = BoundQuery();
    result.columns = std::move(columns);
    result.plan = std::move(node);
  }
  return result;
}

// --- ORDER BY and LIMIT over a finished query ------------------------------------------------------

absl::Status Binder::BindOrderByOutputs(const sql::Query& query, BoundQuery* bound) {
  if (query.order_by.empty()) return absl::OkStatus();
  auto sort = std::make_unique<logical::Sort>();
  for (const sql::OrderItem& order : query.order_by) {
    const sql::Expression& ast = *order.expression;
    int position = -1;
    if (ast.kind == sql::ExpressionKind::kNumber) {
      int ordinal = 0;
      if (!absl::SimpleAtoi(ast.text, &ordinal) || ordinal < 1 ||
          ordinal > static_cast<int>(bound->columns.size())) {
        return SqlError(SqlState::kInvalidColumnReference,
                        absl::StrCat("ORDER BY position ", ast.text, " is not in select list"))
            .At(ast.offset);
      }
      position = ordinal - 1;
    } else if (ast.kind == sql::ExpressionKind::kColumn && ast.name.size() == 1) {
      for (size_t i = 0; i < bound->columns.size(); ++i) {
        if (bound->columns[i].name == ast.name[0]) {
          position = static_cast<int>(i);
          break;
        }
      }
      if (position < 0) {
        return SqlError(SqlState::kUndefinedColumn,
                        absl::StrCat("column \"", ast.name[0], "\" does not exist"))
            .At(ast.offset);
      }
    }
    logical::SortKey key;
    if (position >= 0) {
      const QueryColumn& column = bound->columns[static_cast<size_t>(position)];
      key.expression = expr::Column(column.id, column.type, column.name);
    } else {
      return SqlError(SqlState::kFeatureNotSupported,
                      "ORDER BY on a UNION/INTERSECT/EXCEPT result must be on one of the result "
                      "columns")
          .At(ast.offset);
    }
    key.descending = order.descending;
    key.nulls_first = order.nulls_first.value_or(order.descending);
    sort->keys.push_back(std::move(key));
  }
  sort->children.push_back(std::move(bound->plan));
  OutputOfChild(sort.get());
  bound->plan = std::move(sort);
  return absl::OkStatus();
}

absl::Status Binder::ApplyLimit(const sql::Expression* limit, const sql::Expression* offset,
                                Block* parent, BoundQuery* bound) {
  (void)parent;
  auto node = std::make_unique<logical::Limit>();
  auto bind = [this](const sql::Expression& ast, std::string_view what,
                     ExprPtr* out) -> absl::Status {
    if (ast.kind == sql::ExpressionKind::kNull) return absl::OkStatus();
    VESTO_ASSIGN_OR_RETURN(*out, BindScalarExpression(ast, Type::Bigint()));
    if (!(*out)->is_constant()) return absl::OkStatus();
    if ((*out)->constant.is_null()) {
      out->reset();
      return absl::OkStatus();
    }
    if ((*out)->constant.integer() < 0) {
      return SqlError(SqlState::kInvalidParameterValue,
                      absl::StrCat(sv(what), " must not be negative"))
          .At(ast.offset);
    }
    return absl::OkStatus();
  };
  if (limit != nullptr) VESTO_RETURN_IF_ERROR(bind(*limit, "LIMIT", &node->limit));
  if (offset != nullptr) VESTO_RETURN_IF_ERROR(bind(*offset, "OFFSET", &node->offset));
  if (node->limit == nullptr && node->offset == nullptr) return absl::OkStatus();
  node->children.push_back(std::move(bound->plan));
  OutputOfChild(node.get());
  bound->plan = std::move(node);
  return absl::OkStatus();
}

// --- WITH ---------------------------------------------------------------------------------------

absl::Status Binder::BindWith(const sql::With& with, Block* parent, WithBinding* binding) {
  binding->scope.parent = ctes_;
  ctes_ = &binding->scope;
  for (const sql::CommonTable& table : with.tables) {
    for (const Cte* other : binding->scope.tables) {
      if (other->name == table.name) {
        return SqlError(SqlState::kDuplicateAlias,
                        absl::StrCat("WITH query name \"", table.name,
                                     "\" specified more than once"))
            .At(table.offset);
      }
    }
    auto cte = std::make_unique<Cte>();
    cte->name = table.name;
    NodePtr definition;
    const sql::Query& query = *table.query;
    const bool may_recurse = with.recursive && query.kind == sql::Query::Kind::kSetOperation &&
                             query.set_operator == sql::SetOperator::kUnion &&
                             !query.with.has_value();
    if (may_recurse) {
      VESTO_RETURN_IF_ERROR(BindRecursiveCte(table, parent, cte.get(), &definition));
    }
    if (definition == nullptr) {
      VESTO_ASSIGN_OR_RETURN(BoundQuery bound, BindQuery(query, parent));
      if (table.columns.size() > bound.columns.size()) {
        return SqlError(SqlState::kInvalidColumnReference,
                        absl::StrCat("table \"", table.name, "\" has ", bound.columns.size(),
                                     " columns available but ", table.columns.size(),
                                     " columns specified"))
            .At(table.offset);
      }
      cte->columns = bound.columns;
      for (size_t i = 0; i < table.columns.size(); ++i) cte->columns[i].name = table.columns[i];
      definition = std::move(bound.plan);
    }
    cte->number = next_cte_++;
    binding->scope.tables.push_back(cte.get());
    binding->tables.push_back(std::move(cte));
    binding->definitions.push_back(std::move(definition));
  }
  return absl::OkStatus();
}

// seed UNION ALL step, where the step reads the last round by the CTE's own name. Leaves
// `definition` null when the query does not refer to itself.
absl::Status Binder::BindRecursiveCte(const sql::CommonTable& table, Block* parent, Cte* cte,
                                      NodePtr* definition) {
  const sql::Query& query = *table.query;
  if (query.inputs.size() < 2) return absl::OkStatus();
  // Its name must not be visible to the seed.
  std::vector<BoundQuery> seeds;
  for (size_t i = 0; i + 1 < query.inputs.size(); ++i) {
    auto seed = BindQuery(*query.inputs[i], parent);
    if (!seed.ok()) return seed.status();
    seeds.push_back(std::move(*seed));
  }
  const size_t width = seeds[0].columns.size();
  if (!table.columns.empty() && table.columns.size() > width) {
    return SqlError(SqlState::kInvalidColumnReference,
                    absl::StrCat("table \"", table.name, "\" has ", width,
                                 " columns available but ", table.columns.size(),
                                 " columns specified"))
        .At(table.offset);
  }
  std::vector<Type> types;
  for (size_t i = 0; i < width; ++i) {
    std::vector<Type> candidates;
    for (const BoundQuery& seed : seeds) {
      if (seed.columns.size() != width) {
        return SqlError(SqlState::kSyntaxError,
                        "each UNION query must have the same number of columns")
            .At(table.offset);
      }
      candidates.push_back(seed.columns[i].type);
    }
    auto common = types::CommonType(candidates, "UNION");
    if (!common.ok()) return WithOffset(common.status(), table.offset);
    types.push_back(*common);
  }
  // The step sees the types of the CTE; where it answers with wider ones, it is bound again.
  CteScope inner;
  inner.parent = ctes_;
  for (int attempt = 0; attempt < 3; ++attempt) {
    Cte self;
    self.name = table.name;
    self.number = next_cte_++;
    for (size_t i = 0; i < width; ++i) {
      const std::string& name =
          i < table.columns.size() ? table.columns[i] : seeds[0].columns[i].name;
      self.columns.push_back({name, NextId(), types[i]});
    }
    inner.tables = {&self};
    const size_t privileges = out_.privileges.size();
    ctes_ = &inner;
    auto step = BindQuery(*query.inputs.back(), parent);
    ctes_ = inner.parent;
    if (!step.ok()) return step.status();
    if (self.uses == 0) {
      out_.privileges.resize(privileges);  // bound once more as an ordinary query
      return absl::OkStatus();
    }
    if (!query.all) return NotSupported("WITH RECURSIVE with UNION without ALL", table.offset);
    if (step->columns.size() != width) {
      return SqlError(SqlState::kSyntaxError,
                      "each UNION query must have the same number of columns")
          .At(query.inputs.back()->offset);
    }
    bool wider = false;
    std::vector<Type> common_types;
    for (size_t i = 0; i < width; ++i) {
      auto common = types::CommonType({types[i], step->columns[i].type}, "UNION");
      if (!common.ok()) return WithOffset(common.status(), query.inputs.back()->offset);
      wider = wider || *common != types[i];
      common_types.push_back(*common);
    }
    // A string or a decimal that grows by each round settles at the widest form.
    if (wider && attempt < 2) {
      if (attempt == 1) {
        for (size_t i = 0; i < width; ++i) {
          if (common_types[i] == types[i]) continue;
          if (common_types[i].id == TypeId::kVarchar) common_types[i].length = kVarcharMaxBytes;
          if (common_types[i].id == TypeId::kDecimal) {
            common_types[i].length = kDecimalMaxPrecision;
          }
        }
      }
      types = std::move(common_types);
      continue;
    }
    VESTO_RETURN_IF_ERROR(CoerceOutputs(&*step, types, Coercion::kExplicit));
    for (BoundQuery& seed : seeds) {
      VESTO_RETURN_IF_ERROR(CoerceOutputs(&seed, types, Coercion::kImplicit));
    }
    BoundQuery seed = std::move(seeds[0]);
    if (seeds.size() > 1) {
      auto all = std::make_unique<logical::SetOperation>();
      all->operation = logical::SetOperationKind::kUnionAll;
      std::vector<QueryColumn> columns;
      for (size_t i = 0; i < width; ++i) {
        columns.push_back({seed.columns[i].name, NextId(), types[i]});
      }
      seeds[0] = std::move(seed);
      for (BoundQuery& part : seeds) {
        std::vector<ColumnId> ids;
        for (const QueryColumn& column : part.columns) ids.push_back(column.id);
        all->columns.push_back(std::move(ids));
        all->children.push_back(std::move(part.plan));
      }
      all->output = OutputOf(columns);
      seed = BoundQuery{std::move(all), std::move(columns)};
    }
    auto node = std::make_unique<logical::RecursiveCte>();
    node->cte = self.number;
    node->name = table.name;
    for (const QueryColumn& column : seed.columns) node->seed_columns.push_back(column.id);
    for (const QueryColumn& column : step->columns) node->step_columns.push_back(column.id);
    node->children.push_back(std::move(seed.plan));
    node->children.push_back(std::move(step->plan));
    cte->columns = self.columns;
    node->output = OutputOf(self.columns);
    *definition = std::move(node);
    return absl::OkStatus();
  }
  return absl::OkStatus();
}

// Unused tables are dropped; the first definition ends up outermost.
NodePtr Binder::WrapWith(WithBinding binding, NodePtr plan) {
  for (size_t i = binding.tables.size(); i-- > 0;) {
    const Cte& cte = *binding.tables[i];
    if (cte.uses == 0) continue;
    auto node = std::make_unique<logical::CteDefinition>();
    node->cte = cte.number;
    node->name = cte.name;
    node->output = plan->output;
    node->children.push_back(std::move(binding.definitions[i]));
    node->children.push_back(std::move(plan));
    plan = std::move(node);
  }
  return plan;
}

// --- Types of finished queries --------------------------------------------------------------------

// Finds the expression that makes column `id` and gives it another type in place: a literal takes
// the type, other expressions of an unshared Project get a cast. False where nothing was done.
bool Binder::ReplaceUnknown(logical::Node* node, ColumnId id, const Type& type, Coercion mode,
                            absl::Status* status) {
  switch (node->kind) {
    case NodeKind::kProject: {
      auto& project = node->As<logical::Project>();
      for (size_t i = 0; i < project.output.size(); ++i) {
        if (project.output[i].id != id) continue;
        ExprPtr& value = project.expressions[i];
        if (value->is_column() && value->type.id == TypeId::kUnknown &&
            ReplaceUnknown(project.children[0].get(), value->column, type, mode, status)) {
          value->type = type;
          project.output[i].type = type;
          return true;
        }
        auto coerced = Coerce(std::move(value), type, mode);
        if (!coerced.ok()) {
          *status = coerced.status();
          return true;
        }
        value = Fold(std::move(*coerced));
        project.output[i].type = type;
        return true;
      }
      return false;
    }
    case NodeKind::kValues: {
      auto& values = node->As<logical::Values>();
      for (size_t i = 0; i < values.output.size(); ++i) {
        if (values.output[i].id != id) continue;
        for (auto& row : values.rows) {
          auto coerced = Coerce(std::move(row[i]), type, mode);
          if (!coerced.ok()) {
            *status = coerced.status();
            return true;
          }
          row[i] = Fold(std::move(*coerced));
        }
        values.output[i].type = type;
        return true;
      }
      return false;
    }
    case NodeKind::kSort:
    case NodeKind::kLimit:
    case NodeKind::kFilter:
    case NodeKind::kDistinct:
    case NodeKind::kCteDefinition: {
      const size_t child = node->kind == NodeKind::kCteDefinition ? 1 : 0;
      if (!ReplaceUnknown(node->children[child].get(), id, type, mode, status)) return false;
      for (logical::OutputColumn& column : node->output) {
        if (column.id == id) column.type = type;
      }
      logical::VisitExpressions(*node, [id, &type](ExprPtr& expression) {
        expression = expr::Transform(std::move(expression), [id, &type](expr::Expr& part) {
          if (part.is_column() && part.column == id) part.type = type;
          return ExprPtr();
        });
      });
      return true;
    }
    default: return false;
  }
}

void Binder::ResolveUnknowns(BoundQuery* query) {
  for (QueryColumn& column : query->columns) {
    if (column.type.id != TypeId::kUnknown) continue;
    // Width of the literal: Coerce to VARCHAR(0) keeps it, then the output tells.
    absl::Status status;
    int width = kVarcharMaxBytes;
    logical::Node* node = query->plan.get();
    while (node != nullptr && node->kind != NodeKind::kProject && node->kind != NodeKind::kValues) {
      node = node->children.empty() ? nullptr
             : node->kind == NodeKind::kCteDefinition ? node->children[1].get()
                                                      : node->children[0].get();
    }
    if (node != nullptr) {
      auto widen = [&width](const expr::Expr& value, bool first) {
        if (first) width = 1;
        if (!value.is_constant()) {
          width = kVarcharMaxBytes;
        } else if (!value.constant.is_null()) {
          width = std::max(width, static_cast<int>(value.constant.text().size()));
        }
      };
      for (size_t i = 0; i < node->output.size(); ++i) {
        if (node->output[i].id != column.id) continue;
        if (node->kind == NodeKind::kProject) {
          widen(*node->As<logical::Project>().expressions[i], true);
        } else {
          bool first = true;
          for (const auto& row : node->As<logical::Values>().rows) {
            widen(*row[i], first);
            first = false;
          }
        }
      }
    }
    const Type type = Type::Varchar(std::clamp(width, 1, kVarcharMaxBytes));
    if (ReplaceUnknown(query->plan.get(), column.id, type, Coercion::kImplicit, &status)) {
      column.type = type;
    }
  }
}

absl::Status Binder::CoerceOutputs(BoundQuery* query, const std::vector<Type>& types,
                                   Coercion mode, const std::vector<std::string>* column_names) {
  bool same = true;
  for (size_t i = 0; i < types.size(); ++i) {
    QueryColumn& column = query->columns[i];
    if (column.type == types[i]) continue;
    const bool shapeless = query->plan->kind == NodeKind::kProject ||
                           query->plan->kind == NodeKind::kValues ||
                           column.type.id == TypeId::kUnknown;
    if (shapeless) {
      absl::Status status;
      if (ReplaceUnknown(query->plan.get(), column.id, types[i], mode, &status)) {
        if (!status.ok()) {
          if (column_names != nullptr && SqlStateOf(status) == SqlState::kCannotCoerce) {
            return SqlError(SqlState::kDatatypeMismatch,
                            absl::StrCat("column \"", (*column_names)[i], "\" is of type ",
                                         types[i].ToString(), " but expression is of type ",
                                         column.type.ToString()))
                .At(OffsetOf(status))
                .Hint("You will need to rewrite or cast the expression.");
          }
          return status;
        }
        column.type = types[i];
        continue;
      }
    }
    same = false;
  }
  if (same) return absl::OkStatus();
  auto project = std::make_unique<logical::Project>();
  std::vector<QueryColumn> columns;
  for (size_t i = 0; i < query->columns.size(); ++i) {
    const QueryColumn& from = query->columns[i];
    ExprPtr value = expr::Column(from.id, from.type, from.name);
    Type type = from.type;
    if (i < types.size() && from.type != types[i]) {
      auto coerced = Coerce(std::move(value), types[i], mode);
      if (!coerced.ok()) {
        if (column_names != nullptr && SqlStateOf(coerced.status()) == SqlState::kCannotCoerce) {
          return SqlError(SqlState::kDatatypeMismatch,
                          absl::StrCat("column \"", (*column_names)[i], "\" is of type ",
                                       types[i].ToString(), " but expression is of type ",
                                       from.type.ToString()))
              .Hint("You will need to rewrite or cast the expression.");
        }
        return coerced.status();
      }
      value = std::move(*coerced);
      type = types[i];
    }
    columns.push_back({from.name, NextId(), type});
    if (auto origin = origins_.find(from.id); origin != origins_.end() && value->is_column()) {
      origins_[columns.back().id] = origin->second;
    }
    project->expressions.push_back(std::move(value));
  }
  project->output = OutputOf(columns);
  project->children.push_back(std::move(query->plan));
  query->plan = std::move(project);
  query->columns = std::move(columns);
  return absl::OkStatus();
}

}  // namespace vesto::binder
