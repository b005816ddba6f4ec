#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// One SELECT block. The order of the plan is the order of evaluation; the order of binding differs,
// because an alias of the select list may be used before it.
namespace vesto::binder {
namespace {

constexpr size_t kGroupingSetsMax = 64;

// As PostgreSQL's target lists; * in a chain of subqueries would double without end.
constexpr size_t kOutputsMax = 1664;

absl::Status TooManyOutputs(int offset) {
  return SqlError(SqlState::kTooManyColumns, "target lists can have at most 1664 entries")
      .At(offset);
}

absl::Status TooManySets(int offset) {
  return SqlError(SqlState::kProgramLimitExceeded, "too many grouping sets present (maximum 64)")
      .At(offset);
}

}  // namespace

using logical::NodeKind;
using sql::ExpressionKind;

NodePtr Binder::EmptyRow() {
  auto values = std::make_unique<logical::Values>();
  values->rows.emplace_back();
  return values;
}

NodePtr Binder::MakeFilter(NodePtr input, ExprPtr predicate) {
  auto filter = std::make_unique<logical::Filter>();
  filter->predicate = std::move(predicate);
  filter->children.push_back(std::move(input));
  OutputOfChild(filter.get());
  return filter;
}

NodePtr Binder::AttachJoins(NodePtr plan, PendingJoins joins) {
  for (auto& join : joins) {
    join->output = plan->output;
    if (join->type == logical::JoinType::kSingle) {
      for (const auto& column : join->children[1]->output) join->output.push_back(column);
    } else if (join->type == logical::JoinType::kMark) {
      join->output.push_back({join->mark_id, Type::Boolean(), "mark"});
    }
    join->children[0] = std::move(plan);
    plan = std::move(join);
  }
  return plan;
}

// --- Conditions -----------------------------------------------------------------------------------

absl::Status Binder::BindPredicate(const sql::Expression& ast, Predicate* predicate) {
  if (ast.kind == ExpressionKind::kAnd) {
    for (const sql::ExpressionPtr& part : ast.args) {
      VESTO_RETURN_IF_ERROR(BindPredicate(*part, predicate));
    }
    return absl::OkStatus();
  }
  PendingJoins* saved = block_->pending;
  const size_t joins_before = predicate->joins.size();
  block_->pending = &predicate->joins;
  auto is_join = BindSubqueryConjunct(ast, &predicate->joins);
  if (!is_join.ok() || *is_join) {
    block_->pending = saved;
    return is_join.status();
  }
  auto bound = BindBoolean(ast, block_->clause);
  block_->pending = saved;
  if (!bound.ok()) return bound.status();
  ExprPtr condition = Fold(std::move(*bound));
  if (predicate->joins.size() == joins_before) {
    predicate->plain.push_back(std::move(condition));
  } else {
    predicate->after.push_back(std::move(condition));
  }
  return absl::OkStatus();
}

absl::Status Binder::ApplyPredicate(Predicate predicate, NodePtr* plan) {
  if (!predicate.plain.empty()) {
    *plan = MakeFilter(std::move(*plan), expr::And(std::move(predicate.plain)));
  }
  *plan = AttachJoins(std::move(*plan), std::move(predicate.joins));
  if (!predicate.after.empty()) {
    *plan = MakeFilter(std::move(*plan), expr::And(std::move(predicate.after)));
  }
  return absl::OkStatus();
}

// --- The select list ------------------------------------------------------------------------------

absl::Status Binder::ExpandStar(const sql::Expression& star, Block* block) {
  std::vector<const ScopeColumn*> columns;
  if (star.name.empty()) {
    if (block->from.relations.empty()) {
      return SqlError(SqlState::kSyntaxError, "SELECT * with no tables specified is not valid")
          .At(star.offset);
    }
    for (const ScopeColumn& column : block->from.columns) {
      if (!column.hidden) columns.push_back(&column);
    }
  } else {
    const ScopeRelation* found = nullptr;
    for (const ScopeRelation& relation : block->from.relations) {
      const bool matches = relation.alias == star.name.back() &&
                           (star.name.size() < 2 ||
                            relation.schema == star.name[star.name.size() - 2]);
      if (matches) {
        found = &relation;
        break;
      }
    }
    if (found == nullptr) {
      return SqlError(SqlState::kUndefinedTable,
                      absl::StrCat("missing FROM-clause entry for table \"", star.name.back(),
                                   "\""))
          .At(star.offset);
    }
    for (const ScopeColumn& column : found->columns) {
      if (!column.hidden) columns.push_back(&column);
    }
  }
  for (const std::string& excluded : star.excluded) {
    const auto kept = std::remove_if(columns.begin(), columns.end(),
                                     [&](const auto* column) { return column->name == excluded; });
    if (kept == columns.end()) {
      return SqlError(SqlState::kUndefinedColumn,
                      absl::StrCat("column \"", excluded, "\" does not exist"))
          .At(star.offset);
    }
    columns.erase(kept, columns.end());
  }
  for (const ScopeColumn* column : columns) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr reference, Reference(*column, block, star.offset));
    block->outputs.push_back({column->name, std::move(reference), false});
    if (block->outputs.size() > kOutputsMax) return TooManyOutputs(star.offset);
  }
  return absl::OkStatus();
}

