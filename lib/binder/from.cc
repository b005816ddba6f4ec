#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/stack_guard.h"
#include "binder/binder_impl.h"
#include "expr/evaluator.h"
#include "sql/parser/parser.h"
#include "types/type_rules.h"

// FROM: relations by name, views, subqueries, joins.
namespace vesto::binder {

using logical::JoinType;

namespace {

constexpr std::string_view kPgCatalog = "pg_catalog";
constexpr int kViewsMax = 1000;

logical::OutputColumn OutputColumnOf(const ScopeColumn& column) {
  return {column.id, column.type, column.name};
}

}  // namespace

// --- Names ------------------------------------------------------------------------------------------

std::vector<std::string> Binder::SearchPath() const {
  const std::vector<std::string>& path =
      view_path_ != nullptr ? *view_path_ : context_.search_path;
  std::vector<std::string> names;
  for (const std::string& name : path) {
    names.push_back(name == "$user" ? context_.user : name);
  }
  if (std::find(names.begin(), names.end(), kPgCatalog) == names.end()) {
    names.insert(names.begin(), std::string(kPgCatalog));
  }
  return names;
}

bool Binder::FindInSchema(const std::string& schema, const std::string& name,
                          Relation* relation) const {
  relation->schema = schema;
  if (catalog::SchemaPtr entry = context_.catalog.FindSchema(std::string_view(schema));
      entry != nullptr) {
    catalog::RelationPtr found = context_.catalog.FindRelation(entry->oid, name);
    if (auto* table = std::get_if<catalog::TablePtr>(&found); table != nullptr) {
      relation->table = *table;
      return true;
    }
    if (auto* view = std::get_if<catalog::ViewPtr>(&found); view != nullptr) {
      relation->view = *view;
      return true;
    }
  }
  if (context_.sources != nullptr) {
    relation->source = context_.sources->FindSource(schema, name);
    if (relation->source != nullptr) return true;
    relation->source_query = std::string(context_.sources->FindSourceQuery(schema, name));
    if (!relation->source_query.empty()) return true;
  }
  return false;
}

absl::StatusOr<Binder::Relation> Binder::ResolveRelation(const sql::Name& name, int offset) {
  const std::string written = absl::StrJoin(name, ".");
  Relation relation;
  auto missing = [&]() -> absl::Status {
    return SqlError(SqlState::kUndefinedTable,
                    absl::StrCat("relation \"", written, "\" does not exist"))
        .At(offset);
  };
  if (name.size() == 3 && name[0] != context_.database) {
    return NotSupported(absl::StrCat("a cross-database reference to \"", written, "\""), offset);
  }
  if (name.size() > 3 || name.empty()) {
    return SqlError(SqlState::kSyntaxError,
                    absl::StrCat("improper qualified name (too many dotted names): ", written))
        .At(offset);
  }
  if (name.size() >= 2) {
    const std::string& schema = name[name.size() - 2];
    const std::string& table = name.back();
    if (schema == "pg_temp" && context_.temp_schema != 0) {
      if (auto entry = context_.catalog.FindSchema(context_.temp_schema); entry != nullptr) {
        if (FindInSchema(entry->name, table, &relation)) return relation;
      }
      return missing();
    }
    if (FindInSchema(schema, table, &relation)) return relation;
    const bool known = context_.catalog.FindSchema(std::string_view(schema)) != nullptr ||
                       schema == kPgCatalog || schema == "information_schema";
    if (!known) {
      return SqlError(SqlState::kInvalidSchemaName,
                      absl::StrCat("schema \"", schema, "\" does not exist"))
          .At(offset);
    }
    return missing();
  }
  if (context_.temp_schema != 0) {
    if (auto entry = context_.catalog.FindSchema(context_.temp_schema); entry != nullptr) {
      if (FindInSchema(entry->name, name[0], &relation)) return relation;
    }
  }
  for (const std::string& schema : SearchPath()) {
    if (FindInSchema(schema, name[0], &relation)) return relation;
  }
  return missing();
}

void Binder::AddRelation(catalog::Oid oid, RelationUse use, bool is_view) {
  for (RelationReference& reference : out_.relations) {
    if (reference.oid != oid) continue;
    if (use == RelationUse::kWrite) reference.use = use;
    reference.direct = reference.direct || view_depth_ == 0;
    return;
  }
  out_.relations.push_back({oid, use, view_depth_ == 0, is_view});
}

int Binder::AddPrivilege(catalog::Oid oid, const std::string& name, std::string privilege) {
  RequiredPrivilege required;
  required.object = oid;
  required.object_name = name;
  required.privilege = std::move(privilege);
  required.as_user = as_user_;
  out_.privileges.push_back(std::move(required));
  return static_cast<int>(out_.privileges.size()) - 1;
}

void Binder::GuardColumns(int privilege, FromItem* item) {
  const auto guard = [privilege](std::vector<ScopeColumn>& columns) {
    for (ScopeColumn& column : columns) {
      column.privilege = privilege;
      column.privilege_column = column.name;
    }
  };
  guard(item->scope.columns);
  guard(item->scope.relations[0].columns);
}

void Binder::AddSystemPrivilege(std::string_view schema, std::string_view name) {
  // A system view's own text reads what it likes.
  if (system_depth_ > 0 || !context_.sources->NeedsSuperuser(schema, name)) return;
  RequiredPrivilege required;
  required.target = RequiredPrivilege::Target::kSystemRelation;
  required.object_name = std::string(name);
  required.privilege = "select";
  required.as_user = as_user_;
  out_.privileges.push_back(std::move(required));
}

void Binder::AddSchemaPrivilege(catalog::Oid schema, std::string privilege) {
  // USAGE lets names be looked up: those of an ordinary view were, when it was made.
  if (names_settled_ && privilege == "usage") return;
  if (schema == catalog::kPgCatalogSchemaOid || schema == catalog::kInformationSchemaOid ||
      schema == context_.temp_schema) {
    return;
  }
  for (const RequiredPrivilege& required : out_.privileges) {
    if (required.target == RequiredPrivilege::Target::kSchema && required.object == schema &&
        required.privilege == privilege && required.as_user == as_user_) {
      return;
    }
  }
  RequiredPrivilege required;
  required.target = RequiredPrivilege::Target::kSchema;
  required.object = schema;
  if (auto entry = context_.catalog.FindSchema(schema); entry != nullptr) {
    required.object_name = entry->name;
  }
  required.privilege = std::move(privilege);
  required.as_user = as_user_;
  out_.privileges.push_back(std::move(required));
}

absl::StatusOr<catalog::TablePtr> Binder::ResolveTarget(const sql::Name& name,
                                                        std::string_view command, int offset) {
  VESTO_ASSIGN_OR_RETURN(Relation relation, ResolveRelation(name, offset));
  if (relation.table == nullptr) {
    const bool view = relation.view != nullptr || !relation.source_query.empty();
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat("cannot ", sv(command), view ? " a view" : " a system table"))
        .At(offset);
  }
  AddRelation(relation.table->oid, RelationUse::kWrite, false);
  AddSchemaPrivilege(relation.table->schema, "usage");
  out_.touches_user_tables = true;
  return relation.table;
}

