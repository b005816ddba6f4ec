#include <string>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "logical/constant_rows.h"
#include "logical/copy_spec.h"
#include "logical/plan_text.h"

// The tree for tests and debugging: one line per node, columns as name#id.
namespace vesto::logical {

std::string TextOf(const expr::Expr& expr) {
  ExprPtr copy = expr.Clone();
  std::function<void(expr::Expr&)> number = [&number](expr::Expr& node) {
    if (node.is_column()) node.name = absl::StrCat(node.name, "#", node.column);
    for (ExprPtr& arg : node.args) number(*arg);
  };
  number(*copy);
  return copy->ToString();
}

std::string TextOf(const ExprPtr& expr) { return expr == nullptr ? "null" : TextOf(*expr); }

std::string TextOf(const std::vector<ExprPtr>& exprs) {
  std::string out;
  for (const ExprPtr& expr : exprs) absl::StrAppend(&out, out.empty() ? "" : ", ", TextOf(expr));
  return out;
}

std::string TextOf(const std::vector<SortKey>& keys) {
  std::string out;
  for (const SortKey& key : keys) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", TextOf(key.expression),
                    key.descending ? " DESC" : "",
                    key.nulls_first == key.descending ? ""
                    : key.nulls_first                 ? " NULLS FIRST"
                                                      : " NULLS LAST");
  }
  return out;
}

std::string TextOf(const std::vector<std::pair<ExprPtr, ExprPtr>>& equalities) {
  std::string out;
  for (const auto& [left, right] : equalities) {
    absl::StrAppend(&out, out.empty() ? "" : " AND ", TextOf(left), " = ", TextOf(right));
  }
  return out;
}

std::string TextOf(const std::vector<OutputColumn>& columns) {
  std::string out;
  for (const OutputColumn& column : columns) {
    absl::StrAppend(&out, out.empty() ? "" : ", ", column.name, "#", column.id);
  }
  return out;
}

std::string TextOf(const std::vector<ColumnId>& ids) {
  std::string out;
  for (ColumnId id : ids) absl::StrAppend(&out, out.empty() ? "#" : ", #", id);
  return out;
}

std::string_view JoinTypeName(JoinType type) {
  switch (type) {
    case JoinType::kInner: return "Inner";
    case JoinType::kLeft: return "Left";
    case JoinType::kRight: return "Right";
    case JoinType::kFull: return "Full";
    case JoinType::kSemi: return "Semi";
    case JoinType::kAnti: return "Anti";
    case JoinType::kNullAwareAnti: return "NullAwareAnti";
    case JoinType::kMark: return "Mark";
    case JoinType::kSingle: return "Single";
  }
  return "";
}

std::string_view MovementLabel(Movement movement) {
  switch (movement) {
    case Movement::kNone: return "DS_DIST_NONE";
    case Movement::kAllNone: return "DS_DIST_ALL_NONE";
    case Movement::kInner: return "DS_DIST_INNER";
    case Movement::kOuter: return "DS_DIST_OUTER";
    case Movement::kBroadcast: return "DS_BCAST_INNER";
    case Movement::kBoth: return "DS_DIST_BOTH";
    case Movement::kAllInner: return "DS_DIST_ALL_INNER";
  }
  return "";
}

namespace {

std::string Text(const AggregateItem& item) {
  std::string out = absl::StrCat(item.name, "#", item.id, " := ",
                                 item.function == nullptr ? "?" : item.function->name, "(",
                                 item.distinct ? "DISTINCT " : "",
                                 item.args.empty() ? "*" : TextOf(item.args), ")");
  if (!item.within_group.empty()) {
    absl::StrAppend(&out, " WITHIN GROUP (", TextOf(item.within_group), ")");
  }
  return out;
}

std::string_view WindowName(WindowFunctionKind kind) {
  switch (kind) {
    case WindowFunctionKind::kRowNumber: return "row_number";
    case WindowFunctionKind::kRank: return "rank";
    case WindowFunctionKind::kDenseRank: return "dense_rank";
    case WindowFunctionKind::kNtile: return "ntile";
    case WindowFunctionKind::kPercentRank: return "percent_rank";
    case WindowFunctionKind::kCumeDist: return "cume_dist";
    case WindowFunctionKind::kLag: return "lag";
    case WindowFunctionKind::kLead: return "lead";
    case WindowFunctionKind::kFirstValue: return "first_value";
    case WindowFunctionKind::kLastValue: return "last_value";
    case WindowFunctionKind::kNthValue: return "nth_value";
    case WindowFunctionKind::kRatioToReport: return "ratio_to_report";
    case WindowFunctionKind::kPercentileDisc: return "percentile_disc";
    case WindowFunctionKind::kAggregate: return "aggregate";
  }
  return "";
}

std::string EdgeText(const FrameEdge& edge) {
  switch (edge.kind) {
    case FrameEdge::Kind::kUnboundedPreceding: return "UNBOUNDED PRECEDING";
    case FrameEdge::Kind::kPreceding: return absl::StrCat(edge.rows, " PRECEDING");
    case FrameEdge::Kind::kCurrentRow: return "CURRENT ROW";
    case FrameEdge::Kind::kFollowing: return absl::StrCat(edge.rows, " FOLLOWING");
    case FrameEdge::Kind::kUnboundedFollowing: return "UNBOUNDED FOLLOWING";
  }
  return "";
}

std::string Text(const WindowItem& item) {
  return absl::StrCat(item.name, "#", item.id, " := ",
                      item.function != nullptr ? item.function->name
                                               : std::string(WindowName(item.kind)),
                      "(", TextOf(item.args), ")", item.ignore_nulls ? " IGNORE NULLS" : "",
                      item.within_group.empty()
                          ? ""
                          : absl::StrCat(" WITHIN GROUP (", TextOf(item.within_group), ")"),
                      " ROWS BETWEEN ", EdgeText(item.start), " AND ", EdgeText(item.end));
}

template <typename T, typename Describe>
std::string Each(const std::vector<T>& items, Describe describe) {
  std::string out;
  for (const T& item : items) absl::StrAppend(&out, out.empty() ? "" : ", ", describe(item));
  return out;
}

}  // namespace