absl::Status Binder::BindSelectItems(const sql::Select& select, Block* block) {
  for (const sql::SelectItem& item : select.items) {
    const sql::Expression& ast = *item.expression;
    if (ast.kind == ExpressionKind::kStar) {
      VESTO_RETURN_IF_ERROR(ExpandStar(ast, block));
      continue;
    }
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(ast));
    SelectOutput output;
    output.name = item.alias.empty() ? ResultName(ast) : item.alias;
    output.has_alias = !item.alias.empty();
    output.expression = Fold(std::move(bound));
    block->outputs.push_back(std::move(output));
    if (block->outputs.size() > kOutputsMax) return TooManyOutputs(item.offset);
  }
  return absl::OkStatus();
}

// --- GROUP BY -------------------------------------------------------------------------------------

absl::StatusOr<int> Binder::BindGroupKey(const sql::Expression& ast, const sql::Select& select,
                                         Block* block, Grouping* grouping) {
  const sql::Expression* source = &ast;
  if (ast.kind == ExpressionKind::kNumber) {
    int ordinal = 0;
    // Positions count select items as written; a star before one shifts it.
    if (!absl::SimpleAtoi(ast.text, &ordinal) || ordinal < 1) {
      return SqlError(SqlState::kSyntaxError, "non-integer constant in GROUP BY").At(ast.offset);
    }
    int position = 0;
    source = nullptr;
    const ScopeColumn* star_column = nullptr;
    for (const sql::SelectItem& item : select.items) {
      if (item.expression->kind == ExpressionKind::kStar) {
        const std::vector<ScopeColumn>* columns = &block->from.columns;
        for (const ScopeRelation& relation : block->from.relations) {
          if (!item.expression->name.empty() && relation.alias == item.expression->name.back()) {
            columns = &relation.columns;
          }
        }
        const auto& excluded = item.expression->excluded;
        for (const ScopeColumn& column : *columns) {
          if (column.hidden) continue;
          if (std::find(excluded.begin(), excluded.end(), column.name) != excluded.end()) continue;
          if (++position == ordinal) star_column = &column;
        }
      } else if (++position == ordinal) {
        source = item.expression.get();
      }
    }
    if (star_column != nullptr) {
      VESTO_ASSIGN_OR_RETURN(ExprPtr key, Reference(*star_column, block, ast.offset));
      for (size_t i = 0; i < grouping->keys.size(); ++i) {
        if (grouping->keys[i]->Equals(*key)) return static_cast<int>(i);
      }
      grouping->keys.push_back(std::move(key));
      grouping->key_ids.push_back(NextId());
      return static_cast<int>(grouping->keys.size()) - 1;
    }
    if (source == nullptr) {
      return SqlError(SqlState::kInvalidColumnReference,
                      absl::StrCat("GROUP BY position ", ordinal, " is not in select list"))
          .At(ast.offset);
    }
  }
  const size_t subqueries = block->before_aggregate.size();
  VESTO_ASSIGN_OR_RETURN(ExprPtr key, Bind(*source));
  key = ResolveUnknown(Fold(std::move(key)));
  const bool holds_subquery = block->before_aggregate.size() > subqueries;
  if (holds_subquery && source->kind == ExpressionKind::kColumn) {
    // An alias: the key is what it stands for.
    for (const sql::SelectItem& item : select.items) {
      if (item.alias != source->name.back()) continue;
      source = item.expression.get();
      break;
    }
  }
  if (holds_subquery) {
    if (const SubqueryKey* known = FindSubqueryKey(*source); known != nullptr) {
      block->before_aggregate.resize(subqueries);
      const auto id = std::find(grouping->key_ids.begin(), grouping->key_ids.end(), known->id);
      return static_cast<int>(id - grouping->key_ids.begin());
    }
  }
  for (size_t i = 0; i < grouping->keys.size(); ++i) {
    if (grouping->keys[i]->Equals(*key)) return static_cast<int>(i);
  }
  if (key->type.id == TypeId::kSuper && context_.strict) {
    return NotSupported("GROUP BY on SUPER", ast.offset);
  }
  const ColumnId id = NextId();
  if (holds_subquery) {
    block->subquery_keys.push_back({sql::ToSql(*source), source->kind, id, key->type});
  }
  grouping->keys.push_back(std::move(key));
  grouping->key_ids.push_back(id);
  return static_cast<int>(grouping->keys.size()) - 1;
}