// --- Scans ------------------------------------------------------------------------------------------

Binder::FromItem Binder::ScanTable(const catalog::TablePtr& table, const std::string& alias,
                                   const std::string& schema) {
  auto scan = std::make_unique<logical::Scan>();
  scan->table = table;
  scan->alias = alias;
  ScopeRelation relation;
  relation.schema = schema;
  relation.alias = alias;
  for (size_t i = 0; i < table->columns.size(); ++i) {
    const catalog::ColumnEntry& column = table->columns[i];
    ScopeColumn entry;
    entry.name = column.name;
    entry.id = NextId();
    entry.type = column.type;
    scan->columns.push_back(static_cast<int>(i));
    scan->output.push_back(OutputColumnOf(entry));
    origins_[entry.id] = {table->oid, static_cast<int>(i)};
    relation.columns.push_back(std::move(entry));
  }
  out_.touches_user_tables = true;
  FromItem item;
  item.plan = std::move(scan);
  item.scope.columns = relation.columns;
  item.scope.relations.push_back(std::move(relation));
  return item;
}

// The target of UPDATE, DELETE or MERGE: its columns, and behind them the row id.
absl::StatusOr<Binder::FromItem> Binder::ScanTarget(const catalog::TablePtr& table,
                                                    const std::string& alias, ColumnId* row_id) {
  FromItem item = ScanTable(table, alias.empty() ? table->name : alias, "");
  if (auto schema = context_.catalog.FindSchema(table->schema);
      schema != nullptr && alias.empty()) {
    item.scope.relations[0].schema = schema->name;
  }
  auto& scan = item.plan->As<logical::Scan>();
  scan.emits_row_id = true;
  *row_id = NextId();
  scan.output.push_back({*row_id, Type::Bigint(), "row id"});
  const int privilege = AddPrivilege(table->oid, table->name, "select");
  GuardColumns(privilege, &item);
  return item;
}

Binder::FromItem Binder::FromQuery(BoundQuery query, std::string alias, std::string schema) {
  ScopeRelation relation;
  relation.alias = std::move(alias);
  relation.schema = std::move(schema);
  for (const QueryColumn& column : query.columns) {
    ScopeColumn entry;
    entry.name = column.name;
    entry.id = column.id;
    entry.type = column.type;
    relation.columns.push_back(std::move(entry));
  }
  FromItem item;
  item.plan = std::move(query.plan);
  item.scope.columns = relation.columns;
  item.scope.relations.push_back(std::move(relation));
  return item;
}

Binder::FromItem Binder::FromCte(Cte* cte, const sql::TableRef& ref) {
  ++cte->uses;
  auto scan = std::make_unique<logical::CteScan>();
  scan->cte = cte->number;
  scan->name = cte->name;
  BoundQuery query;
  for (const QueryColumn& column : cte->columns) {
    scan->source_columns.push_back(column.id);
    query.columns.push_back({column.name, NextId(), column.type});
    if (auto origin = origins_.find(column.id); origin != origins_.end()) {
      const auto copy = origin->second;
      origins_[query.columns.back().id] = copy;
    }
  }
  scan->output = OutputOf(query.columns);
  query.plan = std::move(scan);
  return FromQuery(std::move(query), ref.alias.empty() ? cte->name : ref.alias, "");
}

