#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/entries.h"
#include "expr/expr.h"
#include "source/table_source.h"

// The logical plan: what a statement computes, in relational operators over bound expressions.
// A tree of unique_ptr nodes; whoever holds it may change it.
namespace vesto::logical {

using expr::ColumnId;
using expr::ExprPtr;

enum class NodeKind : uint8_t {
  kScan, kSourceScan, kValues, kFilter, kProject, kAggregate, kJoin, kDependentJoin, kSort, kLimit,
  kWindow, kDistinct, kSetOperation, kCteScan, kCteDefinition, kRecursiveCte, kInsert, kDelete,
  kUpdate, kMerge, kCopy, kUnload,
};

struct OutputColumn {
  ColumnId id = -1;
  Type type;
  std::string name;
};

struct SortKey {
  ExprPtr expression;
  bool descending = false;
  bool nulls_first = false;
  SortKey Clone() const { return {expression->Clone(), descending, nulls_first}; }
};

// What the optimizer estimates for a node; negative = unknown.
struct Estimate {
  double rows = -1;
  double width = 0;  // bytes per row
  double startup_cost = 0, total_cost = 0;  // Redshift's EXPLAIN arithmetic
};

// How the rows of a node lie on the slices.
struct Distribution {
  enum class Kind : uint8_t {
    kAny,      // spread, no promise (EVEN)
    kHashed,   // by column::DistHash of `columns`
    kReplicated,  // every node holds all rows (DISTSTYLE ALL), read from one slice per node
    kLeader,   // on the leader alone
  };
  Kind kind = Kind::kAny;
  std::vector<ColumnId> columns;  // kHashed: any of these (equal) columns
};

// The row movement of a join, chosen by the optimizer together with the join order.
// Names as EXPLAIN prints them.
enum class Movement : uint8_t {
  kNone,        // DS_DIST_NONE
  kAllNone,     // DS_DIST_ALL_NONE
  kInner,       // DS_DIST_INNER
  kOuter,       // DS_DIST_OUTER
  kBroadcast,   // DS_BCAST_INNER
  kBoth,        // DS_DIST_BOTH
  kAllInner,    // DS_DIST_ALL_INNER
};

struct Node;
using NodePtr = std::unique_ptr<Node>;

struct Node {
  const NodeKind kind;
  std::vector<NodePtr> children;
  std::vector<OutputColumn> output;
  Estimate estimate;
  Distribution distribution;