absl::StatusOr<std::vector<std::vector<int>>> Binder::GroupingSetsOf(
    const sql::GroupingElement& element, const sql::Select& select, Block* block,
    Grouping* grouping) {
  using Kind = sql::GroupingElement::Kind;
  std::vector<std::vector<int>> sets;
  switch (element.kind) {
    case Kind::kExpression: {
      std::vector<int> set;
      for (const sql::ExpressionPtr& part : element.expressions) {
        VESTO_ASSIGN_OR_RETURN(const int key, BindGroupKey(*part, select, block, grouping));
        set.push_back(key);
      }
      sets.push_back(std::move(set));
      return sets;
    }
    case Kind::kGroupingSets:
      for (const sql::GroupingElement& part : element.elements) {
        VESTO_ASSIGN_OR_RETURN(auto inner, GroupingSetsOf(part, select, block, grouping));
        for (auto& set : inner) sets.push_back(std::move(set));
        if (sets.size() > kGroupingSetsMax) return TooManySets(element.offset);
      }
      return sets;
    case Kind::kRollup:
    case Kind::kCube: {
      std::vector<std::vector<int>> parts;
      for (const sql::GroupingElement& part : element.elements) {
        VESTO_ASSIGN_OR_RETURN(auto inner, GroupingSetsOf(part, select, block, grouping));
        for (auto& set : inner) parts.push_back(std::move(set));
      }
      for (const sql::ExpressionPtr& part : element.expressions) {
        VESTO_ASSIGN_OR_RETURN(const int key, BindGroupKey(*part, select, block, grouping));
        parts.push_back({key});
      }
      if (element.kind == Kind::kRollup) {
        if (parts.size() >= kGroupingSetsMax) return TooManySets(element.offset);
        for (size_t length = parts.size() + 1; length-- > 0;) {
          std::vector<int> set;
          for (size_t i = 0; i < length; ++i) set.insert(set.end(), parts[i].begin(), parts[i].end());
          sets.push_back(std::move(set));
        }
        return sets;
      }
      if (parts.size() > 6) return TooManySets(element.offset);
      for (uint32_t mask = 0; mask < (1u << parts.size()); ++mask) {
        std::vector<int> set;
        for (size_t i = 0; i < parts.size(); ++i) {
          if ((mask >> (parts.size() - 1 - i)) & 1) continue;
          set.insert(set.end(), parts[i].begin(), parts[i].end());
        }
        sets.push_back(std::move(set));
      }
      return sets;
    }
    case Kind::kAll: break;
  }
  return NotSupported("GROUP BY ALL inside grouping sets", element.offset);
}