absl::StatusOr<Binder::FromItem> Binder::BindView(const catalog::ViewEntry& view,
                                                  const sql::TableRef& ref) {
  if (view_depth_ > 60) {
    return SqlError(SqlState::kInvalidRecursion,
                    absl::StrCat("infinite recursion detected in rules for relation \"", view.name,
                                 "\""))
        .At(ref.offset);
  }
  // Views over views may double at every level.
  if (++views_expanded_ > kViewsMax) {
    return SqlError(SqlState::kStatementTooComplex,
                    absl::StrCat("the statement's views expand to more than ", kViewsMax, " views"))
        .At(ref.offset);
  }
  auto parsed = sql::ParseQuery(view.query_text);
  if (!parsed.ok()) return WithOffset(parsed.status(), -1);
  Block* block = block_;
  CteScope* ctes = ctes_;
  const int32_t as_user = as_user_;
  const bool names_settled = names_settled_;
  const std::vector<std::string>* path = view_path_;
  block_ = nullptr;
  ctes_ = nullptr;
  as_user_ = view.owner;
  names_settled_ = !view.late_binding;
  if (!view.search_path.empty()) view_path_ = &view.search_path;
  ++view_depth_;
  auto bound = BindQuery(**parsed, nullptr);
  --view_depth_;
  view_path_ = path;
  as_user_ = as_user;
  names_settled_ = names_settled;
  ctes_ = ctes;
  block_ = block;
  // Offsets count in the view's text, not in the statement's.
  if (!bound.ok()) return WithOffset(bound.status(), -1);
  for (size_t i = 0; i < bound->columns.size() && i < view.column_names.size(); ++i) {
    bound->columns[i].name = view.column_names[i];
  }
  if (!view.late_binding && !view.column_types.empty() &&
      view.column_types.size() == bound->columns.size()) {
    bool castable = true;
    for (size_t i = 0; i < view.column_types.size(); ++i) {
      castable = castable && (view.column_types[i] == bound->columns[i].type ||
                              types::CanCast(bound->columns[i].type, view.column_types[i]));
    }
    if (castable) {
      VESTO_RETURN_IF_ERROR(CoerceOutputs(&*bound, view.column_types, Coercion::kExplicit));
    }
  }
  return FromQuery(std::move(*bound), ref.alias.empty() ? view.name : ref.alias, "");
}

absl::StatusOr<Binder::FromItem> Binder::BindSourceQuery(std::string_view text,
                                                         const sql::TableRef& ref,
                                                         std::string_view schema) {
  auto parsed = sql::ParseQuery(text);
  if (!parsed.ok()) return WithOffset(parsed.status(), -1);
  Block* block = block_;
  CteScope* ctes = ctes_;
  const std::vector<std::string>* path = view_path_;
  const std::vector<std::string> system_path = {std::string(kPgCatalog)};
  block_ = nullptr;
  ctes_ = nullptr;
  view_path_ = &system_path;
  ++view_depth_;
  ++system_depth_;
  auto bound = view_depth_ > 60 ? absl::StatusOr<BoundQuery>(TooComplex(ref.offset))
                                : BindQuery(**parsed, nullptr);
  --system_depth_;
  --view_depth_;
  view_path_ = path;
  ctes_ = ctes;
  block_ = block;
  if (!bound.ok()) return WithOffset(bound.status(), -1);
  return FromQuery(std::move(*bound), ref.alias.empty() ? ref.name.back() : ref.alias,
                   std::string(schema));
}

// All columns of a virtual relation.
Binder::FromItem Binder::ScanSource(std::shared_ptr<const source::TableSource> source,
                                    const sql::TableRef& ref) {
  const auto& columns = source->columns();
  const std::string alias = ref.alias.empty() ? source->name() : ref.alias;
  auto scan = std::make_unique<logical::SourceScan>();
  scan->alias = alias;
  BoundQuery query;
  std::vector<bool> hidden;
  for (size_t i = 0; i < columns.size(); ++i) {
    // A hidden column that is no oid belongs to a newer catalog than that of PostgreSQL 8.0.
    if (context_.strict && columns[i].hidden && columns[i].type.id != TypeId::kOid) continue;
    query.columns.push_back({columns[i].name, NextId(), columns[i].type});
    scan->columns.push_back(static_cast<int>(i));
    hidden.push_back(columns[i].hidden);
  }
  scan->output = OutputOf(query.columns);
  scan->source = source;
  query.plan = std::move(scan);
  out_.touches_sources = true;
  FromItem item = FromQuery(std::move(query), alias, "");
  for (size_t i = 0; i < hidden.size(); ++i) {
    item.scope.columns[i].hidden = item.scope.relations[0].columns[i].hidden = hidden[i];
  }
  return item;
}

