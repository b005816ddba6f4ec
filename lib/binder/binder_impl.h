#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "binder/binder.h"
#include "expr/expr.h"
#include "logical/plan.h"
#include "sql/ast/statement.h"

// The binder's workings, shared by the files of this room and seen by nobody else.
//
// A `Block` is one query block (SELECT with its FROM). Binding an expression inside a block may
// leave things behind in it: aggregates and window functions (the expression then refers to their
// future output columns) and subqueries (dependent joins that wait in `pending` until the plan below
// them exists). BindSelect assembles them in the order of evaluation: FROM, WHERE, aggregation,
// HAVING, windows, QUALIFY, select list, DISTINCT, ORDER BY, LIMIT.
namespace vesto::binder {

using expr::ColumnId;
using expr::ExprPtr;
using logical::NodePtr;

// A column that a name may mean.
struct ScopeColumn {
  std::string name;
  ColumnId id = -1;
  Type type;
  int privilege = -1;  // index into BoundStatement::privileges: the column is added there when used
  std::string privilege_column;  // its name there: the relation's own, whatever an alias says
  bool hidden = false;  // left out of `*` and NATURAL JOIN
  // FULL JOIN USING: the merged value; otherwise null and `id` counts.
  std::shared_ptr<const expr::Expr> merged;
};

struct ScopeRelation {
  std::string schema, alias;
  std::vector<ScopeColumn> columns;
};

// What a FROM clause offers: `relations` for qualified names, `columns` for bare ones and for `*`
// (JOIN USING merges two columns of the former into one of the latter).
struct FromScope {
  std::vector<ScopeRelation> relations;
  std::vector<ScopeColumn> columns;
};

// What CONNECT BY adds to a block: the pseudo column LEVEL, and in its condition the parent row, which
// PRIOR means.
struct Hierarchy {
  ScopeColumn level;
  bool has_prior = false;
  FromScope prior;
  ScopeColumn prior_level;
};

struct QueryColumn {
  std::string name;
  ColumnId id = -1;
  Type type;
};

struct BoundQuery {
  NodePtr plan;  // its output is `columns`, in order
  std::vector<QueryColumn> columns;
};

struct Cte {
  std::string name;
  int number = 0;
  std::vector<QueryColumn> columns;
  int uses = 0;
};

struct CteScope {
  CteScope* parent = nullptr;
  std::vector<Cte*> tables;
};

using PendingJoins = std::vector<std::unique_ptr<logical::DependentJoin>>;

struct WindowUse {
  std::vector<ExprPtr> partition_by;
  std::vector<logical::SortKey> order_by;
  logical::WindowItem item;
};

// A key of GROUP BY that holds a subquery. Every binding of a subquery makes a join and columns of its own, so
// that such a key is known by its text and not by its bound form.
struct SubqueryKey {
  std::string sql;
  sql::ExpressionKind kind;
  ColumnId id = -1;  // the key's column above the aggregation
  Type type;
};

// An output column of the block that is bound already: for lateral aliases and ORDER BY.
struct SelectOutput {
  std::string name;
  ExprPtr expression;
  bool has_alias = false;
};

struct Block {
  Block* parent = nullptr;  // the enclosing block, whose columns may be used too
  FromScope from;
  std::optional<Hierarchy> hierarchy;
  // Columns of `parent`'s block that this block or one inside it uses.
  std::vector<ColumnId> correlated;

  const sql::Select* select = nullptr;
  std::vector<SelectOutput> outputs;
  bool aliases_visible = false;      // lateral aliases: `outputs`
  bool expand_aliases = false;       // WHERE, GROUP BY: bind the select item that has the name
  int expanding = 0;

  // What is allowed now, and the clause's name for the message when it is not.
  std::string_view clause = "VALUES";
  bool allow_aggregates = false;
  bool allow_windows = false;
  bool in_aggregate = false, in_window = false;