absl::Status Binder::BindGroupBy(const sql::Select& select, Block* block, Grouping* grouping) {
  if (select.group_by.empty()) return absl::OkStatus();
  grouping->grouped = true;
  if (select.group_by.size() == 1 &&
      select.group_by[0].kind == sql::GroupingElement::Kind::kAll) {
    return absl::OkStatus();  // the keys are the items without aggregates: see BindSelect
  }
  std::vector<std::vector<int>> sets = {{}};
  bool extended = false;
  for (const sql::GroupingElement& element : select.group_by) {
    extended = extended || element.kind != sql::GroupingElement::Kind::kExpression;
    VESTO_ASSIGN_OR_RETURN(auto parts, GroupingSetsOf(element, select, block, grouping));
    std::vector<std::vector<int>> product;
    for (const auto& left : sets) {
      for (const auto& right : parts) {
        std::vector<int> set = left;
        for (int key : right) {
          if (std::find(set.begin(), set.end(), key) == set.end()) set.push_back(key);
        }
        product.push_back(std::move(set));
      }
    }
    sets = std::move(product);
    if (sets.size() > kGroupingSetsMax) return TooManySets(element.offset);
  }
  if (extended) {
    for (auto& set : sets) {
      std::vector<int> unique;
      for (int key : set) {
        if (std::find(unique.begin(), unique.end(), key) == unique.end()) unique.push_back(key);
      }
      set = std::move(unique);
    }
    grouping->sets = std::move(sets);
    grouping->grouping_id = NextId();
  }
  return absl::OkStatus();
}

void Binder::GroupByAll(Block* block, Grouping* grouping) {
  absl::flat_hash_set<ColumnId> computed;
  for (const auto& item : block->aggregates) computed.insert(item.id);
  for (const WindowUse& use : block->windows) computed.insert(use.item.id);
  for (const SelectOutput& output : block->outputs) {
    // What the item is made of, through its subqueries, which then belong below the aggregation.
    absl::flat_hash_set<ColumnId> columns;
    expr::CollectColumns(*output.expression, &columns);
    std::vector<bool> uses(block->after_aggregate.size());
    for (size_t i = uses.size(); i-- > 0;) {
      const logical::DependentJoin& join = *block->after_aggregate[i];
      const auto& made = join.children[1]->output;
      uses[i] = join.type == logical::JoinType::kMark
                    ? columns.contains(join.mark_id)
                    : std::any_of(made.begin(), made.end(), [&columns](const auto& column) {
                        return columns.contains(column.id);
                      });
      if (!uses[i]) continue;
      for (const auto& equality : join.equalities) {
        expr::CollectColumns(*equality.first, &columns);
      }
      columns.insert(join.correlated.begin(), join.correlated.end());
    }
    const bool aggregated = std::any_of(columns.begin(), columns.end(),
                                        [&](ColumnId id) { return computed.contains(id); });
    if (aggregated || output.expression->is_constant()) continue;
    grouping->keys.push_back(output.expression->Clone());
    grouping->key_ids.push_back(NextId());
    PendingJoins kept;
    for (size_t i = 0; i < uses.size(); ++i) {
      (uses[i] ? block->before_aggregate : kept).push_back(std::move(block->after_aggregate[i]));
    }
    block->after_aggregate = std::move(kept);
  }
}

// --- What may stand above an aggregation ----------------------------------------------------------