absl::Status Binder::ApplyColumnAliases(const sql::TableRef& ref, FromItem* item) {
  if (ref.column_aliases.empty()) return absl::OkStatus();
  ScopeRelation& relation = item->scope.relations[0];
  if (ref.column_aliases.size() > relation.columns.size()) {
    return SqlError(SqlState::kInvalidColumnReference,
                    absl::StrCat("table \"", relation.alias, "\" has ", relation.columns.size(),
                                 " columns available but ", ref.column_aliases.size(),
                                 " columns specified"))
        .At(ref.offset);
  }
  for (size_t i = 0; i < ref.column_aliases.size(); ++i) {
    relation.columns[i].name = ref.column_aliases[i];
    item->scope.columns[i].name = ref.column_aliases[i];
  }
  return absl::OkStatus();
}

absl::StatusOr<Binder::FromItem> Binder::BindNamedTable(const sql::TableRef& ref, Block* parent) {
  (void)parent;
  if (ref.name.size() == 1) {
    for (CteScope* scope = ctes_; scope != nullptr; scope = scope->parent) {
      for (size_t i = scope->tables.size(); i-- > 0;) {
        if (scope->tables[i]->name != ref.name[0]) continue;
        FromItem item = FromCte(scope->tables[i], ref);
        VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
        return item;
      }
    }
  }
  VESTO_ASSIGN_OR_RETURN(Relation relation, ResolveRelation(ref.name, ref.offset));
  FromItem item;
  int privilege = -1;
  if (relation.table != nullptr) {
    const catalog::TableEntry& table = *relation.table;
    AddRelation(table.oid, RelationUse::kRead, false);
    AddSchemaPrivilege(table.schema, "usage");
    privilege = AddPrivilege(table.oid, table.name, "select");
    item = ScanTable(relation.table, ref.alias.empty() ? table.name : ref.alias,
                     ref.alias.empty() ? relation.schema : "");
  } else if (relation.view != nullptr) {
    AddRelation(relation.view->oid, RelationUse::kRead, true);
    AddSchemaPrivilege(relation.view->schema, "usage");
    privilege = AddPrivilege(relation.view->oid, relation.view->name, "select");
    VESTO_ASSIGN_OR_RETURN(item, BindView(*relation.view, ref));
    if (ref.alias.empty()) item.scope.relations[0].schema = relation.schema;
  } else if (relation.source != nullptr) {
    AddSystemPrivilege(relation.schema, ref.name.back());
    item = ScanSource(relation.source, ref);
    if (!relation.source->leader_only() && system_depth_ == 0) out_.touches_user_tables = true;
    if (ref.alias.empty()) item.scope.relations[0].schema = relation.schema;
  } else {
    AddSystemPrivilege(relation.schema, ref.name.back());
    out_.touches_sources = true;
    VESTO_ASSIGN_OR_RETURN(item, BindSourceQuery(relation.source_query, ref,
                                                 ref.alias.empty() ? relation.schema : ""));
  }
  if (privilege >= 0) GuardColumns(privilege, &item);
  VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
  return item;
}

// --- Joins ------------------------------------------------------------------------------------------

Binder::FromItem Binder::CrossJoin(FromItem left, FromItem right) {
  auto join = std::make_unique<logical::Join>();
  join->output = left.plan->output;
  for (const auto& column : right.plan->output) join->output.push_back(column);
  join->children.push_back(std::move(left.plan));
  join->children.push_back(std::move(right.plan));
  FromItem item;
  item.plan = std::move(join);
  item.scope = std::move(left.scope);
  for (auto& relation : right.scope.relations) {
    item.scope.relations.push_back(std::move(relation));
  }
  for (auto& column : right.scope.columns) item.scope.columns.push_back(std::move(column));
  return item;
}

// Equalities between the sides go to the join's keys; what is left is its residual.
void Binder::SplitCondition(std::vector<ExprPtr> conjuncts, logical::Join* join) {
  absl::flat_hash_set<ColumnId> left_ids, right_ids;
  for (const auto& column : join->children[0]->output) left_ids.insert(column.id);
  for (const auto& column : join->children[1]->output) right_ids.insert(column.id);
  auto side_of = [&](const expr::Expr& expression) {
    absl::flat_hash_set<ColumnId> columns;
    expr::CollectColumns(expression, &columns);
    bool in_left = false, in_right = false, elsewhere = false;
    for (ColumnId id : columns) {
      in_left = in_left || left_ids.contains(id);
      in_right = in_right || right_ids.contains(id);
      elsewhere = elsewhere || (!left_ids.contains(id) && !right_ids.contains(id));
    }
    if (elsewhere || in_left == in_right) return 0;
    return in_left ? 1 : 2;
  };
  std::vector<ExprPtr> residual;
  for (ExprPtr& conjunct : conjuncts) {
    if (conjunct->kind == expr::ExprKind::kCompare && conjunct->op == expr::Op::kEqual) {
      const int a = side_of(*conjunct->args[0]), b = side_of(*conjunct->args[1]);
      if (a != 0 && b != 0 && a != b) {
        ExprPtr first = std::move(conjunct->args[0]), second = std::move(conjunct->args[1]);
        conjunct->args.clear();
        if (a == 2) std::swap(first, second);
        join->equalities.emplace_back(std::move(first), std::move(second));
        continue;
      }
    }
    residual.push_back(std::move(conjunct));
  }
  if (!residual.empty()) join->residual = expr::And(std::move(residual));
}