  std::vector<logical::AggregateItem> aggregates;
  std::vector<WindowUse> windows;
  std::vector<logical::SortKey> within_group;  // the one order of its sort-based aggregates
  PendingJoins before_aggregate, after_aggregate;
  PendingJoins* pending = &before_aggregate;
  bool uses_grouping = false;
  // The ON of an outer join: no row may be dropped for a subquery's sake, so each is a mark or a value.
  bool of_outer_join = false;
  std::vector<SubqueryKey> subquery_keys;
  // How many rows set-returning functions of the select list make of each (the longest counts), and
  // which one a row is.
  std::vector<ExprPtr> expanded_lengths;
  ColumnId expanded_position = -1;
  // Where the columns under an outer join mark (+) are collected; null where none may stand.
  absl::flat_hash_set<ColumnId>* marked = nullptr;
};

// A condition, taken apart: first the plain conjuncts, then the joins, then the conjuncts that use
// the joins' columns.
struct Predicate {
  std::vector<ExprPtr> plain;
  PendingJoins joins;
  std::vector<ExprPtr> after;
};

enum class Coercion : uint8_t { kImplicit, kAssignment, kExplicit };

class Binder {
 public:
  explicit Binder(const BindContext& context);

  absl::Status BindStatement(const sql::Statement& statement);
  absl::StatusOr<BoundQuery> BindTopQuery(const sql::Query& query);
  absl::Status FinishQuery(BoundQuery query);
  absl::StatusOr<ExprPtr> BindScalarExpression(const sql::Expression& expression,
                                               const Type& type);
  // The rules that concern the statement as a whole: leader-only functions, parameters.
  absl::Status Finish();
  BoundStatement& statement() { return out_; }

 private:
  // --- binder.cc, create_table_as.cc ---
  absl::Status BindSelectStatement(const sql::Query& query, const sql::Statement& statement);
  absl::Status BindCreateTableAs(const sql::Name& name, bool temporary, bool if_not_exists,
                                 const std::vector<std::string>& columns,
                                 const sql::TableAttributes& attributes, bool has_attributes,
                                 const sql::Query& query, int offset);
  absl::Status CheckLocality();

  // --- query.cc ---
  absl::StatusOr<BoundQuery> BindQueryRaw(const sql::Query& query, Block* parent,
                                          bool inside_set_operation = false);
  // As BindQueryRaw, with untyped literals of the select list resolved to VARCHAR.
  absl::StatusOr<BoundQuery> BindQuery(const sql::Query& query, Block* parent);
  absl::StatusOr<BoundQuery> BindQueryBody(const sql::Query& query, Block* parent);
  absl::StatusOr<BoundQuery> BindSetOperation(const sql::Query& query, Block* parent);
  absl::StatusOr<BoundQuery> BindValues(const sql::Query& query, Block* parent);
  absl::Status BindOrderByOutputs(const sql::Query& query, BoundQuery* bound);
  absl::Status ApplyLimit(const sql::Expression* limit, const sql::Expression* offset,
                          Block* parent, BoundQuery* bound);
  // The definitions of a WITH, made visible in `scope`; WrapWith puts them around the plan.
  struct WithBinding {
    CteScope scope;
    std::vector<std::unique_ptr<Cte>> tables;
    std::vector<NodePtr> definitions;
  };
  absl::Status BindWith(const sql::With& with, Block* parent, WithBinding* binding);
  absl::Status BindRecursiveCte(const sql::CommonTable& table, Block* parent, Cte* cte,
                                NodePtr* definition);
  NodePtr WrapWith(WithBinding binding, NodePtr plan);
  void ResolveUnknowns(BoundQuery* query);
  // Makes every output column have its type of `types`; `what` names the statement in errors.
  absl::Status CoerceOutputs(BoundQuery* query, const std::vector<Type>& types, Coercion mode,
                             const std::vector<std::string>* column_names = nullptr);
  bool ReplaceUnknown(logical::Node* node, ColumnId id, const Type& type, Coercion mode,
                      absl::Status* status);