  explicit Node(NodeKind kind_in) : kind(kind_in) {}
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  template <typename T>
  T& As() {
    return static_cast<T&>(*this);
  }
  template <typename T>
  const T& As() const {
    return static_cast<const T&>(*this);
  }
  const OutputColumn* FindOutput(ColumnId id) const;
};

// A user table. `columns[i]` is the table's column index behind output[i].
struct Scan : Node {
  catalog::TablePtr table;
  std::string alias;
  std::vector<int> columns;
  std::vector<ExprPtr> conjuncts;  // pushed-down filters, over output columns
  // Emits a last output column "row id" (BIGINT; row group << 16 | row) for DELETE and UPDATE.
  bool emits_row_id = false;
  Scan() : Node(NodeKind::kScan) {}
};

// A system view or another virtual relation. output[i] is source column columns[i].
struct SourceScan : Node {
  std::shared_ptr<const source::TableSource> source;
  std::string alias;
  std::vector<int> columns;
  SourceScan() : Node(NodeKind::kSourceScan) {}
};

class ConstantRows;

// A value of ConstantRows that is no constant: it stands in for what the rows hold there.
struct ComputedValue {
  size_t row = 0, column = 0;
  ExprPtr expression;
};

// Rows of expressions without columns. FROM-less SELECT is one row of no columns under a Project.
// The rows of an INSERT of several are `constants` with `computed` values between them, in the order
// of rows, and `rows` is empty; every other list is `rows`.
struct Values : Node {
  std::vector<std::vector<ExprPtr>> rows;  // each as long as `output`
  std::shared_ptr<const ConstantRows> constants;
  std::vector<ComputedValue> computed;
  Values() : Node(NodeKind::kValues) {}
  size_t num_rows() const;
};

struct Filter : Node {
  ExprPtr predicate;
  Filter() : Node(NodeKind::kFilter) {}
};

struct Project : Node {
  std::vector<ExprPtr> expressions;  // parallel to `output`
  Project() : Node(NodeKind::kProject) {}
};

struct AggregateItem {
  const functions::AggregateFunction* function = nullptr;
  int overload = 0;
  std::vector<ExprPtr> args;  // empty for COUNT(*)
  bool distinct = false;
  std::vector<SortKey> within_group;
  Type type;        // result
  ColumnId id = -1;  // output column
  std::string name;
  AggregateItem Clone() const;
};

// Output: the keys (as new columns group_ids[i]), then the aggregates, then, with several grouping
// sets, one BIGINT column "grouping id" (bit i set = keys[i] is aggregated away).
struct Aggregate : Node {
  std::vector<ExprPtr> keys;
  std::vector<ColumnId> key_ids;
  std::vector<AggregateItem> items;
  // Indexes into `keys`; empty vector of sets = the one set of all keys.
  std::vector<std::vector<int>> grouping_sets;
  ColumnId grouping_id = -1;
  Aggregate() : Node(NodeKind::kAggregate) {}
};

enum class JoinType : uint8_t {
  kInner, kLeft, kRight, kFull,
  kSemi,   // rows of the left side with a match (EXISTS, IN)
  kAnti,   // rows of the left side without a match (NOT EXISTS)
  kNullAwareAnti,  // NOT IN: a NULL on either side of what IN compares gives no row
  kMark,   // left rows plus one BOOLEAN column: TRUE, FALSE, NULL as IN would say
  kSingle, // left rows plus the columns of at most one match, NULLs without; 21000 for two
};

// Left is the outer (probe) side, right the inner (build) side.
struct Join : Node {
  JoinType type = JoinType::kInner;
  // Equalities left expression = right expression; sides reference only their child.
  std::vector<std::pair<ExprPtr, ExprPtr>> equalities;
  // kNullAwareAnti, kMark: so many equalities, the first ones, are what IN compares: a NULL there makes
  // the answer NULL where the rest says TRUE. The others only tell which rows belong to the set.
  int num_compared = 0;
  ExprPtr residual;       // further condition over both sides; null = none
  ColumnId mark_id = -1;  // kMark: the BOOLEAN column
  Movement movement = Movement::kNone;
  Join() : Node(NodeKind::kJoin) {}
};

// A join whose right side may reference columns of the left (`correlated`): what the binder makes
// of every subquery. The optimizer rewrites all of them into joins before physical planning.
struct DependentJoin : Node {
  JoinType type = JoinType::kSingle;  // kSingle, kMark, kSemi, kAnti; kInner/kLeft for lateral
  std::vector<ColumnId> correlated;   // left columns that the right side uses
  // kMark, kSemi, kAnti with a comparison (IN, = ANY, <> ALL): probe = column of the right side.
  std::vector<std::pair<ExprPtr, ExprPtr>> equalities;
  int num_compared = 0;  // as in Join
  ExprPtr residual;
  ColumnId mark_id = -1;
  DependentJoin() : Node(NodeKind::kDependentJoin) {}
};

struct Sort : Node {
  std::vector<SortKey> keys;
  Sort() : Node(NodeKind::kSort) {}
};

struct Limit : Node {
  ExprPtr limit, offset;  // without columns; null = none
  Limit() : Node(NodeKind::kLimit) {}
};

enum class WindowFunctionKind : uint8_t {
  kRowNumber, kRank, kDenseRank, kNtile, kPercentRank, kCumeDist, kLag, kLead, kFirstValue,
  kLastValue, kNthValue, kRatioToReport, kPercentileDisc, kAggregate,
};

struct FrameEdge {
  enum class Kind : uint8_t { kUnboundedPreceding, kPreceding, kCurrentRow, kFollowing, kUnboundedFollowing };
  Kind kind = Kind::kUnboundedPreceding;
  int64_t rows = 0;
};

struct WindowItem {
  WindowFunctionKind kind = WindowFunctionKind::kRowNumber;
  const functions::AggregateFunction* function = nullptr;  // kAggregate
  int overload = 0;
  std::vector<ExprPtr> args;
  bool ignore_nulls = false;
  std::vector<SortKey> within_group;
  FrameEdge start, end{FrameEdge::Kind::kUnboundedFollowing, 0};
  Type type;
  ColumnId id = -1;
  std::string name;
};

// Output: the input's columns, then one column per item. Items of one node share PARTITION BY and
// ORDER BY.
struct Window : Node {
  std::vector<ExprPtr> partition_by;
  std::vector<SortKey> order_by;
  std::vector<WindowItem> items;
  Window() : Node(NodeKind::kWindow) {}
};

// SELECT DISTINCT: distinct rows over all output columns (which are the child's).
struct Distinct : Node {
  Distinct() : Node(NodeKind::kDistinct) {}
};

enum class SetOperationKind : uint8_t { kUnionAll, kUnion, kIntersect, kExcept };

// n-ary for UNION [ALL], else binary. `columns[i][j]`: child i's column behind output[j].
struct SetOperation : Node {
  SetOperationKind operation = SetOperationKind::kUnionAll;
  std::vector<std::vector<ColumnId>> columns;
  SetOperation() : Node(NodeKind::kSetOperation) {}
};

// children[0] defines the CTE's rows, children[1] is the query that scans it (by CteScan).
// A CTE used once is inlined by the optimizer.
struct CteDefinition : Node {
  int cte = 0;  // unique within the query
  std::string name;
  CteDefinition() : Node(NodeKind::kCteDefinition) {}
};

// children[0] is the seed, children[1] the recursive member, which scans the last round's rows by
// CteScan of the same number. The rows of all rounds are the output.
struct RecursiveCte : Node {
  int cte = 0;
  std::string name;
  std::vector<ColumnId> seed_columns, step_columns;  // behind output[j]
  RecursiveCte() : Node(NodeKind::kRecursiveCte) {}
};

struct CteScan : Node {
  int cte = 0;
  std::string name;
  std::vector<ColumnId> source_columns;  // the definition's columns behind output[j]
  CteScan() : Node(NodeKind::kCteScan) {}
};

// --- Writes. Each outputs one BIGINT column: the rows it changed. -----------------------------------
// children[0] yields one column per table column, in table order, of the table's types; `input[i]`
// is its column for table column i. Identity columns that are generated in every row have id -1;
// where only some rows get a generated value, generated[i] is a BOOLEAN column that is TRUE there (-1
// elsewhere; empty: no such column).
struct Insert : Node {
  catalog::TablePtr table;
  std::vector<ColumnId> input, generated;
  Insert() : Node(NodeKind::kInsert) {}
};

// children[0] yields the row ids to delete (a row may appear several times).
struct Delete : Node {
  catalog::TablePtr table;
  ColumnId row_id = -1;
  Delete() : Node(NodeKind::kDelete) {}
};

// children[0] yields the row id and every column of the new row: delete plus insert. An identity
// column that is SET to DEFAULT has id -1.
struct Update : Node {
  catalog::TablePtr table;
  ColumnId row_id = -1;
  std::vector<ColumnId> input;
  bool error_on_multiple = false;  // `Found multiple matches to update the same tuple.`
  Update() : Node(NodeKind::kUpdate) {}
};

// children[0] is the source LEFT-joined... see binder: yields row_id (NULL = not matched) and the
// new row's columns: the updated row where matched (nothing when `matched_delete`), else the
// inserted one. `generated` as in Insert.
// The same row_id twice fails: `Found multiple matches to update the same tuple.`
struct Merge : Node {
  catalog::TablePtr table;
  ColumnId row_id = -1;
  bool matched_delete = false;
  std::vector<ColumnId> input, generated;
  Merge() : Node(NodeKind::kMerge) {}
};

// COPY: reads files on every slice. Options stay as data for exec and format (copy_spec.h).
struct CopySpec;
struct Copy : Node {
  catalog::TablePtr table;
  std::shared_ptr<const CopySpec> spec;
  // Parallel to the table's columns: the value of a column that no field of the file fills, of the
  // column's type, evaluated once per COPY. Null for a filled column and a generated identity.
  std::vector<ExprPtr> defaults;
  Copy() : Node(NodeKind::kCopy) {}
};

struct UnloadSpec;
struct Unload : Node {
  std::shared_ptr<const UnloadSpec> spec;
  Unload() : Node(NodeKind::kUnload) {}
};

// Deep copy (shared subplans, MERGE's two halves). Column ids stay the same.
NodePtr Clone(const Node& node);
// An indented tree for tests and debugging.
std::string DebugString(const Node& node);
// Calls `visit` on every expression that a node itself holds.
void VisitExpressions(Node& node, const std::function<void(ExprPtr&)>& visit);
void VisitExpressions(const Node& node, const std::function<void(const expr::Expr&)>& visit);

}  // namespace vesto::logical