// Joins a subquery of ON to the one input of `join` whose columns it uses, before the join itself; false
// when it uses both.
bool Binder::AttachToSide(std::unique_ptr<logical::DependentJoin> subquery, logical::Join* join) {
  absl::flat_hash_set<ColumnId> used(subquery->correlated.begin(), subquery->correlated.end());
  for (const auto& equality : subquery->equalities) expr::CollectColumns(*equality.first, &used);
  for (NodePtr& side : join->children) {
    absl::flat_hash_set<ColumnId> there;
    for (const auto& column : side->output) there.insert(column.id);
    if (!std::all_of(used.begin(), used.end(),
                     [&there](ColumnId id) { return there.contains(id); })) {
      continue;
    }
    PendingJoins one;
    one.push_back(std::move(subquery));
    side = AttachJoins(std::move(side), std::move(one));
    return true;
  }
  return false;
}

absl::StatusOr<Binder::FromItem> Binder::BindJoin(const sql::TableRef& ref, Block* parent) {
  VESTO_ASSIGN_OR_RETURN(FromItem left, BindTableRef(*ref.left, parent));
  VESTO_ASSIGN_OR_RETURN(FromItem right, BindTableRef(*ref.right, parent));
  for (const ScopeRelation& a : left.scope.relations) {
    for (const ScopeRelation& b : right.scope.relations) {
      if (!a.alias.empty() && a.alias == b.alias && a.schema == b.schema) {
        return SqlError(SqlState::kDuplicateAlias,
                        absl::StrCat("table name \"", a.alias, "\" specified more than once"))
            .At(ref.right->offset);
      }
    }
  }
  std::vector<std::string> names = ref.using_columns;
  if (ref.natural) {
    for (const ScopeColumn& column : left.scope.columns) {
      const bool common = std::any_of(
          right.scope.columns.begin(), right.scope.columns.end(),
          [&column](const ScopeColumn& other) {
            return other.name == column.name && !other.hidden && !column.hidden;
          });
      if (common) names.push_back(column.name);
    }
  }
  JoinType type = JoinType::kInner;
  switch (ref.join) {
    case sql::JoinKind::kCross:
    case sql::JoinKind::kInner: type = JoinType::kInner; break;
    case sql::JoinKind::kLeft: type = JoinType::kLeft; break;
    case sql::JoinKind::kRight: type = JoinType::kRight; break;
    case sql::JoinKind::kFull: type = JoinType::kFull; break;
  }

  Block block;
  block.parent = parent;
  block.clause = "JOIN/ON";
  block.of_outer_join = type != JoinType::kInner;
  Block* saved = block_;
  struct Restore {
    Block** slot;
    Block* value;
    ~Restore() { *slot = value; }
  } restore{&block_, saved};
  block_ = &block;

  Predicate condition;
  std::vector<ScopeColumn> merged;
  for (const std::string& name : names) {
    const ScopeColumn* sides[2] = {nullptr, nullptr};
    for (int side = 0; side < 2; ++side) {
      const FromScope& scope = side == 0 ? left.scope : right.scope;
      for (const ScopeColumn& column : scope.columns) {
        if (column.name != name) continue;
        if (sides[side] != nullptr) {
          return SqlError(SqlState::kAmbiguousColumn,
                          absl::StrCat("common column name \"", name,
                                       "\" appears more than once in ",
                                       side == 0 ? "left" : "right", " table"))
              .At(ref.offset);
        }
        sides[side] = &column;
      }
      if (sides[side] == nullptr) {
        return SqlError(SqlState::kUndefinedColumn,
                        absl::StrCat("column \"", name, "\" specified in USING clause does not "
                                                        "exist in ",
                                     side == 0 ? "left" : "right", " table"))
            .At(ref.offset);
      }
    }
    VESTO_ASSIGN_OR_RETURN(ExprPtr a, Reference(*sides[0], &block, ref.offset));
    VESTO_ASSIGN_OR_RETURN(ExprPtr b, Reference(*sides[1], &block, ref.offset));
    ScopeColumn column = type == JoinType::kRight ? *sides[1] : *sides[0];
    if (type == JoinType::kFull) {
      std::vector<ExprPtr> values;
      values.push_back(a->Clone());
      values.push_back(b->Clone());
      auto node = std::make_unique<expr::Expr>();
      node->kind = expr::ExprKind::kCoalesce;
      VESTO_RETURN_IF_ERROR(MakeCommon(&values, "JOIN/USING", ref.offset, &node->type));
      node->physical = types::DefaultPhysicalType(node->type);
      node->args = std::move(values);
      column.type = node->type;
      column.merged = std::move(node);
    }
    merged.push_back(std::move(column));
    VESTO_ASSIGN_OR_RETURN(ExprPtr equal,
                           Compare(expr::Op::kEqual, std::move(a), std::move(b), ref.offset));
    condition.plain.push_back(std::move(equal));
  }

  FromScope left_scope = left.scope, right_scope = right.scope;
  FromItem item = CrossJoin(std::move(left), std::move(right));
  auto& join = item.plan->As<logical::Join>();
  join.type = type;

  if (ref.on != nullptr) {
    block.from = item.scope;
    VESTO_RETURN_IF_ERROR(BindPredicate(*ref.on, &condition));
  }
  if (!names.empty()) {
    item.scope.columns.clear();
    auto is_merged = [&names](const ScopeColumn& column) {
      return std::find(names.begin(), names.end(), column.name) != names.end();
    };
    for (const ScopeColumn& column : merged) item.scope.columns.push_back(column);
    for (const FromScope* scope : {&left_scope, &right_scope}) {
      for (const ScopeColumn& column : scope->columns) {
        if (!is_merged(column)) item.scope.columns.push_back(column);
      }
    }
  }

  if (type != JoinType::kInner && !condition.joins.empty()) {
    for (auto& subquery : condition.joins) {
      if (!AttachToSide(std::move(subquery), &join)) {
        return SqlError(SqlState::kFeatureNotSupported,
                        "a subquery in the ON of an outer join that uses both sides is not "
                        "supported")
            .At(ref.on->offset);
      }
    }
    condition.joins.clear();
    for (ExprPtr& conjunct : condition.after) condition.plain.push_back(std::move(conjunct));
    condition.after.clear();
  }
  SplitCondition(std::move(condition.plain), &join);
  if (!condition.joins.empty()) {
    Predicate rest;
    rest.joins = std::move(condition.joins);
    rest.after = std::move(condition.after);
    VESTO_RETURN_IF_ERROR(ApplyPredicate(std::move(rest), &item.plan));
  }
  return item;
}