absl::Status Binder::MapGrouped(const Grouping& grouping, const Block& block,
                                const absl::flat_hash_set<ColumnId>& from_ids,
                                ExprPtr* expression) {
  absl::Status status;
  std::function<ExprPtr(expr::Expr&)> replace = [&](expr::Expr& node) -> ExprPtr {
    if (!status.ok()) return nullptr;
    if (node.kind == expr::ExprKind::kCall && node.function == nullptr &&
        node.name == "grouping") {
      // Bits of the grouping id, the first argument's highest.
      ExprPtr sum;
      for (size_t i = 0; i < node.args.size(); ++i) {
        int key = -1;
        for (size_t k = 0; k < grouping.keys.size(); ++k) {
          const bool named =
              node.args[i]->is_column() && node.args[i]->column == grouping.key_ids[k];
          if (named || grouping.keys[k]->Equals(*node.args[i])) key = static_cast<int>(k);
        }
        if (key < 0) {
          status = SqlError(SqlState::kGroupingError,
                            "arguments to GROUPING must be grouping expressions of the query")
                       .At(node.offset);
          return nullptr;
        }
        if (grouping.sets.empty()) continue;
        ExprPtr bit = expr::Column(grouping.grouping_id, Type::Bigint(), "grouping id");
        bit = expr::Arithmetic(expr::Op::kDivide, std::move(bit),
                               expr::Constant(Value::Bigint(int64_t{1} << key)));
        bit = expr::Arithmetic(expr::Op::kModulo, std::move(bit),
                               expr::Constant(Value::Bigint(2)));
        const int64_t weight = int64_t{1} << (node.args.size() - 1 - i);
        if (weight > 1) {
          bit = expr::Arithmetic(expr::Op::kMultiply, std::move(bit),
                                 expr::Constant(Value::Bigint(weight)));
        }
        sum = sum == nullptr
                  ? std::move(bit)
                  : expr::Arithmetic(expr::Op::kAdd, std::move(sum), std::move(bit));
      }
      if (sum == nullptr) return expr::Constant(Value::Integer(0));
      return expr::Cast(std::move(sum), Type::Integer(), false);
    }
    if (node.is_constant()) return nullptr;
    for (size_t i = 0; i < grouping.keys.size(); ++i) {
      if (!grouping.keys[i]->Equals(node)) continue;
      const std::string name =
          grouping.keys[i]->is_column() ? grouping.keys[i]->name : std::string("?column?");
      ExprPtr key = expr::Column(grouping.key_ids[i], node.type, name);
      key->offset = node.offset;
      return key;
    }
    if (node.is_column() && from_ids.contains(node.column)) {
      std::string name = node.name;
      for (const ScopeRelation& relation : block.from.relations) {
        for (const ScopeColumn& column : relation.columns) {
          if (column.id == node.column && !relation.alias.empty()) {
            name = absl::StrCat(relation.alias, ".", column.name);
          }
        }
      }
      status = SqlError(SqlState::kGroupingError,
                        absl::StrCat("column \"", name,
                                     "\" must appear in the GROUP BY clause or be used in an "
                                     "aggregate function"))
                   .At(node.offset);
    }
    return nullptr;
  };
  *expression = expr::Transform(std::move(*expression), replace);
  return status;
}

absl::Status Binder::MapGroupedSubquery(const Grouping& grouping, const Block& block,
                                        const absl::flat_hash_set<ColumnId>& from_ids,
                                        logical::DependentJoin* join) {
  for (auto& equality : join->equalities) {
    VESTO_RETURN_IF_ERROR(MapGrouped(grouping, block, from_ids, &equality.first));
  }
  if (join->residual != nullptr) {
    VESTO_RETURN_IF_ERROR(MapGrouped(grouping, block, from_ids, &join->residual));
  }
  absl::flat_hash_map<ColumnId, ColumnId> renamed;
  for (ColumnId& id : join->correlated) {
    if (!from_ids.contains(id)) continue;
    bool found = false;
    for (size_t i = 0; i < grouping.keys.size(); ++i) {
      if (grouping.keys[i]->is_column() && grouping.keys[i]->column == id) {
        renamed[id] = grouping.key_ids[i];
        id = grouping.key_ids[i];
        found = true;
        break;
      }
    }
    if (!found) {
      std::string name = "?";
      for (const ScopeRelation& relation : block.from.relations) {
        for (const ScopeColumn& column : relation.columns) {
          if (column.id == id) name = absl::StrCat(relation.alias, ".", column.name);
        }
      }
      return SqlError(SqlState::kGroupingError,
                      absl::StrCat("subquery uses ungrouped column \"", name,
                                   "\" from outer query"));
    }
  }
  if (renamed.empty()) return absl::OkStatus();
  std::function<void(logical::Node&)> rename = [&](logical::Node& node) {
    logical::VisitExpressions(node, [&](ExprPtr& expression) {
      expression = expr::Transform(std::move(expression), [&](expr::Expr& part) {
        if (part.is_column()) {
          if (auto it = renamed.find(part.column); it != renamed.end()) part.column = it->second;
        }
        return ExprPtr();
      });
    });
    if (node.kind == NodeKind::kDependentJoin) {
      for (ColumnId& id : node.As<logical::DependentJoin>().correlated) {
        if (auto it = renamed.find(id); it != renamed.end()) id = it->second;
      }
    }
    for (NodePtr& child : node.children) rename(*child);
  };
  rename(*join->children[1]);
  return absl::OkStatus();
}

