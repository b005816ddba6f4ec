#include <algorithm>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// Window functions. Redshift asks for an explicit frame where PostgreSQL has a default one.
// Source: redshift/functions.md §4.
namespace vesto::binder {

using logical::FrameEdge;
using logical::WindowFunctionKind;

namespace {

struct Ranking {
  std::string_view name;
  WindowFunctionKind kind;
  int min_args, max_args;
  bool frame;       // may have a frame
  bool needs_order;
};

constexpr Ranking kRankings[] = {
    {"row_number", WindowFunctionKind::kRowNumber, 0, 0, false, false},
    {"rank", WindowFunctionKind::kRank, 0, 0, false, false},
    {"dense_rank", WindowFunctionKind::kDenseRank, 0, 0, false, false},
    {"percent_rank", WindowFunctionKind::kPercentRank, 0, 0, false, false},
    {"cume_dist", WindowFunctionKind::kCumeDist, 0, 0, false, false},
    {"ntile", WindowFunctionKind::kNtile, 1, 1, false, false},
    {"lag", WindowFunctionKind::kLag, 1, 2, false, true},
    {"lead", WindowFunctionKind::kLead, 1, 2, false, true},
    {"first_value", WindowFunctionKind::kFirstValue, 1, 1, true, false},
    {"last_value", WindowFunctionKind::kLastValue, 1, 1, true, false},
    {"nth_value", WindowFunctionKind::kNthValue, 2, 2, true, false},
    {"ratio_to_report", WindowFunctionKind::kRatioToReport, 1, 1, false, false},
    {"percentile_disc", WindowFunctionKind::kPercentileDisc, 1, 1, false, false},
};

const Ranking* FindRanking(std::string_view name) {
  for (const Ranking& ranking : kRankings) {
    if (ranking.name == name) return &ranking;
  }
  return nullptr;
}

FrameEdge::Kind EdgeKind(sql::FrameBound bound) {
  switch (bound) {
    case sql::FrameBound::kUnboundedPreceding: return FrameEdge::Kind::kUnboundedPreceding;
    case sql::FrameBound::kPreceding: return FrameEdge::Kind::kPreceding;
    case sql::FrameBound::kCurrentRow: return FrameEdge::Kind::kCurrentRow;
    case sql::FrameBound::kFollowing: return FrameEdge::Kind::kFollowing;
    case sql::FrameBound::kUnboundedFollowing: return FrameEdge::Kind::kUnboundedFollowing;
  }
  return FrameEdge::Kind::kCurrentRow;
}

}  // namespace

absl::StatusOr<ExprPtr> Binder::BindWindow(const sql::Expression& ast) {
  const std::string& name = ast.name.back();
  if (block_->in_window) {
    return SqlError(SqlState::kWindowingError, "window function calls may not be nested")
        .At(ast.offset);
  }
  if (block_->in_aggregate) {
    return SqlError(SqlState::kGroupingError,
                    "aggregate function calls may not contain window function calls")
        .At(ast.offset);
  }
  if (!block_->allow_windows) {
    return SqlError(SqlState::kWindowingError,
                    absl::StrCat("window functions not allowed in ", sv(block_->clause),
                                 block_->clause == "WHERE" || block_->clause == "GROUP BY" ||
                                         block_->clause == "HAVING"
                                     ? " clause"
                                     : ""))
        .At(ast.offset);
  }
  const Ranking* ranking = FindRanking(name);
  const functions::AggregateFunction* aggregate = context_.functions.FindAggregate(name);
  if (ranking == nullptr && aggregate == nullptr) {
    VESTO_ASSIGN_OR_RETURN(std::vector<ExprPtr> args, BindArguments(ast));
    if (context_.functions.FindScalar(name) != nullptr) {
      return SqlError(SqlState::kWrongObjectType,
                      absl::StrCat("OVER specified, but ", name,
                                   " is not a window function nor an aggregate function"))
          .At(ast.offset);
    }
    return FunctionMissing(name, args, ast.offset, false);
  }
  if (ast.distinct) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "DISTINCT is not supported in window functions")
        .At(ast.offset);
  }

  const sql::WindowSpec& spec = *ast.over;
  WindowUse use;
  block_->in_window = true;
  auto bind_parts = [&]() -> absl::Status {
    VESTO_ASSIGN_OR_RETURN(use.item.args, BindArguments(ast));
    for (const sql::ExpressionPtr& part : spec.partition_by) {
      VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*part));
      bound = Fold(std::move(bound));
      if (bound->is_constant()) {
        return SqlError(SqlState::kFeatureNotSupported,
                        "constant expressions are not supported in partition by clauses")
            .At(part->offset);
      }
      use.partition_by.push_back(ResolveUnknown(std::move(bound)));
    }
    auto bind_keys = [&](const std::vector<sql::OrderItem>& items, bool constants,
                         std::vector<logical::SortKey>* keys) -> absl::Status {
      for (const sql::OrderItem& order : items) {
        VESTO_ASSIGN_OR_RETURN(ExprPtr bound, Bind(*order.expression));
        bound = Fold(std::move(bound));
        if (bound->is_constant() && !constants) {
          return SqlError(SqlState::kFeatureNotSupported,
                          "constant expressions are not supported in window order by clauses")
              .At(order.expression->offset);
        }
        logical::SortKey key;
        key.expression = ResolveUnknown(std::move(bound));
        key.descending = order.descending;
        key.nulls_first = order.nulls_first.value_or(order.descending);
        keys->push_back(std::move(key));
      }
      return absl::OkStatus();
    };
    VESTO_RETURN_IF_ERROR(bind_keys(spec.order_by, false, &use.order_by));
    return bind_keys(ast.within_group, true, &use.item.within_group);
  };
  const absl::Status status = bind_parts();
  block_->in_window = false;
  VESTO_RETURN_IF_ERROR(status);

  logical::WindowItem& item = use.item;
  item.ignore_nulls = ast.ignore_nulls;
  const bool ordered = !use.order_by.empty();
  const auto count = static_cast<int>(item.args.size());
  bool frame_allowed = true, frame_required = false;
  if (ranking != nullptr) {
    item.kind = ranking->kind;
    frame_allowed = ranking->frame;
    frame_required = ranking->frame && ordered;
    const bool lag = item.kind == WindowFunctionKind::kLag ||
                     item.kind == WindowFunctionKind::kLead;
    if (lag && count == 3) {
      return SqlError(SqlState::kFeatureNotSupported,
                      absl::StrCat("Default parameter not be supported for window function ",
                                   name))
          .At(ast.offset);
    }
    if (count < ranking->min_args || count > ranking->max_args) {
      return FunctionMissing(name, item.args, ast.offset, false);
    }
    if (ranking->needs_order && !ordered) {
      return SqlError(SqlState::kWindowingError,
                      absl::StrCat("window function ", name, " requires an ORDER BY clause"))
          .At(ast.offset);
    }
    for (ExprPtr& arg : item.args) {
      if (arg->kind != expr::ExprKind::kParameter) arg = ResolveUnknown(std::move(arg));
    }
    switch (item.kind) {
      case WindowFunctionKind::kRowNumber:
      case WindowFunctionKind::kRank:
      case WindowFunctionKind::kDenseRank: item.type = Type::Bigint(); break;
      case WindowFunctionKind::kNtile: {
        VESTO_ASSIGN_OR_RETURN(item.args[0], Coerce(std::move(item.args[0]), Type::Bigint(),
                                                    Coercion::kImplicit));
        const expr::Expr& buckets = *item.args[0];
        if (buckets.is_constant() &&
            (buckets.constant.is_null() || buckets.constant.integer() <= 0)) {
          return SqlError(SqlState::kInvalidParameterValue,
                          "argument of ntile must be greater than zero")
              .At(ast.offset);
        }
        item.type = Type::Bigint();
        break;
      }
      case WindowFunctionKind::kPercentRank:
      case WindowFunctionKind::kCumeDist: item.type = Type::Double(); break;
      case WindowFunctionKind::kLag:
      case WindowFunctionKind::kLead:
      case WindowFunctionKind::kNthValue: {
        if (count == 2) {
          VESTO_ASSIGN_OR_RETURN(item.args[1], Coerce(std::move(item.args[1]), Type::Bigint(),
                                                      Coercion::kImplicit));
        } else {
          item.args.push_back(expr::Constant(Value::Bigint(1)));
        }
        item.type = item.args[0]->type;
        break;
      }
      case WindowFunctionKind::kFirstValue:
      case WindowFunctionKind::kLastValue: item.type = item.args[0]->type; break;
      case WindowFunctionKind::kRatioToReport: {
        VESTO_ASSIGN_OR_RETURN(item.args[0], Coerce(std::move(item.args[0]), Type::Double(),
                                                    Coercion::kImplicit));
        item.type = Type::Double();
        break;
      }
      case WindowFunctionKind::kPercentileDisc: {
        if (item.within_group.size() != 1) {
          return SqlError(SqlState::kSyntaxError, "percentile_disc requires WITHIN GROUP")
              .At(ast.offset);
        }
        VESTO_ASSIGN_OR_RETURN(item.args[0], Coerce(std::move(item.args[0]), Type::Double(),
                                                    Coercion::kImplicit));
        item.type = item.within_group[0].expression->type;
        break;
      }
      case WindowFunctionKind::kAggregate: break;
    }
    item.name = name;
  } else {
    item.kind = WindowFunctionKind::kAggregate;
    item.function = aggregate;
    if (ast.star && name != "count") {
      return SqlError(SqlState::kSyntaxError, absl::StrCat(name, "(*) is not allowed"))
          .At(ast.offset);
    }
    // SUM and AVG over BIGINT answer with NUMERIC in a window.
    if ((name == "sum" || name == "avg") && count == 1 &&
        item.args[0]->type.id == TypeId::kBigint) {
      VESTO_ASSIGN_OR_RETURN(item.args[0], Coerce(std::move(item.args[0]), Type::Decimal(19, 0),
                                                  Coercion::kImplicit));
    }
    if (name == "percentile_cont") {
      VESTO_RETURN_IF_ERROR(MakePercentileArguments(&item.args, &item.within_group, ast.offset));
    }
    auto index = ConvertAggregateArguments(*aggregate, name, &item.args, ast.offset, &item.type);
    if (!index.ok()) return index.status();
    item.overload = *index;
    item.name = aggregate->column_name.empty() ? aggregate->name : aggregate->column_name;
    if (aggregate->ordered || name == "median") {
      frame_allowed = false;
      if (ordered) {
        return SqlError(SqlState::kWindowingError,
                        absl::StrCat("window function ", name,
                                     " does not allow an ORDER BY clause in OVER"))
            .At(ast.offset);
      }
    } else {
      frame_required = ordered;
    }
    NoteLocality(aggregate->locality, absl::StrCat(name, "()"));
  }

  item.start = {FrameEdge::Kind::kUnboundedPreceding, 0};
  item.end = {FrameEdge::Kind::kUnboundedFollowing, 0};
  if (spec.frame.has_value()) {
    const sql::WindowFrame& frame = *spec.frame;
    if (!frame.rows) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "RANGE clause of window functions not yet implemented")
          .At(frame.offset);
    }
    if (!frame_allowed) {
      return SqlError(SqlState::kWindowingError,
                      absl::StrCat("window function ", name, " does not allow a frame clause"))
          .At(frame.offset);
    }
    if (!ordered && ranking != nullptr) {
      return SqlError(SqlState::kWindowingError, "frame clause requires an ORDER BY clause")
          .At(frame.offset);
    }
    auto edge = [&](sql::FrameBound bound, const sql::ExpressionPtr& offset,
                    FrameEdge* out) -> absl::Status {
      out->kind = EdgeKind(bound);
      if (offset == nullptr) return absl::OkStatus();
      VESTO_ASSIGN_OR_RETURN(ExprPtr rows, BindScalarExpression(*offset, Type::Bigint()));
      if (!rows->is_constant() || rows->constant.is_null()) {
        return SqlError(SqlState::kWindowingError,
                        "the offset of a window frame must be a constant")
            .At(offset->offset);
      }
      out->rows = rows->constant.integer();
      if (out->rows < 0) {
        return SqlError(SqlState::kInvalidParameterValue,
                        "the offset of a window frame must not be negative")
            .At(offset->offset);
      }
      return absl::OkStatus();
    };
    VESTO_RETURN_IF_ERROR(edge(frame.start, frame.start_offset, &item.start));
    VESTO_RETURN_IF_ERROR(edge(frame.end, frame.end_offset, &item.end));
    auto position = [](const FrameEdge& side) -> int64_t {
      switch (side.kind) {
        case FrameEdge::Kind::kUnboundedPreceding: return INT64_MIN;
        case FrameEdge::Kind::kPreceding: return -side.rows;
        case FrameEdge::Kind::kCurrentRow: return 0;
        case FrameEdge::Kind::kFollowing: return side.rows;
        case FrameEdge::Kind::kUnboundedFollowing: return INT64_MAX;
      }
      return 0;
    };
    if (item.start.kind == FrameEdge::Kind::kUnboundedFollowing ||
        item.end.kind == FrameEdge::Kind::kUnboundedPreceding ||
        position(item.start) > position(item.end)) {
      return SqlError(SqlState::kWindowingError, "window frame start must not follow its end")
          .At(frame.offset);
    }
  } else if (frame_required) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "Aggregate window functions with an ORDER BY clause require a frame clause")
        .At(ast.offset);
  }

  item.id = NextId();
  ExprPtr reference = expr::Column(item.id, item.type, item.name);
  reference->offset = ast.offset;
  block_->windows.push_back(std::move(use));
  return reference;
}

