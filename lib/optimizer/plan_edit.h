#pragma once

#include <functional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "logical/plan.h"

// Small operations on logical plans that several rules need: columns in and out of a subtree,
// substitution, renumbering, construction of pass-through nodes.
namespace vesto::optimizer {

using expr::ColumnId;
using expr::Expr;
using expr::ExprPtr;
using logical::Node;
using logical::NodeKind;
using logical::NodePtr;
using logical::OutputColumn;

using ColumnSet = absl::flat_hash_set<ColumnId>;

// --- Columns ------------------------------------------------------------------------------------

ExprPtr ColumnOf(const OutputColumn& column);
ColumnSet OutputSet(const Node& node);
ColumnSet ColumnsOf(const Expr& expr);
bool Subset(const ColumnSet& part, const ColumnSet& whole);
bool Intersects(const ColumnSet& a, const ColumnSet& b);
bool UsesOnly(const Expr& expr, const ColumnSet& columns);
bool UsesAny(const Expr& expr, const ColumnSet& columns);
// Columns that expressions of the subtree use and no node of the subtree makes.
ColumnSet FreeColumns(const Node& node);
// Columns that some node of the subtree makes.
void CollectProduced(const Node& node, ColumnSet* produced);

// --- Expressions ----------------------------------------------------------------------------------

using Substitution = absl::flat_hash_map<ColumnId, const Expr*>;
// Every column that `by` names is replaced by a clone of its expression.
ExprPtr Substitute(ExprPtr expr, const Substitution& by);
// Renames columns in every expression of the subtree (not what nodes produce).
void RenameUses(Node& node, const absl::flat_hash_map<ColumnId, ColumnId>& names);
void RenameUses(ExprPtr& expr, const absl::flat_hash_map<ColumnId, ColumnId>& names);
// True if `expr` is NULL or FALSE whenever all of `columns` are NULL: a filter by it drops the rows
// that an outer join padded.
bool RejectsNull(const Expr& expr, const ColumnSet& columns);
// True if `expr` is NULL whenever one of its columns among `columns` is, and it has such a column.
bool IsStrictIn(const Expr& expr, const ColumnSet& columns);

// --- Nodes ----------------------------------------------------------------------------------------

// A filter above `input`; no conjuncts: `input` itself.
NodePtr MakeFilter(NodePtr input, std::vector<ExprPtr> conjuncts);
NodePtr MakeProject(NodePtr input, std::vector<ExprPtr> expressions,
                    std::vector<OutputColumn> output);
std::unique_ptr<logical::Join> MakeJoin(logical::JoinType type, NodePtr left, NodePtr right);
// `Constant rows of no column`: what FROM-less SELECT reads.
NodePtr MakeOneRow();
// Sets `output` of a node from its children where the node passes columns on.
void RefreshOutput(Node& node);
// The same for a whole subtree, bottom up.
void RefreshOutputs(Node& node);
// A copy of the subtree whose columns and CTEs have new numbers; `names` receives old -> new.
NodePtr CloneFresh(const Node& node, ColumnId* next_column_id, int* next_cte,
                   absl::flat_hash_map<ColumnId, ColumnId>* names);
// One more than the largest CTE number below `node`.
int NextCte(const Node& node);
// Never more rows than one (a scalar aggregate, LIMIT 1, one row of VALUES).
bool AtMostOneRow(const Node& node);
// Exactly one row.
bool ExactlyOneRow(const Node& node);
bool HasVolatile(const Node& node);
// Semi, anti and mark joins pass on their left columns alone.
bool KeepsRightColumns(logical::JoinType type);
// The deepest nesting below `node`.
int Depth(const Node& node);

}  // namespace vesto::optimizer