absl::StatusOr<Binder::FromItem> Binder::BindTableRef(const sql::TableRef& ref, Block* parent) {
  if (!base::HasStack()) return TooComplex(ref.offset);
  switch (ref.kind) {
    case sql::TableRefKind::kTable: return BindNamedTable(ref, parent);
    case sql::TableRefKind::kSubquery: {
      if (context_.strict && ref.query->kind == sql::Query::Kind::kValues) {
        return NotSupported("VALUES as a table", ref.offset);
      }
      VESTO_ASSIGN_OR_RETURN(BoundQuery query, BindQuery(*ref.query, parent));
      FromItem item = FromQuery(std::move(query), ref.alias, "");
      VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
      return item;
    }
    case sql::TableRefKind::kJoin: return BindJoin(ref, parent);
    case sql::TableRefKind::kFunction: return BindTableFunction(ref, parent);
    case sql::TableRefKind::kPivot: return BindPivot(ref, parent);
    case sql::TableRefKind::kUnpivot: return BindUnpivot(ref, parent);
  }
  return NotSupported("this kind of FROM item", ref.offset);
}

absl::StatusOr<Binder::FromItem> Binder::BindFrom(const std::vector<sql::TableRefPtr>& list,
                                                  Block* block) {
  FromItem item;
  if (list.empty()) {
    item.plan = EmptyRow();
    return item;
  }
  for (size_t i = 0; i < list.size(); ++i) {
    VESTO_ASSIGN_OR_RETURN(FromItem next, BindTableRef(*list[i], block->parent));
    if (i == 0) {
      item = std::move(next);
      continue;
    }
    for (const ScopeRelation& a : item.scope.relations) {
      for (const ScopeRelation& b : next.scope.relations) {
        if (!a.alias.empty() && a.alias == b.alias && a.schema == b.schema) {
          return SqlError(SqlState::kDuplicateAlias,
                          absl::StrCat("table name \"", a.alias, "\" specified more than once"))
              .At(list[i]->offset);
        }
      }
    }
    item = CrossJoin(std::move(item), std::move(next));
  }
  return item;
}

// A function in FROM: generate_series, a catalog function that gives rows, or any other function as
// one row of one column (FROM current_database()).
absl::StatusOr<Binder::FromItem> Binder::BindTableFunction(const sql::TableRef& ref,
                                                           Block* parent) {
  const sql::Expression& call = *ref.function;
  if (call.kind != sql::ExpressionKind::kFunction || call.name.empty()) {
    return NotSupported("this table function", ref.offset);
  }
  const std::string& name = call.name.back();
  if (name == "generate_series" && (call.args.size() == 2 || call.args.size() == 3)) {
    return BindGenerateSeries(ref);
  }
  if (name == "unnest" && call.args.size() == 1) {
    VESTO_ASSIGN_OR_RETURN(FromItem item, BindUnnest(ref, parent));
    VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
    return item;
  }
  if (name == "pg_options_to_table" && call.args.size() == 1) return BindOptionsTable(ref, parent);
  std::vector<Value> arguments;
  for (const sql::ExpressionPtr& arg : call.args) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, BindScalarExpression(*arg, Type::Unknown()));
    auto value = expr::EvaluateConstant(*bound, context_.eval);
    if (!value.ok()) {
      return NotSupported(absl::StrCat("the table function ", name, " of other than constants"),
                          arg->offset);
    }
    arguments.push_back(*std::move(value));
  }
  if (context_.sources != nullptr) {
    if (auto source = context_.sources->FindTableFunction(name, arguments); source != nullptr) {
      NoteLocality(functions::Locality::kLeaderOnly, absl::StrCat(name, "()"));
      FromItem item = ScanSource(std::move(source), ref);
      VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
      return item;
    }
  }
  if (context_.functions.FindScalar(name) == nullptr) {
    return NotSupported(absl::StrCat("the table function ", name), ref.offset);
  }
  VESTO_ASSIGN_OR_RETURN(ExprPtr value, BindScalarExpression(call, Type::Unknown()));
  const std::string alias = ref.alias.empty() ? name : ref.alias;
  BoundQuery query;
  query.columns.push_back({alias, NextId(), value->type});
  auto project = std::make_unique<logical::Project>();
  project->expressions.push_back(std::move(value));
  project->output = OutputOf(query.columns);
  project->children.push_back(EmptyRow());
  query.plan = std::move(project);
  FromItem item = FromQuery(std::move(query), alias, "");
  VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
  return item;
}