// --- The block --------------------------------------------------------------------------------------

absl::StatusOr<BoundQuery> Binder::BindSelect(const sql::Query& query, Block* parent) {
  const sql::Select& select = *query.select;
  if (select.top != nullptr && query.limit != nullptr) {
    return SqlError(SqlState::kSyntaxError, "cannot specify both TOP and LIMIT clauses")
        .At(select.top->offset);
  }
  Block block;
  block.parent = parent;
  block.select = &select;
  Block* saved_block = block_;
  struct Restore {
    Block** slot;
    Block* value;
    ~Restore() { *slot = value; }
  } restore{&block_, saved_block};
  block_ = &block;

  // FROM and WHERE.
  block.clause = "FROM";
  const bool marks = UsesOuterJoinMarks(select);
  std::vector<const sql::Expression*> conjuncts;
  auto bound_from = marks ? BindFromWithMarks(select, &block, &conjuncts)
                          : BindFrom(select.from, &block);
  if (!bound_from.ok()) return bound_from.status();
  FromItem from = std::move(*bound_from);
  if (!marks && select.where != nullptr) conjuncts.push_back(select.where.get());
  NodePtr plan = std::move(from.plan);
  block.from = std::move(from.scope);
  if (select.connect_by != nullptr || select.start_with != nullptr) {
    VESTO_RETURN_IF_ERROR(BindHierarchy(select, &block, &conjuncts, &plan));
  }
  absl::flat_hash_set<ColumnId> from_ids;
  for (const logical::OutputColumn& column : plan->output) from_ids.insert(column.id);

  if (!conjuncts.empty()) {
    block.clause = "WHERE";
    block.expand_aliases = true;
    Predicate where;
    for (const sql::Expression* conjunct : conjuncts) {
      VESTO_RETURN_IF_ERROR(BindPredicate(*conjunct, &where));
    }
    VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(where), &plan));
  }

  // GROUP BY.
  Grouping grouping;
  block.clause = "GROUP BY";
  block.expand_aliases = true;
  VESTO_RETURN_IF_ERROR(BindGroupBy(select, &block, &grouping));
  block.expand_aliases = false;

  // The select list. Its subqueries are computed above the aggregation.
  block.clause = "SELECT";
  block.pending = &block.after_aggregate;
  block.allow_aggregates = true;
  block.allow_windows = true;
  block.aliases_visible = true;
  VESTO_RETURN_IF_ERROR(BindSelectItems(select, &block));

  if (grouping.grouped && select.group_by[0].kind == sql::GroupingElement::Kind::kAll) {
    GroupByAll(&block, &grouping);
  }

  // HAVING.
  Predicate having;
  if (select.having != nullptr) {
    block.clause = "HAVING";
    block.allow_windows = false;
    block.aliases_visible = false;
    VESTO_RETURN_IF_ERROR(BindPredicate(*select.having, &having));
    block.aliases_visible = true;
    block.allow_windows = true;
  }

  // QUALIFY.
  Predicate qualify;
  if (select.qualify != nullptr) {
    block.clause = "QUALIFY";
    VESTO_RETURN_IF_ERROR(BindPredicate(*select.qualify, &qualify));
  }

  // ORDER BY: output names first, then anything the block can see.
  block.clause = "ORDER BY";
  struct Order {
    size_t output = 0;
    bool descending = false, nulls_first = false;
  };
  std::vector<Order> order_by;
  const size_t visible = block.outputs.size();
  for (const sql::OrderItem& order : query.order_by) {
    const sql::Expression& ast = *order.expression;
    Order key;
    key.descending = order.descending;
    key.nulls_first = order.nulls_first.value_or(order.descending);
    bool found = false;
    if (ast.kind == ExpressionKind::kNumber) {
      int ordinal = 0;
      if (!absl::SimpleAtoi(ast.text, &ordinal) || ordinal < 1 ||
          ordinal > static_cast<int>(visible)) {
        return SqlError(SqlState::kInvalidColumnReference,
                        absl::StrCat("ORDER BY position ", ast.text, " is not in select list"))
            .At(ast.offset);
      }
      key.output = static_cast<size_t>(ordinal) - 1;
      found = true;
    } else if (ast.kind == ExpressionKind::kString) {
      return SqlError(SqlState::kSyntaxError, "non-integer constant in ORDER BY").At(ast.offset);
    } else if (ast.kind == ExpressionKind::kColumn && ast.name.size() == 1) {
      for (size_t i = 0; i < visible; ++i) {
        if (block.outputs[i].name != ast.name[0]) continue;
        if (found && !block.outputs[i].expression->Equals(*block.outputs[key.output].expression)) {
          return SqlError(SqlState::kAmbiguousColumn,
                          absl::StrCat("ORDER BY \"", ast.name[0], "\" is ambiguous"))
              .At(ast.offset);
        }
        if (!found) key.output = i;
        found = true;
      }
    }
    if (!found) {
      VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(ast));
      bound = Fold(std::move(bound));
      for (size_t i = 0; i < block.outputs.size() && !found; ++i) {
        if (!block.outputs[i].expression->Equals(*bound)) continue;
        if (expr::IsVolatile(*bound)) continue;
        key.output = i;
        found = true;
      }
      if (!found) {
        if (select.distinct) {
          return SqlError(SqlState::kInvalidColumnReference,
                          "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
              .At(ast.offset);
        }
        key.output = block.outputs.size();
        block.outputs.push_back({"?order?", ResolveUnknown(std::move(bound)), false});
      }
    }
    order_by.push_back(key);
  }

  // Below the aggregation.
  plan = AttachJoins(std::move(plan), std::move(block.before_aggregate));
  VESTO_ASSIGN_OR_RETURN(plan, AttachExpansion(&block, std::move(plan)));
  const bool aggregated =
      grouping.grouped || !block.aggregates.empty() || select.having != nullptr ||
      block.uses_grouping;
  if (aggregated) {
    auto node = std::make_unique<logical::Aggregate>();
    for (size_t i = 0; i < grouping.keys.size(); ++i) {
      const expr::Expr& key = *grouping.keys[i];
      node->keys.push_back(key.Clone());
      node->key_ids.push_back(grouping.key_ids[i]);
      node->output.push_back({grouping.key_ids[i], key.type,
                              key.is_column() ? key.name : std::string("?column?")});
      if (key.is_column()) {
        if (auto origin = origins_.find(key.column); origin != origins_.end()) {
          const auto copy = origin->second;
          origins_[grouping.key_ids[i]] = copy;
        }
      }
    }
    for (logical::AggregateItem& item : block.aggregates) {
      node->output.push_back({item.id, item.type, item.name});
      node->items.push_back(std::move(item));
    }
    node->grouping_sets = grouping.sets;
    if (!grouping.sets.empty()) {
      node->grouping_id = grouping.grouping_id;
      node->output.push_back({grouping.grouping_id, Type::Bigint(), "grouping id"});
    }
    node->children.push_back(std::move(plan));
    plan = std::move(node);

    for (SelectOutput& output : block.outputs) {
      VESTO_RETURN_IF_ERROR(MapGrouped(grouping, block, from_ids, &output.expression));
    }
    for (Predicate* predicate : {&having, &qualify}) {
      for (auto* conditions : {&predicate->plain, &predicate->after}) {
        for (ExprPtr& condition : *conditions) {
          VESTO_RETURN_IF_ERROR(MapGrouped(grouping, block, from_ids, &condition));
        }
      }
      for (auto& join : predicate->joins) {
        VESTO_RETURN_IF_ERROR(MapGroupedSubquery(grouping, block, from_ids, join.get()));
      }
    }
    for (auto& join : block.after_aggregate) {
      VESTO_RETURN_IF_ERROR(MapGroupedSubquery(grouping, block, from_ids, join.get()));
    }
    for (WindowUse& use : block.windows) {
      for (ExprPtr& arg : use.item.args) {
        VESTO_RETURN_IF_ERROR(MapGrouped(grouping, block, from_ids, &arg));
      }
      for (ExprPtr& part : use.partition_by) {
        VESTO_RETURN_IF_ERROR(MapGrouped(grouping, block, from_ids, &part));
      }
      for (auto* keys : {&use.order_by, &use.item.within_group}) {
        for (logical::SortKey& key : *keys) {
          VESTO_RETURN_IF_ERROR(MapGrouped(grouping, block, from_ids, &key.expression));
        }
      }
    }
  }

  VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(having), &plan));
  plan = AttachJoins(std::move(plan), std::move(block.after_aggregate));
  plan = AttachWindows(&block, std::move(plan));
  VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(qualify), &plan));

  // The select list, with what only ORDER BY needs behind it.
  auto project = std::make_unique<logical::Project>();
  BoundQuery result;
  for (SelectOutput& output : block.outputs) {
    const ColumnId id = NextId();
    const Type type = output.expression->type;
    if (output.expression->is_column()) {
      if (auto origin = origins_.find(output.expression->column); origin != origins_.end()) {
        const auto copy = origin->second;
        origins_[id] = copy;
      }
    }
    if (IsCompositeInterval(*output.expression)) {
      return SqlError(SqlState::kInvalidDatetimeFormat,
                      "Interval Day To Second literal cannot contain year-month parts.")
          .At(output.expression->offset);
    }
    result.columns.push_back({output.name, id, type});
    project->expressions.push_back(std::move(output.expression));
  }
  project->output = OutputOf(result.columns);
  project->children.push_back(std::move(plan));
  plan = std::move(project);

  if (select.distinct) {
    auto distinct = std::make_unique<logical::Distinct>();
    distinct->children.push_back(std::move(plan));
    OutputOfChild(distinct.get());
    plan = std::move(distinct);
  }
  if (!order_by.empty()) {
    auto sort = std::make_unique<logical::Sort>();
    for (const Order& order : order_by) {
      const QueryColumn& column = result.columns[order.output];
      logical::SortKey key;
      key.expression = expr::Column(column.id, column.type, column.name);
      key.descending = order.descending;
      key.nulls_first = order.nulls_first;
      sort->keys.push_back(std::move(key));
    }
    sort->children.push_back(std::move(plan));
    OutputOfChild(sort.get());
    plan = std::move(sort);
  }
  result.plan = std::move(plan);
  VESTO_RETURN_IF_ERROR(ApplyLimit(select.top != nullptr ? select.top.get() : query.limit.get(),
                                   query.limit_offset.get(), parent, &result));
  if (result.columns.size() > visible) {
    auto trim = std::make_unique<logical::Project>();
    std::vector<QueryColumn> columns;
    for (size_t i = 0; i < visible; ++i) {
      const QueryColumn& from_column = result.columns[i];
      trim->expressions.push_back(
          expr::Column(from_column.id, from_column.type, from_column.name));
      columns.push_back({from_column.name, NextId(), from_column.type});
      if (auto origin = origins_.find(from_column.id); origin != origins_.end()) {
        const auto copy = origin->second;
        origins_[columns.back().id] = copy;
      }
    }
    trim->output = OutputOf(columns);
    trim->children.push_back(std::move(result.plan));
    result.plan = std::move(trim);
    result.columns = std::move(columns);
  }
  return result;
}

}  // namespace vesto::binder