  // --- select.cc ---
  absl::StatusOr<BoundQuery> BindSelect(const sql::Query& query, Block* parent);
  struct SelectItemPlan {
    std::string name;
    ExprPtr expression;
  };
  absl::Status BindSelectItems(const sql::Select& select, Block* block);
  absl::Status ExpandStar(const sql::Expression& star, Block* block);
  absl::Status BindPredicate(const sql::Expression& ast, Predicate* predicate);
  absl::Status ApplyPredicate(Predicate predicate, NodePtr* plan);
  struct Grouping {
    std::vector<ExprPtr> keys;
    std::vector<ColumnId> key_ids;
    std::vector<std::vector<int>> sets;
    ColumnId grouping_id = -1;
    bool grouped = false;  // GROUP BY was written
  };
  absl::Status BindGroupBy(const sql::Select& select, Block* block, Grouping* grouping);
  absl::StatusOr<int> BindGroupKey(const sql::Expression& ast, const sql::Select& select,
                                   Block* block, Grouping* grouping);
  absl::StatusOr<std::vector<std::vector<int>>> GroupingSetsOf(const sql::GroupingElement& element,
                                                               const sql::Select& select,
                                                               Block* block, Grouping* grouping);
  // GROUP BY ALL: every item of the select list without an aggregate is a key.
  void GroupByAll(Block* block, Grouping* grouping);
  absl::Status MapGrouped(const Grouping& grouping, const Block& block,
                          const absl::flat_hash_set<ColumnId>& from_ids, ExprPtr* expression);
  absl::Status MapGroupedSubquery(const Grouping& grouping, const Block& block,
                                  const absl::flat_hash_set<ColumnId>& from_ids,
                                  logical::DependentJoin* join);
  NodePtr AttachWindows(Block* block, NodePtr plan);

  // --- connect_by.cc ---
  // Replaces FROM, as bound in `block` and planned in `*plan`, by its hierarchy. Conjuncts of WHERE
  // that join its relations are taken out of `conjuncts`: they come first.
  absl::Status BindHierarchy(const sql::Select& select, Block* block,
                             std::vector<const sql::Expression*>* conjuncts, NodePtr* plan);
  absl::StatusOr<ExprPtr> BindPrior(const sql::Expression& ast);

  // --- from.cc ---
  struct FromItem {
    NodePtr plan;
    FromScope scope;
  };
  absl::StatusOr<FromItem> BindFrom(const std::vector<sql::TableRefPtr>& list, Block* block);
  absl::StatusOr<FromItem> BindTableRef(const sql::TableRef& ref, Block* parent);
  absl::StatusOr<FromItem> BindNamedTable(const sql::TableRef& ref, Block* parent);
  bool AttachToSide(std::unique_ptr<logical::DependentJoin> subquery, logical::Join* join);
  absl::StatusOr<FromItem> BindJoin(const sql::TableRef& ref, Block* parent);
  absl::StatusOr<FromItem> BindTableFunction(const sql::TableRef& ref, Block* parent);
  absl::StatusOr<FromItem> BindGenerateSeries(const sql::TableRef& ref);
  absl::StatusOr<FromItem> BindUnnest(const sql::TableRef& ref, Block* parent);
  absl::StatusOr<FromItem> BindOptionsTable(const sql::TableRef& ref, Block* parent);
  FromItem ScanSource(std::shared_ptr<const source::TableSource> source,
                      const sql::TableRef& ref);
  absl::StatusOr<FromItem> BindPivot(const sql::TableRef& ref, Block* parent);
  absl::StatusOr<FromItem> BindUnpivot(const sql::TableRef& ref, Block* parent);
  absl::StatusOr<FromItem> BindView(const catalog::ViewEntry& view, const sql::TableRef& ref);
  absl::StatusOr<FromItem> BindSourceQuery(std::string_view text, const sql::TableRef& ref,
                                           std::string_view schema);
  static bool UsesOuterJoinMarks(const sql::Select& select);
  absl::StatusOr<FromItem> BindFromWithMarks(const sql::Select& select, Block* block,
                                             std::vector<const sql::Expression*>* rest);
  FromItem FromCte(Cte* cte, const sql::TableRef& ref);
  FromItem FromQuery(BoundQuery query, std::string alias, std::string schema);
  absl::Status ApplyColumnAliases(const sql::TableRef& ref, FromItem* item);
  FromItem CrossJoin(FromItem left, FromItem right);
  static void SplitCondition(std::vector<ExprPtr> conjuncts, logical::Join* join);
  struct Relation {
    catalog::TablePtr table;
    catalog::ViewPtr view;
    std::shared_ptr<const source::TableSource> source;
    std::string source_query;
    std::string schema;
  };
  absl::StatusOr<Relation> ResolveRelation(const sql::Name& name, int offset);
  bool FindInSchema(const std::string& schema, const std::string& name, Relation* relation) const;
  absl::StatusOr<catalog::TablePtr> ResolveTarget(const sql::Name& name, std::string_view command,
                                                  int offset);
  FromItem ScanTable(const catalog::TablePtr& table, const std::string& alias,
                     const std::string& schema);
  absl::StatusOr<FromItem> ScanTarget(const catalog::TablePtr& table, const std::string& alias,
                                      ColumnId* row_id);
  void AddRelation(catalog::Oid oid, RelationUse use, bool is_view);
  int AddPrivilege(catalog::Oid oid, const std::string& name, std::string privilege);
  void AddSchemaPrivilege(catalog::Oid schema, std::string privilege);
  void AddSystemPrivilege(std::string_view schema, std::string_view name);
  // Every use of a column of `item` from here on is listed under the privilege.
  static void GuardColumns(int privilege, FromItem* item);
  std::vector<std::string> SearchPath() const;