// generate_series(a, b [, step]) with bounds that are known: numbers counted from 0, then scaled.
absl::StatusOr<Binder::FromItem> Binder::BindGenerateSeries(const sql::TableRef& ref) {
  const sql::Expression& call = *ref.function;
  const std::string& name = call.name.back();
  int64_t bounds[3] = {0, 0, 1};
  bool wide = false, known = true;
  std::vector<ExprPtr> written;
  for (size_t i = 0; i < call.args.size(); ++i) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr bound, BindScalarExpression(*call.args[i], Type::Bigint()));
    // Bounds such as array_upper(current_schemas(false), 1) hold for the statement.
    auto value = expr::EvaluateConstant(*bound, context_.eval);
    if (value.ok()) {
      if (value->is_null()) bounds[2] = 0;
      bounds[i] = value->integer();
      wide = wide || bounds[i] > INT32_MAX || bounds[i] < INT32_MIN;
    } else if (call.args.size() == 3) {
      return NotSupported("generate_series of other than constants", call.args[i]->offset);
    } else {
      known = false;
    }
    written.push_back(std::move(bound));
  }
  const std::string alias = ref.alias.empty() ? name : ref.alias;
  if (!known) {
    // A statement that is only described, or bounds that follow from the catalog: those of arrays,
    // far below this reach.
    constexpr int64_t kReach = 100'000;
    NoteLocality(functions::Locality::kLeaderOnly, "generate_series()");
    ColumnId number = -1;
    NodePtr numbers = NumbersUpTo(kReach, &number);
    ExprPtr value = expr::Arithmetic(expr::Op::kAdd, std::move(written[0]),
                                     expr::Column(number, Type::Bigint(), "n"));
    numbers = MakeFilter(std::move(numbers), expr::Compare(expr::Op::kLessEqual, value->Clone(),
                                                           std::move(written[1])));
    auto project = std::make_unique<logical::Project>();
    BoundQuery query;
    query.columns.push_back({alias, NextId(), Type::Integer()});
    project->expressions.push_back(expr::Cast(std::move(value), Type::Integer(), false));
    project->output = OutputOf(query.columns);
    project->children.push_back(std::move(numbers));
    query.plan = std::move(project);
    FromItem item = FromQuery(std::move(query), alias, "");
    VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
    return item;
  }
  if (call.args.size() == 3 && bounds[2] == 0) {
    return SqlError(SqlState::kInvalidParameterValue, "step size may not be 0").At(ref.offset);
  }
  NoteLocality(functions::Locality::kLeaderOnly, "generate_series()");
  __extension__ using Wide = __int128;
  const Wide span = bounds[2] > 0 ? Wide{bounds[1]} - bounds[0] : Wide{bounds[0]} - bounds[1];
  const Wide stride = bounds[2] == 0 ? 1 : (bounds[2] > 0 ? Wide{bounds[2]} : -Wide{bounds[2]});
  const Wide count = bounds[2] == 0 || span < 0 ? 0 : span / stride + 1;
  if (count > 1'000'000'000) {
    return SqlError(SqlState::kProgramLimitExceeded, "generate_series asks for too many rows")
        .At(ref.offset);
  }
  ColumnId number = -1;
  NodePtr plan = NumbersUpTo(static_cast<int64_t>(count), &number);
  ExprPtr value = expr::Column(number, Type::Bigint(), "n");
  if (bounds[2] != 1) {
    value = expr::Arithmetic(expr::Op::kMultiply, std::move(value),
                             expr::Constant(Value::Bigint(bounds[2])));
  }
  if (bounds[0] != 0) {
    value = expr::Arithmetic(expr::Op::kAdd, std::move(value),
                             expr::Constant(Value::Bigint(bounds[0])));
  }
  const Type type = wide ? Type::Bigint() : Type::Integer();
  if (!wide) value = expr::Cast(std::move(value), type, false);
  auto project = std::make_unique<logical::Project>();
  BoundQuery query;
  query.columns.push_back({alias, NextId(), type});
  project->expressions.push_back(std::move(value));
  project->output = OutputOf(query.columns);
  project->children.push_back(std::move(plan));
  query.plan = std::move(project);
  FromItem item = FromQuery(std::move(query), alias, "");
  VESTO_RETURN_IF_ERROR(ApplyColumnAliases(ref, &item));
  return item;
}

// --- The outer join operator (+) ---------------------------------------------------------------------