std::string TextOf(const std::vector<AggregateItem>& items) {
  return Each(items, [](const AggregateItem& item) { return Text(item); });
}

std::string TextOf(const std::vector<WindowItem>& items) {
  return Each(items, [](const WindowItem& item) { return Text(item); });
}

std::string GroupingSetsText(const std::vector<std::vector<int>>& sets) {
  std::string out;
  for (const std::vector<int>& set : sets) {
    absl::StrAppend(&out, " (", Each(set, [](int key) { return absl::StrCat(key); }), ")");
  }
  return out;
}

namespace {

std::string Header(const Node& node) {
  switch (node.kind) {
    case NodeKind::kScan: {
      const auto& scan = node.As<Scan>();
      std::string out = absl::StrCat("Scan ", scan.table->name);
      if (!scan.alias.empty() && scan.alias != scan.table->name) {
        absl::StrAppend(&out, " ", scan.alias);
      }
      absl::StrAppend(&out, " [", TextOf(node.output), "]");
      if (!scan.conjuncts.empty()) absl::StrAppend(&out, " where ", TextOf(scan.conjuncts));
      return out;
    }
    case NodeKind::kSourceScan: {
      const auto& scan = node.As<SourceScan>();
      return absl::StrCat("SourceScan ", scan.source->schema(), ".", scan.source->name(), " [",
                          TextOf(node.output), "]");
    }
    case NodeKind::kValues: {
      const auto& values = node.As<Values>();
      std::string out = absl::StrCat("Values [", TextOf(node.output), "]");
      size_t next_computed = 0;
      for (size_t i = 0; i < values.num_rows(); ++i) {
        if (i == 10) {
          absl::StrAppend(&out, " ... ", values.num_rows(), " rows");
          break;
        }
        if (values.constants == nullptr) {
          absl::StrAppend(&out, " (", TextOf(values.rows[i]), ")");
          continue;
        }
        std::vector<ExprPtr> row;
        for (size_t c = 0; c < values.output.size(); ++c) {
          const bool computed = next_computed < values.computed.size() &&
                                values.computed[next_computed].row == i &&
                                values.computed[next_computed].column == c;
          row.push_back(computed ? values.computed[next_computed++].expression->Clone()
                                 : expr::Constant(values.constants->At(i, c)));
        }
        absl::StrAppend(&out, " (", TextOf(row), ")");
      }
      return out;
    }
    case NodeKind::kFilter: return absl::StrCat("Filter ", TextOf(node.As<Filter>().predicate));
    case NodeKind::kProject: {
      const auto& project = node.As<Project>();
      std::string out = "Project [";
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        absl::StrAppend(&out, i == 0 ? "" : ", ", node.output[i].name, "#", node.output[i].id,
                        " := ", TextOf(project.expressions[i]));
      }
      return out + "]";
    }
    case NodeKind::kAggregate: {
      const auto& aggregate = node.As<Aggregate>();
      std::string out = "Aggregate keys [";
      for (size_t i = 0; i < aggregate.keys.size(); ++i) {
        absl::StrAppend(&out, i == 0 ? "#" : ", #", aggregate.key_ids[i], " := ",
                        TextOf(aggregate.keys[i]));
      }
      absl::StrAppend(&out, "] items [", TextOf(aggregate.items), "]");
      if (!aggregate.grouping_sets.empty()) {
        absl::StrAppend(&out, " sets", GroupingSetsText(aggregate.grouping_sets), " grouping #",
                        aggregate.grouping_id);
      }
      return out;
    }
    case NodeKind::kJoin: {
      const auto& join = node.As<Join>();
      std::string out = absl::StrCat("Join ", sv(JoinTypeName(join.type)));
      if (!join.equalities.empty()) absl::StrAppend(&out, " on ", TextOf(join.equalities));
      if (join.residual != nullptr) absl::StrAppend(&out, " residual ", TextOf(join.residual));
      if (join.mark_id >= 0) absl::StrAppend(&out, " mark #", join.mark_id);
      return out;
    }
    case NodeKind::kDependentJoin: {
      const auto& join = node.As<DependentJoin>();
      std::string out = absl::StrCat("DependentJoin ", sv(JoinTypeName(join.type)));
      if (!join.correlated.empty()) {
        absl::StrAppend(&out, " correlated ", TextOf(join.correlated));
      }
      if (!join.equalities.empty()) absl::StrAppend(&out, " on ", TextOf(join.equalities));
      if (join.residual != nullptr) absl::StrAppend(&out, " residual ", TextOf(join.residual));
      if (join.mark_id >= 0) absl::StrAppend(&out, " mark #", join.mark_id);
      return out;
    }
    case NodeKind::kSort: return absl::StrCat("Sort ", TextOf(node.As<Sort>().keys));
    case NodeKind::kLimit: {
      const auto& limit = node.As<Limit>();
      std::string out = "Limit";
      if (limit.limit != nullptr) absl::StrAppend(&out, " ", TextOf(limit.limit));
      if (limit.offset != nullptr) absl::StrAppend(&out, " offset ", TextOf(limit.offset));
      return out;
    }
    case NodeKind::kWindow: {
      const auto& window = node.As<Window>();
      return absl::StrCat("Window partition by [", TextOf(window.partition_by), "] order by [",
                          TextOf(window.order_by), "] items [", TextOf(window.items), "]");
    }
    case NodeKind::kDistinct: return "Distinct";
    case NodeKind::kSetOperation: {
      static constexpr const char* kNames[] = {"UnionAll", "Union", "Intersect", "Except"};
      const auto& operation = node.As<SetOperation>();
      std::string out = absl::StrCat(kNames[static_cast<int>(operation.operation)], " [",
                                     TextOf(node.output), "] from");
      for (const auto& ids : operation.columns) absl::StrAppend(&out, " (", TextOf(ids), ")");
      return out;
    }
    case NodeKind::kCteScan:
      return absl::StrCat("CteScan ", node.As<CteScan>().name, "@", node.As<CteScan>().cte, " [",
                          TextOf(node.output), "] from (", TextOf(node.As<CteScan>().source_columns),
                          ")");
    case NodeKind::kCteDefinition:
      return absl::StrCat("CteDefinition ", node.As<CteDefinition>().name, "@",
                          node.As<CteDefinition>().cte);
    case NodeKind::kRecursiveCte: {
      const auto& cte = node.As<RecursiveCte>();
      return absl::StrCat("RecursiveCte ", cte.name, "@", cte.cte, " [", TextOf(node.output),
                          "] from (", TextOf(cte.seed_columns), ") (", TextOf(cte.step_columns), ")");
    }
    case NodeKind::kInsert:
      return absl::StrCat("Insert ", node.As<Insert>().table->name, " (",
                          TextOf(node.As<Insert>().input), ")");
    case NodeKind::kDelete:
      return absl::StrCat("Delete ", node.As<Delete>().table->name, " row #",
                          node.As<Delete>().row_id);
    case NodeKind::kUpdate:
      return absl::StrCat("Update ", node.As<Update>().table->name, " row #",
                          node.As<Update>().row_id, " (", TextOf(node.As<Update>().input), ")");
    case NodeKind::kMerge:
      return absl::StrCat("Merge ", node.As<Merge>().table->name, " row #",
                          node.As<Merge>().row_id, " (", TextOf(node.As<Merge>().input), ")",
                          node.As<Merge>().matched_delete ? " matched delete" : "");
    case NodeKind::kCopy:
      return absl::StrCat("Copy ", node.As<Copy>().table->name, " from ",
                          node.As<Copy>().spec->source);
    case NodeKind::kUnload:
      return absl::StrCat("Unload to ", node.As<Unload>().spec->destination);
  }
  return "";
}

void Print(const Node& node, int depth, std::string* out) {
  absl::StrAppend(out, std::string(static_cast<size_t>(depth) * 2, ' '), Header(node), "\n");
  for (const NodePtr& child : node.children) Print(*child, depth + 1, out);
}

}  // namespace

std::string DebugString(const Node& node) {
  std::string out;
  Print(node, 0, &out);
  return out;
}

}  // namespace vesto::logical