// Functions over the same partitions and order share one Window node.
NodePtr Binder::AttachWindows(Block* block, NodePtr plan) {
  auto same = [](const WindowUse& use, const logical::Window& node) {
    if (use.partition_by.size() != node.partition_by.size() ||
        use.order_by.size() != node.order_by.size()) {
      return false;
    }
    for (size_t i = 0; i < use.partition_by.size(); ++i) {
      if (!use.partition_by[i]->Equals(*node.partition_by[i])) return false;
    }
    for (size_t i = 0; i < use.order_by.size(); ++i) {
      const logical::SortKey& key = use.order_by[i];
      if (!key.expression->Equals(*node.order_by[i].expression) ||
          key.descending != node.order_by[i].descending ||
          key.nulls_first != node.order_by[i].nulls_first) {
        return false;
      }
    }
    return true;
  };
  std::vector<std::unique_ptr<logical::Window>> nodes;
  for (WindowUse& use : block->windows) {
    auto node = std::find_if(nodes.begin(), nodes.end(),
                             [&](const auto& candidate) { return same(use, *candidate); });
    if (node == nodes.end()) {
      nodes.push_back(std::make_unique<logical::Window>());
      node = nodes.end() - 1;
      (*node)->partition_by = std::move(use.partition_by);
      (*node)->order_by = std::move(use.order_by);
    }
    (*node)->items.push_back(std::move(use.item));
  }
  block->windows.clear();
  for (auto& node : nodes) {
    node->output = plan->output;
    for (const logical::WindowItem& item : node->items) {
      node->output.push_back({item.id, item.type, item.name});
    }
    node->children.push_back(std::move(plan));
    plan = std::move(node);
  }
  return plan;
}

}  // namespace vesto::binder