namespace {

bool HasMark(const sql::Expression& ast) {
  if (ast.kind == sql::ExpressionKind::kOuterJoinMark) return true;
  return std::any_of(ast.args.begin(), ast.args.end(), [](const sql::ExpressionPtr& arg) {
    return arg != nullptr && HasMark(*arg);
  });
}

}  // namespace

bool Binder::UsesOuterJoinMarks(const sql::Select& select) {
  return select.where != nullptr && HasMark(*select.where);
}

// a.x = b.y(+): b is left-joined to what it is compared with. Conditions without marks go to
// `rest`. Source: redshift/statements.md I, "Oracle (+)".
absl::StatusOr<Binder::FromItem> Binder::BindFromWithMarks(
    const sql::Select& select, Block* block, std::vector<const sql::Expression*>* rest) {
  std::vector<FromItem> items;
  FromScope all;
  for (const sql::TableRefPtr& ref : select.from) {
    if (ref->kind == sql::TableRefKind::kJoin) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "Outer join operator (+) cannot be mixed with JOIN in FROM")
          .At(ref->offset);
    }
    VESTO_ASSIGN_OR_RETURN(FromItem item, BindTableRef(*ref, block->parent));
    for (const ScopeRelation& relation : item.scope.relations) all.relations.push_back(relation);
    for (const ScopeColumn& column : item.scope.columns) all.columns.push_back(column);
    items.push_back(std::move(item));
  }
  auto item_of = [&items](ColumnId id) {
    for (size_t i = 0; i < items.size(); ++i) {
      for (const ScopeColumn& column : items[i].scope.columns) {
        if (column.id == id) return static_cast<int>(i);
      }
    }
    return -1;
  };
  block->from = std::move(all);
  struct Condition {
    std::vector<ExprPtr> conjuncts;
    absl::flat_hash_set<int> others;
  };
  std::vector<Condition> conditions(items.size());
  std::vector<const sql::Expression*> conjuncts = {select.where.get()};
  for (size_t i = 0; i < conjuncts.size(); ++i) {
    const sql::Expression& ast = *conjuncts[i];
    if (ast.kind == sql::ExpressionKind::kAnd) {
      for (const sql::ExpressionPtr& part : ast.args) conjuncts.push_back(part.get());
      continue;
    }
    if (!HasMark(ast)) {
      rest->push_back(&ast);
      continue;
    }
    if (ast.kind == sql::ExpressionKind::kOr || ast.kind == sql::ExpressionKind::kInList ||
        ast.kind == sql::ExpressionKind::kInQuery) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "Outer join operator (+) not allowed in operand of OR or IN.")
          .At(ast.offset);
    }
    absl::flat_hash_set<ColumnId> marked;
    block->marked = &marked;
    auto bound = BindBoolean(ast, "WHERE");
    block->marked = nullptr;
    if (!bound.ok()) return bound.status();
    if (!block->before_aggregate.empty()) {
      return NotSupported("a subquery beside the outer join operator (+)", ast.offset);
    }
    int target = -1;
    for (ColumnId id : marked) {
      const int item = item_of(id);
      if (target >= 0 && item != target) {
        return SqlError(SqlState::kFeatureNotSupported,
                        "a predicate may reference only one outer-joined table")
            .At(ast.offset);
      }
      target = item;
    }
    if (target < 0) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "Outer join operator (+) must follow a column")
          .At(ast.offset);
    }
    absl::flat_hash_set<ColumnId> columns;
    expr::CollectColumns(**bound, &columns);
    Condition& condition = conditions[static_cast<size_t>(target)];
    for (ColumnId id : columns) {
      const int item = item_of(id);
      if (item >= 0 && item != target) condition.others.insert(item);
    }
    if (condition.others.size() > 1) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "A table may be outer joined to at most one other table.")
          .At(ast.offset);
    }
    condition.conjuncts.push_back(Fold(std::move(*bound)));
  }
  FromItem result;
  std::vector<bool> placed(items.size(), false);
  for (size_t i = 0; i < items.size(); ++i) {
    if (!conditions[i].conjuncts.empty()) continue;
    placed[i] = true;
    result = result.plan == nullptr ? std::move(items[i])
                                    : CrossJoin(std::move(result), std::move(items[i]));
  }
  for (bool progress = true; progress;) {
    progress = false;
    for (size_t i = 0; i < items.size(); ++i) {
      if (placed[i] || result.plan == nullptr) continue;
      const bool ready =
          std::all_of(conditions[i].others.begin(), conditions[i].others.end(),
                      [&placed](int other) { return placed[static_cast<size_t>(other)]; });
      if (!ready) continue;
      result = CrossJoin(std::move(result), std::move(items[i]));
      auto& join = result.plan->As<logical::Join>();
      join.type = JoinType::kLeft;
      SplitCondition(std::move(conditions[i].conjuncts), &join);
      placed[i] = progress = true;
    }
  }
  if (std::find(placed.begin(), placed.end(), false) != placed.end()) {
    return SqlError(SqlState::kFeatureNotSupported, "two tables cannot be outer-joined to each other")
        .At(select.where->offset);
  }
  // Names resolve in the order of FROM, whatever the order of the joins.
  result.scope = std::move(block->from);
  return result;
}

}  // namespace vesto::binder