  // --- expression.cc ---
  absl::StatusOr<ExprPtr> Bind(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindUnfolded(const sql::Expression& ast);
  // The key of GROUP BY that `ast` is, where that holds a subquery; else null.
  const SubqueryKey* FindSubqueryKey(const sql::Expression& ast) const;
  absl::StatusOr<ExprPtr> BindBoolean(const sql::Expression& ast, std::string_view what);
  absl::StatusOr<ExprPtr> BindColumn(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindNumber(std::string_view text, bool negative);
  absl::StatusOr<ExprPtr> BindTypedString(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindParameter(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindUnary(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindJunction(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindIsBoolean(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindIsDistinctFrom(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> Distinguish(ExprPtr left, ExprPtr right, int offset);
  absl::StatusOr<ExprPtr> BindBetween(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindLike(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindInList(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindCase(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindCast(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindSubscript(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> Reference(const ScopeColumn& column, Block* owner, int offset);
  absl::StatusOr<ExprPtr> FindLateralAlias(const std::string& name, bool* found);
  ExprPtr Navigate(ExprPtr base, std::string_view attribute, absl::Status* status);
  // The name of an unnamed select item (functions.md §0).
  std::string ResultName(const sql::Expression& ast) const;

  // --- array.cc ---
  absl::StatusOr<ExprPtr> BindArray(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindArrayQuery(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindArrayElement(const sql::Expression& ast, ExprPtr base);
  absl::StatusOr<ExprPtr> BindArrayExpansion(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindSeriesExpansion(const sql::Expression& ast);
  ExprPtr Expand(ExprPtr length);
  absl::StatusOr<ExprPtr> ContainsElement(ExprPtr array, ExprPtr element, int offset);
  absl::StatusOr<ExprPtr> NameOfOid(ExprPtr oid);
  absl::StatusOr<ExprPtr> OidOfName(ExprPtr name, const Type& to);
  absl::StatusOr<NodePtr> AttachExpansion(Block* block, NodePtr plan);
  NodePtr NumbersUpTo(int64_t count, ColumnId* id);

  // --- operators.cc ---
  absl::StatusOr<ExprPtr> BindBinary(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> Compare(expr::Op op, ExprPtr left, ExprPtr right, int offset);
  absl::StatusOr<ExprPtr> CompareRows(expr::Op op, std::vector<ExprPtr> left,
                                      std::vector<ExprPtr> right, int offset);
  // Brings two sides to one comparable type.
  absl::Status UnifyForComparison(std::string_view op, ExprPtr* left, ExprPtr* right, int offset);
  absl::StatusOr<ExprPtr> ArithmeticOperator(const std::string& op, ExprPtr left, ExprPtr right,
                                             int offset);
  absl::StatusOr<ExprPtr> Concatenate(ExprPtr left, ExprPtr right, int offset);
  absl::StatusOr<ExprPtr> MakeLike(expr::LikeKind kind, bool negated, ExprPtr value,
                                   ExprPtr pattern, ExprPtr escape, int offset);
  absl::Status OperatorMissing(std::string_view op, const Type* left, const Type& right,
                               int offset) const;

  // --- coercion.cc ---
  absl::StatusOr<ExprPtr> Coerce(ExprPtr expression, const Type& to, Coercion mode);
  // Converts all to their common type; `what` names the construct in the error.
  absl::Status MakeCommon(std::vector<ExprPtr>* expressions, std::string_view what, int offset,
                          Type* type);
  // The literal as text where no other type is asked for.
  ExprPtr ResolveUnknown(ExprPtr expression);
  absl::StatusOr<Type> CastTarget(const sql::TypeName& name, const Type& from) const;
  ExprPtr Fold(ExprPtr expression) const;

  // --- call.cc ---
  absl::StatusOr<ExprPtr> BindFunction(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindSpecialForm(const sql::Expression& ast, const std::string& name,
                                          bool* handled);
  absl::StatusOr<ExprPtr> BindAggregate(const sql::Expression& ast,
                                        const functions::AggregateFunction& function);
  absl::StatusOr<ExprPtr> BindExtract(const sql::Expression& ast);
  // A call of a registered function: resolves the overload, converts the arguments.
  absl::StatusOr<ExprPtr> Call(std::string_view name, std::vector<ExprPtr> args, int offset);
  absl::StatusOr<ExprPtr> CallFunction(const functions::ScalarFunction& function,
                                       std::string_view written, std::vector<ExprPtr> args,
                                       int offset);
  absl::Status FunctionMissing(std::string_view name, const std::vector<ExprPtr>& args, int offset,
                               bool ambiguous) const;
  absl::StatusOr<std::vector<ExprPtr>> BindArguments(const sql::Expression& ast);
  absl::StatusOr<std::vector<ExprPtr>> BindDatePartArguments(const sql::Expression& ast);
  absl::StatusOr<int> ConvertAggregateArguments(const functions::AggregateFunction& function,
                                                const std::string& name,
                                                std::vector<ExprPtr>* args, int offset,
                                                Type* result);
  absl::Status MakePercentileArguments(std::vector<ExprPtr>* args,
                                       std::vector<logical::SortKey>* within_group, int offset);
  void NoteLocality(functions::Locality locality, std::string_view name);

  // --- window.cc ---
  absl::StatusOr<ExprPtr> BindWindow(const sql::Expression& ast);

  // --- subquery.cc ---
  struct Subquery {
    BoundQuery query;
    std::vector<ColumnId> correlated;
  };
  absl::StatusOr<Subquery> BindSubquery(const sql::Query& query);
  absl::StatusOr<ExprPtr> BindScalarQuery(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindQuantified(const sql::Expression& ast);
  absl::StatusOr<ExprPtr> BindMark(const sql::Expression& ast, bool negated);
  // True when `ast` is a subquery condition that can stand as a semi or anti join.
  absl::StatusOr<bool> BindSubqueryConjunct(const sql::Expression& ast, PendingJoins* joins);
  absl::StatusOr<std::unique_ptr<logical::DependentJoin>> MakeMembership(
      const sql::Expression& left, const sql::Query& query, int offset);

  // --- dml: insert.cc, update.cc, merge.cc, copy_options.cc, client_copy.cc ---
  absl::Status BindInsert(const sql::InsertStatement& insert, int offset);
  // What an INSERT fills, and from where.
  struct InsertTarget {
    catalog::TablePtr table;
    size_t privilege = 0;
    std::vector<int> columns;          // of the table
    std::vector<ColumnId> source_ids;  // parallel to `columns`
    // By table column: the flag that a row takes its identity column's generated value; -1: none.
    std::vector<ColumnId> flags;
  };
  absl::StatusOr<InsertTarget> ResolveInsertTarget(const sql::Name& name, std::string_view action,
                                                   const std::vector<std::string>& columns,
                                                   int offset);
  // The Insert over `source`; the other columns get their defaults.
  absl::StatusOr<NodePtr> MakeInsert(InsertTarget target, NodePtr source);
  // False when `show` is of another form, which is a command.
  absl::StatusOr<bool> BindShowObjects(const sql::ShowStatement& show, int offset);
  absl::Status BindClientCopy(const sql::ClientCopyStatement& copy, int offset);
  absl::Status BindUpdate(const sql::UpdateStatement& update, int offset);
  absl::Status BindDelete(const sql::DeleteStatement& remove, int offset);
  absl::Status BindMerge(const sql::MergeStatement& merge, int offset);
  absl::Status BindCopy(const sql::CopyStatement& copy, int offset);
  absl::Status BindUnload(const sql::UnloadStatement& unload, int offset);
  absl::StatusOr<ExprPtr> DefaultOf(const catalog::ColumnEntry& column);
  absl::StatusOr<ExprPtr> Assign(ExprPtr value, const catalog::ColumnEntry& column, int offset);
  absl::StatusOr<std::vector<int>> TargetColumns(const catalog::TableEntry& table,
                                                 const std::vector<std::string>& names,
                                                 int offset);
  // One value per table column, null where the SET list does not name the column. `generated`
  // tells of identity columns that are SET to DEFAULT.
  absl::StatusOr<std::vector<ExprPtr>> BindAssignments(const std::vector<sql::SetClause>& set,
                                                       const catalog::TableEntry& table,
                                                       std::vector<bool>* generated);
  void DropUnusedRead(catalog::Oid target);
  void SetRowsAffectedOutput(logical::Node* node);

  // --- plan building ---
  ColumnId NextId() { return out_.next_column_id++; }
  NodePtr MakeFilter(NodePtr input, ExprPtr predicate);
  NodePtr AttachJoins(NodePtr plan, PendingJoins joins);
  static NodePtr EmptyRow();

  const BindContext& context_;
  BoundStatement out_;
  Block* block_ = nullptr;
  CteScope* ctes_ = nullptr;
  int next_cte_ = 1;
  int depth_ = 0;  // of the expression being bound
  int view_depth_ = 0;
  int views_expanded_ = 0;
  int system_depth_ = 0;        // inside the text of a system view
  int32_t as_user_ = -1;        // owner of the view being bound
  bool names_settled_ = false;  // inside a view that is no late-binding one
  const std::vector<std::string>* view_path_ = nullptr;
  int64_t cloned_nodes_ = 0;    // by lateral aliases
  std::vector<std::string> leader_functions_, compute_functions_;
  // Which table column a query column shows unchanged.
  absl::flat_hash_map<ColumnId, std::pair<catalog::Oid, int>> origins_;
};

// "column "x" does not exist" and other errors of several files.
absl::Status TooComplex(int offset);

// Sets the output of pass-through nodes from their children.
void OutputOfChild(logical::Node* node);
std::vector<logical::OutputColumn> OutputOf(const std::vector<QueryColumn>& columns);

// A type by its SQL name, MAX resolved.
absl::StatusOr<Type> NamedType(const sql::TypeName& name);
// A type with room for the text form of any value of `type`.
int TextWidth(const Type& type);
// `value` in another numeric type where nothing is lost, nullopt otherwise.
std::optional<Value> ExactValue(const Value& value, const Type& to);
// The lower-case operator's comparison, or kNone.
expr::Op ComparisonOp(std::string_view op);
// The name of a constant that was written INTERVAL '1 month', without a qualifier.
inline constexpr const char* kUnqualifiedInterval = "interval";
// A composite interval literal (months and microseconds): a constant with a second one under it.
bool IsCompositeInterval(const expr::Expr& expr);

}  // namespace vesto::binder
