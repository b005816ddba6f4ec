#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "binder/bound_statement.h"
#include "catalog/catalog.h"
#include "functions/eval_context.h"
#include "functions/function.h"
#include "logical/constant_rows.h"
#include "source/table_source.h"
#include "sql/ast/statement.h"

// From a syntax tree and the catalog to a plan: names become oids and column ids, every expression
// gets a type, conversions become casts, subqueries become dependent joins.
namespace vesto::binder {

// What binding may look at. Everything referenced outlives the call, and `functions` the plan.
struct BindContext {
  const catalog::CatalogSnapshot& catalog;
  const functions::Registry& functions;
  const functions::EvalContext& eval;             // for constant folding and reading literals
  const source::SourceResolver* sources = nullptr;  // may be null: no system views
  // Schema names; "$user" stands for the user's name.
  std::vector<std::string> search_path = {"$user", "public"};
  catalog::Oid temp_schema = 0;                   // the session's pg_temp_n; 0 = none yet
  std::string user = {};
  int32_t user_id = catalog::kSuperuserId;
  std::string database = {};
  // Types of $1, $2, ... as far as the client said; unknown ones are inferred.
  std::vector<Type> parameter_types = {};
  bool error_on_nondeterministic_update = false;
  bool interval_forbid_composite_literals = true;
  // Compute-only functions without a user table are refused, as Redshift of 2023 did.
  bool strict = false;
  // Charged for the rows of a long VALUES list; outlives the plan. May be null.
  base::MemoryPool* memory = nullptr;
  // COPY FROM STDIN: rows that the client sent, in the columns' types. Null: none yet.
  std::shared_ptr<const logical::ConstantRows> client_rows = {};
};

// Binds one statement. Errors carry SQLSTATE and the offset of the offending token: 42P01, 42703,
// 42702, 42883, 42804, 42803, ...; 0A000 for what Vesto does not run; 54001 for nesting too deep.
// Thread-safety: may run on any thread; keeps no state between calls.
absl::StatusOr<BoundStatement> Bind(const sql::Statement& statement, const BindContext& context);

// A query alone: the definition of a view.
absl::StatusOr<BoundStatement> BindQuery(const sql::Query& query, const BindContext& context);

// An expression without columns, converted by assignment rules to `type` where `type` is not
// unknown: a DEFAULT, an argument of EXECUTE or CALL.
absl::StatusOr<expr::ExprPtr> BindScalar(const sql::Expression& expression, const Type& type,
                                         const BindContext& context);

// The second half of kCreateTableAs: the plan of `bound` under an Insert into `table`, which is the
// entry of `bound.create_table` with its oid.
void InsertIntoCreatedTable(catalog::TablePtr table, BoundStatement* bound);

}  // namespace vesto::binder
