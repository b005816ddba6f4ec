#include "binder/binder.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// The entry, and the rules that concern a statement as a whole.
namespace vesto::binder {

Binder::Binder(const BindContext& context) : context_(context) {
  out_.parameter_types = context.parameter_types;
}

absl::StatusOr<BoundQuery> Binder::BindTopQuery(const sql::Query& query) {
  return BindQuery(query, nullptr);
}

absl::Status Binder::FinishQuery(BoundQuery query) {
  out_.kind = StatementKind::kQuery;
  // Clients read the names of REGCLASS and its kin.
  std::vector<Type> types;
  bool named = false;
  for (const QueryColumn& column : query.columns) {
    types.push_back(types::IsNamedOid(column.type) ? Type{TypeId::kText} : column.type);
    named = named || types::IsNamedOid(column.type);
  }
  if (named) VESTO_RETURN_IF_ERROR(CoerceOutputs(&query, types, Coercion::kExplicit));
  for (const QueryColumn& column : query.columns) {
    ResultColumn result;
    result.name = column.name;
    result.type = column.type;
    if (auto origin = origins_.find(column.id); origin != origins_.end()) {
      result.table = origin->second.first;
      result.table_column = origin->second.second;
    }
    out_.columns.push_back(std::move(result));
  }
  out_.plan = std::move(query.plan);
  return absl::OkStatus();
}

// Leader-only functions may not meet user tables; compute-only ones want one.
// Source: redshift/architecture.md §18, errors.md §4.
absl::Status Binder::CheckLocality() {
  if (out_.touches_user_tables && !leader_functions_.empty()) {
    std::string details;
    for (const std::string& function : leader_functions_) {
      absl::StrAppend(&details, details.empty() ? "" : "\n", "Function \"", function,
                      "\" not supported.");
      out_.notices.push_back({NoticeSeverity::kInfo,
                              absl::StrCat("Function \"", function, "\" not supported.")});
    }
    // The notices would be lost with the statement: the detail carries them too.
    return SqlError(SqlState::kFeatureNotSupported,
                    "Specified types or functions (one per INFO message) not supported on "
                    "Redshift tables.")
        .Detail(details);
  }
  if (context_.strict && !compute_functions_.empty() && !out_.touches_user_tables) {
    return SqlError(SqlState::kInternalError,
                    "One or more of the used functions must be applied on at least one user "
                    "created tables. Examples of user table only functions are LISTAGG, MEDIAN, "
                    "PERCENTILE_CONT, etc");
  }
  return absl::OkStatus();
}

absl::Status Binder::Finish() {
  VESTO_RETURN_IF_ERROR(CheckLocality());
  out_.leader_only = !out_.touches_user_tables && out_.plan != nullptr;
  return absl::OkStatus();
}

absl::Status Binder::BindSelectStatement(const sql::Query& query,
                                         const sql::Statement& statement) {
  // SELECT ... INTO may hang on the first SELECT of the query only.
  const sql::Query* first = &query;
  while (first->kind == sql::Query::Kind::kSetOperation && !first->inputs.empty()) {
    first = first->inputs[0].get();
  }
  if (first->select != nullptr && !first->select->into.empty()) {
    return BindCreateTableAs(first->select->into, first->select->into_temporary, false, {}, {},
                             false, query, statement.offset);
  }
  VESTO_ASSIGN_OR_RETURN(BoundQuery bound, BindQuery(query, nullptr));
  return FinishQuery(std::move(bound));
}

absl::Status Binder::BindStatement(const sql::Statement& statement) {
  const sql::Statement::Node& node = statement.node;
  if (const auto* select = std::get_if<sql::SelectStatement>(&node)) {
    return BindSelectStatement(*select->query, statement);
  }
  if (const auto* insert = std::get_if<sql::InsertStatement>(&node)) {
    return BindInsert(*insert, statement.offset);
  }
  if (const auto* update = std::get_if<sql::UpdateStatement>(&node)) {
    return BindUpdate(*update, statement.offset);
  }
  if (const auto* remove = std::get_if<sql::DeleteStatement>(&node)) {
    return BindDelete(*remove, statement.offset);
  }
  if (const auto* merge = std::get_if<sql::MergeStatement>(&node)) {
    return BindMerge(*merge, statement.offset);
  }
  if (const auto* copy = std::get_if<sql::CopyStatement>(&node)) {
    return BindCopy(*copy, statement.offset);
  }
  if (const auto* copy = std::get_if<sql::ClientCopyStatement>(&node)) {
    return BindClientCopy(*copy, statement.offset);
  }
  if (const auto* unload = std::get_if<sql::UnloadStatement>(&node)) {
    return BindUnload(*unload, statement.offset);
  }
  if (const auto* create = std::get_if<sql::CreateTableAsStatement>(&node)) {
    const sql::TableAttributes& attributes = create->attributes;
    const bool given = !attributes.dist_style.empty() || !attributes.dist_key.empty() ||
                       !attributes.sort_style.empty() || !attributes.sort_keys.empty();
    return BindCreateTableAs(create->table, create->temporary, create->if_not_exists,
                             create->columns, attributes, given, *create->query,
                             statement.offset);
  }
  if (const auto* explain = std::get_if<sql::ExplainStatement>(&node)) {
    VESTO_RETURN_IF_ERROR(BindStatement(*explain->statement));
    if (out_.plan == nullptr) return NotSupported("EXPLAIN of this statement", statement.offset);
    out_.explain = true;
    out_.explain_verbose = explain->verbose;
    return absl::OkStatus();
  }
  if (const auto* show = std::get_if<sql::ShowStatement>(&node)) {
    VESTO_ASSIGN_OR_RETURN(const bool query, BindShowObjects(*show, statement.offset));
    if (query) return absl::OkStatus();
  }
  if (const auto* unsupported = std::get_if<sql::UnsupportedStatement>(&node)) {
    return NotSupported(unsupported->feature, statement.offset);
  }
  out_.kind = StatementKind::kCommand;
  out_.command = &statement;
  return absl::OkStatus();
}

absl::StatusOr<BoundStatement> Bind(const sql::Statement& statement, const BindContext& context) {
  Binder binder(context);
  VESTO_RETURN_IF_ERROR(binder.BindStatement(statement));
  VESTO_RETURN_IF_ERROR(binder.Finish());
  return std::move(binder.statement());
}

absl::StatusOr<BoundStatement> BindQuery(const sql::Query& query, const BindContext& context) {
  Binder binder(context);
  VESTO_ASSIGN_OR_RETURN(BoundQuery bound, binder.BindTopQuery(query));
  VESTO_RETURN_IF_ERROR(binder.FinishQuery(std::move(bound)));
  VESTO_RETURN_IF_ERROR(binder.Finish());
  return std::move(binder.statement());
}

absl::StatusOr<expr::ExprPtr> BindScalar(const sql::Expression& expression, const Type& type,
                                         const BindContext& context) {
  Binder binder(context);
  return binder.BindScalarExpression(expression, type);
}

}  // namespace vesto::binder
