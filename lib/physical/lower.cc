#include "physical/lower.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/stack_guard.h"
#include "base/status_macros.h"
#include "logical/placement.h"
#include "types/type_rules.h"

namespace vesto::physical {
namespace {

using logical::Distribution;
using logical::JoinType;
using logical::Movement;
using logical::Node;
using logical::NodeKind;
using logical::NodePtr;
using logical::OutputColumn;
using logical::PlacingColumn;
using logical::SameHashFamily;
using logical::SortKey;

// Groups up to this many are brought to the leader as partial states instead of being spread.
constexpr double kFewGroups = 64;

// A segment that still grows, with the segments of the same stream that feed it.
struct Pipeline {
  std::vector<Segment> feeders;
  Segment open;
  std::vector<OutputColumn> layout;
  Distribution distribution;
  double rows = -1;

  bool on_leader() const { return open.place == Place::kLeader; }
};

std::vector<ExprPtr> CloneAll(const std::vector<ExprPtr>& exprs) {
  std::vector<ExprPtr> clones;
  clones.reserve(exprs.size());
  for (const ExprPtr& expr : exprs) clones.push_back(expr->Clone());
  return clones;
}

std::vector<SortKey> CloneAll(const std::vector<SortKey>& keys) {
  std::vector<SortKey> clones;
  clones.reserve(keys.size());
  for (const SortKey& key : keys) clones.push_back(key.Clone());
  return clones;
}

ExprPtr ColumnOf(const OutputColumn& column) {
  return expr::Column(column.id, column.type, column.name);
}

std::vector<ColumnId> IdsOf(const std::vector<OutputColumn>& columns) {
  std::vector<ColumnId> ids;
  ids.reserve(columns.size());
  for (const OutputColumn& column : columns) ids.push_back(column.id);
  return ids;
}

bool Contains(const std::vector<ColumnId>& ids, ColumnId id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

class Lowerer {
 public:
  Lowerer(const types::Topology& topology, ColumnId next_column_id)
      : topology_(topology), next_column_(next_column_id) {}

  absl::StatusOr<Plan> Run(NodePtr root) {
    switch (root->kind) {
      case NodeKind::kInsert:
      case NodeKind::kDelete:
      case NodeKind::kUpdate:
      case NodeKind::kMerge:
      case NodeKind::kCopy:
      case NodeKind::kUnload:
        VESTO_RETURN_IF_ERROR(LowerWrite(*root));
        return std::move(plan_);
      default:
        VESTO_RETURN_IF_ERROR(LowerResult(*root));
        return std::move(plan_);
    }
  }

 private:
  StateId NewState() { return plan_.num_states++; }

  void Append(Pipeline& pipeline, StepSpec spec, std::vector<OutputColumn> output, double rows) {
    pipeline.layout = output;
    pipeline.rows = rows;
    pipeline.open.steps.push_back(Step{std::move(spec), std::move(output), rows});
  }

  // Ends the pipeline with a sink: its segments become the next stream.
  void Close(Pipeline pipeline, StepSpec sink) {
    const double rows = pipeline.rows;
    auto layout = pipeline.layout;
    pipeline.open.steps.push_back(Step{std::move(sink), std::move(layout), rows});
    Stream stream;
    stream.segments = std::move(pipeline.feeders);
    stream.segments.push_back(std::move(pipeline.open));
    plan_.streams.push_back(std::move(stream));
  }

  // A pipeline that begins with a source step over state of an earlier stream.
  Pipeline From(StepSpec source, Place place, std::vector<OutputColumn> layout,
                Distribution distribution, double rows) {
    Pipeline pipeline;
    pipeline.open.place = place;
    pipeline.distribution = std::move(distribution);
    Append(pipeline, std::move(source), std::move(layout), rows);
    return pipeline;
  }

  // Ends the open segment with an exchange and begins the receiving one, in the same stream.
  Pipeline Move(Pipeline pipeline, Route route, std::vector<ExprPtr> keys, Place target,
                Distribution distribution) {
    const StateId exchange = NewState();
    const double rows = pipeline.rows;
    auto layout = pipeline.layout;
    pipeline.open.steps.push_back(
        Step{SendSpec{exchange, route, std::move(keys)}, layout, rows});
    Pipeline next;
    next.feeders = std::move(pipeline.feeders);
    next.feeders.push_back(std::move(pipeline.open));
    next.open.place = target;
    next.distribution = std::move(distribution);
    Append(next, ReceiveSpec{exchange}, std::move(layout), rows);
    return next;
  }

  Pipeline MoveToLeader(Pipeline pipeline) {
    if (pipeline.on_leader()) return pipeline;
    return Move(std::move(pipeline), Route::kLeader, {}, Place::kLeader,
                {Distribution::Kind::kLeader, {}});
  }

  Pipeline MoveByHash(Pipeline pipeline, std::vector<ExprPtr> keys) {
    Distribution distribution;
    if (keys.size() == 1 && PlacingColumn(*keys[0]) >= 0) {
      distribution = {Distribution::Kind::kHashed, {PlacingColumn(*keys[0])}};
    }
    return Move(std::move(pipeline), Route::kHash, std::move(keys), Place::kSlices,
                std::move(distribution));
  }

  // Rows spread over the slices, wherever they were.
  Pipeline Spread(Pipeline pipeline) {
    if (pipeline.open.place == Place::kSlices) return pipeline;
    return Move(std::move(pipeline), Route::kRoundRobin, {}, Place::kSlices, {});
  }

  // --- The root ---------------------------------------------------------------------------------

  absl::Status LowerResult(Node& root) {
    Node* node = &root;
    // The order of a query with WITH is that of the query below the definitions.
    while (node->kind == NodeKind::kCteDefinition) {
      VESTO_RETURN_IF_ERROR(SaveCte(node->As<logical::CteDefinition>()));
      node = node->children[1].get();
    }
    logical::Limit* limit = nullptr;
    // A projection that only picks columns may run before the limit.
    logical::Project* project = nullptr;
    if (node->kind == NodeKind::kProject) {
      const bool limited = node->children[0]->kind == NodeKind::kLimit &&
                           node->children[0]->children[0]->kind == NodeKind::kSort &&
                           PicksColumns(node->As<logical::Project>());
      if (limited || node->children[0]->kind == NodeKind::kSort) {
        project = &node->As<logical::Project>();
        if (limited) node = node->children[0].get();
      }
    }
    if (node->kind == NodeKind::kLimit) {
      limit = &node->As<logical::Limit>();
      plan_.limit = limit->limit ? limit->limit->Clone() : nullptr;
      plan_.offset = limit->offset ? limit->offset->Clone() : nullptr;
      node = node->children[0].get();
      if (project == nullptr && node->kind == NodeKind::kProject &&
          node->children[0]->kind == NodeKind::kSort) {
        project = &node->As<logical::Project>();
      }
    }
    if (project != nullptr && node == project) node = node->children[0].get();
    plan_.output = root.output;
    Pipeline pipeline;
    if (project != nullptr) {
      // Sorted by columns that are not shown: they travel along, and the leader merges by them.
      VESTO_ASSIGN_OR_RETURN(
          pipeline, LowerProjectOverSort(*project, node->As<logical::Sort>(), limit));
    } else if (node->kind == NodeKind::kSort) {
      VESTO_ASSIGN_OR_RETURN(pipeline, LowerSorted(node->As<logical::Sort>(), limit));
      plan_.merge_keys = CloneAll(node->As<logical::Sort>().keys);
    } else {
      VESTO_ASSIGN_OR_RETURN(pipeline, LowerNode(*node));
      if (limit != nullptr) pipeline = LimitEach(std::move(pipeline), *limit);
    }
    if (plan_.merge_keys.empty()) pipeline = Shaped(std::move(pipeline), root.output);
    plan_.result = NewState();
    Close(std::move(pipeline), SendSpec{plan_.result, Route::kLeader, {}});
    return absl::OkStatus();
  }

  // The rows with exactly the columns `output`: a join passes on more than its node's output.
  Pipeline Shaped(Pipeline pipeline, const std::vector<OutputColumn>& output) {
    if (std::equal(output.begin(), output.end(), pipeline.layout.begin(), pipeline.layout.end(),
                   [](const OutputColumn& a, const OutputColumn& b) { return a.id == b.id; })) {
      return pipeline;
    }
    std::vector<ExprPtr> expressions;
    for (const OutputColumn& column : output) expressions.push_back(ColumnOf(column));
    const double rows = pipeline.rows;
    Append(pipeline, ProjectSpec{std::move(expressions)}, output, rows);
    return pipeline;
  }

  static bool PicksColumns(const logical::Project& project) {
    return std::all_of(project.expressions.begin(), project.expressions.end(),
                       [](const ExprPtr& expression) { return expression->is_column(); });
  }

  absl::StatusOr<Pipeline> LowerProjectOverSort(logical::Project& project, logical::Sort& sort,
                                                logical::Limit* limit) {
    VESTO_ASSIGN_OR_RETURN(Pipeline pipeline, LowerSorted(sort, limit));
    // The projection runs before the merge; sort keys that it drops travel as hidden columns.
    std::vector<ExprPtr> expressions = CloneAll(project.expressions);
    std::vector<OutputColumn> output = project.output;
    for (const SortKey& key : sort.keys) {
      const OutputColumn hidden{next_column_++, key.expression->type, "sort key"};
      expressions.push_back(key.expression->Clone());
      output.push_back(hidden);
      plan_.merge_keys.push_back({ColumnOf(hidden), key.descending, key.nulls_first});
    }
    Append(pipeline, ProjectSpec{std::move(expressions)}, std::move(output), pipeline.rows);
    return pipeline;
  }

  // At most limit + offset rows of every slice are wanted.
  Pipeline LimitEach(Pipeline pipeline, const logical::Limit& limit) {
    if (!limit.limit) return pipeline;
    const ExprPtr each = EachLimit(limit);
    if (each == nullptr) return pipeline;
    auto layout = pipeline.layout;
    const double rows = pipeline.rows;
    Append(pipeline, LimitSpec{each->Clone(), nullptr}, std::move(layout), rows);
    return pipeline;
  }

  // limit + offset, where both are constants; null otherwise.
  static ExprPtr EachLimit(const logical::Limit& limit) {
    if (!limit.limit || !limit.limit->is_constant() || limit.limit->constant.is_null()) {
      return nullptr;
    }
    int64_t rows = limit.limit->constant.integer();
    if (limit.offset) {
      if (!limit.offset->is_constant() || limit.offset->constant.is_null()) return nullptr;
      rows += limit.offset->constant.integer();
    }
    return expr::Constant(Value::Bigint(rows));
  }

  // Every place's rows in order; top-n where the limit is known.
  absl::StatusOr<Pipeline> LowerSorted(logical::Sort& sort, const logical::Limit* limit) {
    VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*sort.children[0]));
    int64_t rows = -1;
    if (limit != nullptr) {
      if (ExprPtr each = EachLimit(*limit)) rows = each->constant.integer();
    }
    return SortEach(std::move(input), CloneAll(sort.keys), rows);
  }

  Pipeline SortEach(Pipeline input, std::vector<SortKey> keys, int64_t limit) {
    const StateId state = NewState();
    const Place place = input.open.place;
    auto layout = input.layout;
    Distribution distribution = input.distribution;
    const double rows = input.rows;
    Close(std::move(input), SortSpec{state, std::move(keys), limit});
    return From(SortedScanSpec{state}, place, std::move(layout), std::move(distribution), rows);
  }

  // --- Operators --------------------------------------------------------------------------------

  absl::StatusOr<Pipeline> LowerNode(Node& node) {
    if (!base::HasStack()) {
      return SqlError(SqlState::kStatementTooComplex, "stack depth limit exceeded");
    }
    switch (node.kind) {
      case NodeKind::kScan: return LowerScan(node.As<logical::Scan>());
      case NodeKind::kSourceScan: {
        auto& scan = node.As<logical::SourceScan>();
        return From(SourceScanSpec{scan.source, scan.columns}, Place::kLeader, node.output,
                    {Distribution::Kind::kLeader, {}}, node.estimate.rows);
      }
      case NodeKind::kValues: {
        auto& values = node.As<logical::Values>();
        ValuesSpec spec;
        for (auto& row : values.rows) spec.rows.push_back(CloneAll(row));
        spec.constants = values.constants;
        for (const logical::ComputedValue& value : values.computed) {
          spec.computed.push_back({value.row, value.column, value.expression->Clone()});
        }
        return From(std::move(spec), Place::kLeader, node.output, {Distribution::Kind::kLeader, {}},
                    static_cast<double>(values.num_rows()));
      }
      case NodeKind::kFilter: {
        auto& filter = node.As<logical::Filter>();
        VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*node.children[0]));
        auto layout = input.layout;
        Append(input, FilterSpec{filter.predicate->Clone()}, std::move(layout), node.estimate.rows);
        return input;
      }
      case NodeKind::kProject: return LowerProject(node.As<logical::Project>());
      case NodeKind::kAggregate: return LowerAggregate(node.As<logical::Aggregate>());
      case NodeKind::kDistinct: return LowerDistinct(node);
      case NodeKind::kJoin: return LowerJoin(node.As<logical::Join>());
      case NodeKind::kSort: {
        // Inside a plan an order means nothing without a limit above it, which finds it below
        // itself. The leader is PostgreSQL, though, and drivers count on the order of its subqueries.
        VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*node.children[0]));
        if (!input.on_leader()) return input;
        return SortEach(std::move(input), CloneAll(node.As<logical::Sort>().keys), -1);
      }
      case NodeKind::kLimit: return LowerLimit(node.As<logical::Limit>());
      case NodeKind::kWindow: return LowerWindow(node.As<logical::Window>());
      case NodeKind::kSetOperation: return LowerSetOperation(node.As<logical::SetOperation>());
      case NodeKind::kCteDefinition: return LowerCte(node.As<logical::CteDefinition>());
      case NodeKind::kCteScan: return LowerCteScan(node.As<logical::CteScan>());
      case NodeKind::kRecursiveCte: return LowerRecursive(node.As<logical::RecursiveCte>());
      case NodeKind::kDependentJoin:
        return SqlError(SqlState::kInternalError,
                        "This type of correlated subquery pattern is not supported yet");
      case NodeKind::kInsert:
      case NodeKind::kDelete:
      case NodeKind::kUpdate:
      case NodeKind::kMerge:
      case NodeKind::kCopy:
      case NodeKind::kUnload: break;
    }
    return absl::InternalError("a write inside a plan");
  }

  absl::StatusOr<Pipeline> LowerScan(logical::Scan& scan) {
    Distribution distribution;
    const types::TableDesign& design = scan.table->design;
    if (design.dist_style == types::DistStyle::kKey && design.dist_key >= 0) {
      for (size_t i = 0; i < scan.columns.size(); ++i) {
        if (scan.columns[i] == design.dist_key) {
          distribution = {Distribution::Kind::kHashed, {scan.output[i].id}};
        }
      }
    }
    return From(ScanSpec{scan.table, scan.alias, scan.columns, {}, CloneAll(scan.conjuncts),
                         scan.emits_row_id, {}},
                Place::kSlices, scan.output, std::move(distribution), scan.estimate.rows);
  }

  absl::StatusOr<Pipeline> LowerProject(logical::Project& project) {
    VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*project.children[0]));
    // A hashed column keeps its place under the names that the projection gives it.
    Distribution distribution = input.distribution;
    if (distribution.kind == Distribution::Kind::kHashed) {
      std::vector<ColumnId> kept;
      for (size_t i = 0; i < project.expressions.size(); ++i) {
        const expr::Expr& expression = *project.expressions[i];
        if (expression.is_column() && Contains(distribution.columns, expression.column)) {
          kept.push_back(project.output[i].id);
        }
      }
      distribution = kept.empty() ? Distribution{} : Distribution{Distribution::Kind::kHashed, kept};
    }
    Append(input, ProjectSpec{CloneAll(project.expressions)}, project.output,
           project.estimate.rows);
    input.distribution = std::move(distribution);
    return input;
  }

  AggregateSpec AggregateSpecOf(const logical::Aggregate& node, AggregateSpec::Phase phase) {
    AggregateSpec spec;
    spec.state = NewState();
    spec.phase = phase;
    spec.keys = CloneAll(node.keys);
    for (const logical::AggregateItem& item : node.items) spec.items.push_back(item.Clone());
    spec.grouping_sets = node.grouping_sets;
    spec.grouping_id = node.grouping_id;
    spec.estimated_groups = node.estimate.rows;
    return spec;
  }

  absl::StatusOr<Pipeline> LowerAggregate(logical::Aggregate& node) {
    VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*node.children[0]));
    return Aggregated(node, std::move(input));
  }

  Pipeline Aggregated(const logical::Aggregate& node, Pipeline input) {
    bool whole_groups = false;  // DISTINCT and WITHIN GROUP need all rows of a group together
    for (const logical::AggregateItem& item : node.items) {
      whole_groups = whole_groups || item.distinct || !item.within_group.empty() ||
                     item.function->ordered;
    }
    const bool one_set = node.grouping_sets.empty();
    const double rows = node.estimate.rows;

    // The groups are complete where they are: on the leader, or spread by one of the keys.
    Distribution after = input.distribution;
    bool complete = input.on_leader();
    if (!complete && one_set && input.distribution.kind == Distribution::Kind::kHashed) {
      for (size_t i = 0; i < node.keys.size(); ++i) {
        if (node.keys[i]->is_column() &&
            Contains(input.distribution.columns, node.keys[i]->column)) {
          complete = true;
          after = {Distribution::Kind::kHashed, {node.key_ids[i]}};
        }
      }
    }
    if (!complete && whole_groups) {
      if (node.keys.empty() || !one_set) {
        input = MoveToLeader(std::move(input));
        after = {Distribution::Kind::kLeader, {}};
      } else {
        input = MoveByHash(std::move(input), CloneAll(node.keys));
        after = node.keys.size() == 1
                    ? Distribution{Distribution::Kind::kHashed, {node.key_ids[0]}}
                    : Distribution{};
      }
      complete = true;
    }
    if (complete) {
      AggregateSpec spec = AggregateSpecOf(node, AggregateSpec::Phase::kSingle);
      const StateId state = spec.state;
      const Place place = input.open.place;
      Close(std::move(input), std::move(spec));
      return From(GroupScanSpec{state}, place, node.output, std::move(after), rows);
    }

    // Two phases: each slice reduces its rows, then the states meet.
    AggregateSpec partial = AggregateSpecOf(node, AggregateSpec::Phase::kPartial);
    AggregateSpec final_spec = AggregateSpecOf(node, AggregateSpec::Phase::kFinal);
    const StateId partial_state = partial.state, final_state = final_spec.state;
    std::vector<OutputColumn> partial_layout = node.output;
    for (size_t i = 0; i < node.items.size(); ++i) {
      partial_layout[node.keys.size() + i].type = Type::Varbyte(0);
    }
    Close(std::move(input), std::move(partial));
    Pipeline states =
        From(GroupScanSpec{partial_state}, Place::kSlices, partial_layout, {}, rows);
    const bool few = node.keys.empty() || (rows >= 0 && rows <= kFewGroups);
    Place place = Place::kSlices;
    if (few) {
      states = MoveToLeader(std::move(states));
      place = Place::kLeader;
      after = {Distribution::Kind::kLeader, {}};
    } else {
      std::vector<ExprPtr> keys;
      for (size_t i = 0; i < node.keys.size(); ++i) keys.push_back(ColumnOf(node.output[i]));
      if (!one_set) keys.push_back(ColumnOf(node.output.back()));
      states = MoveByHash(std::move(states), std::move(keys));
      after = node.keys.size() == 1 && one_set
                  ? Distribution{Distribution::Kind::kHashed, {node.key_ids[0]}}
                  : Distribution{};
    }
    Close(std::move(states), std::move(final_spec));
    return From(GroupScanSpec{final_state}, place, node.output, std::move(after), rows);
  }

  absl::StatusOr<Pipeline> LowerDistinct(Node& node) {
    VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*node.children[0]));
    return DistinctRows(std::move(input), node);
  }

  // Distinct rows are the groups of all columns.
  Pipeline DistinctRows(Pipeline input, const Node& node) {
    logical::Aggregate aggregate;
    aggregate.output = node.output;
    aggregate.estimate = node.estimate;
    for (const OutputColumn& column : node.output) {
      aggregate.keys.push_back(ColumnOf(column));
      aggregate.key_ids.push_back(column.id);
    }
    return Aggregated(aggregate, std::move(input));
  }

  absl::StatusOr<Pipeline> LowerLimit(logical::Limit& limit) {
    Node& child = *limit.children[0];
    Pipeline pipeline;
    if (child.kind == NodeKind::kSort) {
      auto& sort = child.As<logical::Sort>();
      VESTO_ASSIGN_OR_RETURN(pipeline, LowerSorted(sort, &limit));
      if (!pipeline.on_leader()) {
        // Each slice's first rows, sorted once more where they meet.
        pipeline = MoveToLeader(std::move(pipeline));
        pipeline = SortEach(std::move(pipeline), CloneAll(sort.keys), -1);
      }
    } else {
      VESTO_ASSIGN_OR_RETURN(pipeline, LowerNode(child));
      pipeline = MoveToLeader(LimitEach(std::move(pipeline), limit));
    }
    Append(pipeline,
           LimitSpec{limit.limit ? limit.limit->Clone() : nullptr,
                     limit.offset ? limit.offset->Clone() : nullptr},
           pipeline.layout, limit.estimate.rows);
    return pipeline;
  }

  absl::StatusOr<Pipeline> LowerWindow(logical::Window& window) {
    VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*window.children[0]));
    bool together = input.on_leader();
    for (const ExprPtr& key : window.partition_by) {
      together = together || (input.distribution.kind == Distribution::Kind::kHashed &&
                              key->is_column() &&
                              Contains(input.distribution.columns, key->column));
    }
    if (!together) {
      if (window.partition_by.empty()) {
        input = MoveToLeader(std::move(input));
      } else {
        input = MoveByHash(std::move(input), CloneAll(window.partition_by));
      }
    }
    std::vector<SortKey> keys;
    for (const ExprPtr& key : window.partition_by) keys.push_back({key->Clone(), false, false});
    for (const SortKey& key : window.order_by) keys.push_back(key.Clone());
    Pipeline sorted = std::move(input);
    if (!keys.empty()) sorted = SortEach(std::move(sorted), std::move(keys), -1);
    WindowSpec spec;
    spec.partition_by = CloneAll(window.partition_by);
    spec.order_by = CloneAll(window.order_by);
    for (const logical::WindowItem& item : window.items) {
      logical::WindowItem copy;
      copy.kind = item.kind;
      copy.function = item.function;
      copy.overload = item.overload;
      copy.args = CloneAll(item.args);
      copy.ignore_nulls = item.ignore_nulls;
      copy.within_group = CloneAll(item.within_group);
      copy.start = item.start;
      copy.end = item.end;
      copy.type = item.type;
      copy.id = item.id;
      copy.name = item.name;
      spec.items.push_back(std::move(copy));
    }
    // What the rows are made of is for the input to say: a join passes on more than its node's output.
    std::vector<OutputColumn> output = sorted.layout;
    for (const logical::WindowItem& item : window.items) {
      output.push_back({item.id, item.type, item.name});
    }
    Append(sorted, std::move(spec), std::move(output), window.estimate.rows);
    return sorted;
  }

  // --- Joins ------------------------------------------------------------------------------------

  // The equality whose both sides the rows are already spread by; -1 = none.
  static int CoLocatedKey(const logical::Join& join, const Pipeline& left, const Pipeline& right) {
    if (left.distribution.kind != Distribution::Kind::kHashed ||
        right.distribution.kind != Distribution::Kind::kHashed) {
      return -1;
    }
    for (size_t i = 0; i < join.equalities.size(); ++i) {
      const auto& [l, r] = join.equalities[i];
      if (Contains(left.distribution.columns, PlacingColumn(*l)) &&
          Contains(right.distribution.columns, PlacingColumn(*r)) &&
          SameHashFamily(l->type, r->type)) {
        return static_cast<int>(i);
      }
    }
    return -1;
  }

  // The equality whose `left` (or right) side the rows of `side` are spread by; -1 = none.
  static int SpreadKey(const logical::Join& join, const Pipeline& side, bool left) {
    if (side.distribution.kind != Distribution::Kind::kHashed) return -1;
    for (size_t i = 0; i < join.equalities.size(); ++i) {
      const expr::Expr& key = left ? *join.equalities[i].first : *join.equalities[i].second;
      if (Contains(side.distribution.columns, PlacingColumn(key)) &&
          SameHashFamily(join.equalities[i].first->type, join.equalities[i].second->type)) {
        return static_cast<int>(i);
      }
    }
    return -1;
  }

  // The columns of the build side that the join's condition or anything above it reads.
  static std::vector<ColumnId> ReadOfBuild(const logical::Join& join,
                                           const std::vector<OutputColumn>& layout) {
    absl::flat_hash_set<ColumnId> read;
    for (const OutputColumn& column : join.output) read.insert(column.id);
    if (join.residual != nullptr) expr::CollectColumns(*join.residual, &read);
    std::vector<ColumnId> ids;
    for (const OutputColumn& column : layout) {
      if (read.contains(column.id)) ids.push_back(column.id);
    }
    return ids;
  }

  absl::StatusOr<Pipeline> LowerJoin(logical::Join& join) {
    if (join.equalities.empty()) return LowerNestedLoop(join);
    // The build side comes first: its stream has ended when the probe's begins. What the probe side
    // is spread by is known only after lowering it, so its own streams come before the build's.
    VESTO_ASSIGN_OR_RETURN(Pipeline right, LowerNode(*join.children[1]));
    VESTO_ASSIGN_OR_RETURN(Pipeline left, LowerNode(*join.children[0]));

    bool shared = true;
    if (CoLocatedKey(join, left, right) >= 0) {
      shared = false;
    } else if (left.on_leader() && right.on_leader()) {
      shared = false;
    } else if (left.on_leader()) {
      left = Spread(std::move(left));
    } else if (join.movement == Movement::kInner) {
      if (const int key = SpreadKey(join, left, true); key >= 0) {
        std::vector<ExprPtr> keys;
        keys.push_back(join.equalities[key].second->Clone());
        right = MoveByHash(std::move(right), std::move(keys));
        shared = false;
      }
    } else if (join.movement == Movement::kOuter) {
      if (const int key = SpreadKey(join, right, false); key >= 0) {
        std::vector<ExprPtr> keys;
        keys.push_back(join.equalities[key].first->Clone());
        left = MoveByHash(std::move(left), std::move(keys));
        shared = false;
      }
    } else if (join.movement == Movement::kBoth &&
               SameHashFamily(join.equalities[0].first->type, join.equalities[0].second->type)) {
      std::vector<ExprPtr> left_keys, right_keys;
      left_keys.push_back(join.equalities[0].first->Clone());
      right_keys.push_back(join.equalities[0].second->Clone());
      left = MoveByHash(std::move(left), std::move(left_keys));
      right = MoveByHash(std::move(right), std::move(right_keys));
      shared = false;
    }
    // NOT IN and marks ask whether any slice saw a NULL key: one table for all.
    const bool null_aware =
        (join.type == JoinType::kNullAwareAnti || join.type == JoinType::kMark) &&
        join.num_compared > 0;
    if (null_aware) {
      shared = shared || !left.on_leader();
    }
    if (shared && right.on_leader()) right = Spread(std::move(right));

    const bool keeps_build = join.type != JoinType::kSemi && join.type != JoinType::kAnti &&
                             join.type != JoinType::kNullAwareAnti && join.type != JoinType::kMark;
    HashBuildSpec build;
    build.state = NewState();
    for (auto& [l, r] : join.equalities) build.keys.push_back(r->Clone());
    build.layout = keeps_build || join.residual ? ReadOfBuild(join, right.layout)
                                                : std::vector<ColumnId>();
    build.shared = shared;
    build.keys_only = !keeps_build && !join.residual;
    build.num_compared = null_aware ? join.num_compared : 0;
    build.tracks_matches = join.type == JoinType::kRight || join.type == JoinType::kFull;
    const StateId state = build.state;
    const std::vector<ColumnId> build_layout = build.layout;
    const std::vector<OutputColumn> right_layout = right.layout;
    Close(std::move(right), std::move(build));

    if (join.type == JoinType::kInner || join.type == JoinType::kSemi ||
        join.type == JoinType::kRight) {
      for (const auto& equality : join.equalities) {
        if (join.equalities.size() == 1) AddRuntimeFilter(left, *equality.first, state);
      }
    }
    HashJoinSpec probe;
    probe.state = state;
    probe.type = join.type;
    for (auto& [l, r] : join.equalities) probe.probe_keys.push_back(l->Clone());
    probe.residual = join.residual ? join.residual->Clone() : nullptr;
    probe.build_layout = build_layout;
    std::vector<OutputColumn> output = left.layout;
    if (keeps_build) {
      absl::flat_hash_set<ColumnId> wanted;
      for (const OutputColumn& column : join.output) wanted.insert(column.id);
      for (const OutputColumn& column : right_layout) {
        if (!wanted.contains(column.id)) continue;
        probe.build_output.push_back(column.id);
        output.push_back(column);
      }
    } else if (join.type == JoinType::kMark) {
      output.push_back({join.mark_id, Type::Boolean(), "mark"});
    }
    Distribution distribution = left.distribution;
    if (join.type == JoinType::kInner && distribution.kind == Distribution::Kind::kHashed) {
      // An equal column is as good as the one that the rows were spread by.
      for (const auto& [l, r] : join.equalities) {
        if (PlacingColumn(*r) >= 0 && Contains(distribution.columns, PlacingColumn(*l)) &&
            SameHashFamily(l->type, r->type)) {
          distribution.columns.push_back(PlacingColumn(*r));
        }
      }
    }
    Append(left, std::move(probe), output, join.estimate.rows);
    left.distribution = distribution;
    if (join.type != JoinType::kRight && join.type != JoinType::kFull) return left;

    // Build rows without a partner come from a second segment, after the probe's stream: both are
    // saved and read again together.
    left.distribution = {};
    const Place place = left.open.place;
    const StateId saved = NewState();
    Close(std::move(left), SaveSpec{saved, false});
    Pipeline unmatched =
        From(UnmatchedScanSpec{state}, place, output, {}, join.estimate.rows);
    std::vector<Pipeline> both;
    both.push_back(From(SavedScanSpec{saved}, place, output, {}, join.estimate.rows));
    both.push_back(std::move(unmatched));
    return Concatenate(std::move(both), output, join.estimate.rows);
  }

  // Several pipelines of the same place and layout as one: each sends to the slice where it is. On
  // the leader their rows come in the order of `inputs`, as from PostgreSQL's Append.
  Pipeline Concatenate(std::vector<Pipeline> inputs, std::vector<OutputColumn> layout,
                       double rows) {
    const Place place = inputs.front().open.place;
    const bool in_order = place == Place::kLeader;
    ReceiveSpec receive{NewState()};
    Pipeline result;
    for (size_t i = 0; i < inputs.size(); ++i) {
      Pipeline& input = inputs[i];
      StateId exchange = receive.exchange;
      if (in_order && i > 0) receive.then.push_back(exchange = NewState());
      for (Segment& feeder : input.feeders) result.feeders.push_back(std::move(feeder));
      input.open.steps.push_back(Step{SendSpec{exchange, Route::kLocal, {}}, layout, input.rows});
      result.feeders.push_back(std::move(input.open));
    }
    result.open.place = place;
    if (place == Place::kLeader) result.distribution = {Distribution::Kind::kLeader, {}};
    Append(result, std::move(receive), std::move(layout), rows);
    return result;
  }

  // A scan of the probe side can skip rows whose key the build side does not have.
  static void AddRuntimeFilter(Pipeline& probe, const expr::Expr& key, StateId state) {
    if (!key.is_column()) return;
    const auto try_segment = [&](Segment& segment) {
      if (segment.steps.empty()) return;
      auto* scan = std::get_if<ScanSpec>(&segment.steps.front().spec);
      if (scan == nullptr) return;
      const auto& output = segment.steps.front().output;
      for (size_t i = 0; i < output.size() && i < scan->columns.size(); ++i) {
        if (output[i].id == key.column) {
          scan->runtime_filters.emplace_back(state, static_cast<int>(i));
        }
      }
    };
    // A column id names one column for good: whatever passes it on below an inner chain of steps
    // keeps its value. Outer joins and windows below would see fewer rows: stop at those.
    const auto transparent = [](const Segment& segment) {
      for (const Step& step : segment.steps) {
        if (std::holds_alternative<WindowSpec>(step.spec) ||
            std::holds_alternative<LimitSpec>(step.spec)) {
          return false;
        }
      }
      return true;
    };
    if (!transparent(probe.open)) return;
    try_segment(probe.open);
    for (Segment& feeder : probe.feeders) {
      if (transparent(feeder)) try_segment(feeder);
    }
  }

  absl::StatusOr<Pipeline> LowerNestedLoop(logical::Join& join) {
    if (join.type == JoinType::kRight || join.type == JoinType::kFull) {
      return SqlError(SqlState::kFeatureNotSupported,
                      "FULL JOIN is only supported with merge-joinable join conditions");
    }
    VESTO_ASSIGN_OR_RETURN(Pipeline right, LowerNode(*join.children[1]));
    const StateId state = NewState();
    NestedLoopSpec spec;
    spec.state = state;
    spec.type = join.type;
    spec.condition = join.residual ? join.residual->Clone() : nullptr;
    spec.build_layout = IdsOf(right.layout);
    const std::vector<OutputColumn> right_layout = right.layout;
    Close(std::move(right), SaveSpec{state, true});
    VESTO_ASSIGN_OR_RETURN(Pipeline left, LowerNode(*join.children[0]));
    std::vector<OutputColumn> output = left.layout;
    switch (join.type) {
      case JoinType::kSemi:
      case JoinType::kAnti:
      case JoinType::kNullAwareAnti: break;
      case JoinType::kMark: output.push_back({join.mark_id, Type::Boolean(), "mark"}); break;
      default: output.insert(output.end(), right_layout.begin(), right_layout.end());
    }
    Distribution distribution = left.distribution;
    Append(left, std::move(spec), std::move(output), join.estimate.rows);
    left.distribution = std::move(distribution);
    return left;
  }

  // --- Set operations ---------------------------------------------------------------------------

  // Child `index` with its columns in the order, and under the ids, of the set operation's output.
  absl::StatusOr<Pipeline> LowerSetInput(logical::SetOperation& node, size_t index,
                                         const std::vector<OutputColumn>& output) {
    VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*node.children[index]));
    std::vector<ExprPtr> expressions;
    for (size_t j = 0; j < output.size(); ++j) {
      const ColumnId id = node.columns[index][j];
      const auto it = std::find_if(input.layout.begin(), input.layout.end(),
                                   [id](const OutputColumn& column) { return column.id == id; });
      if (it == input.layout.end()) return absl::InternalError("set operation loses a column");
      ExprPtr column = ColumnOf(*it);
      if (!(it->type == output[j].type)) {
        column = expr::Cast(std::move(column), output[j].type, true);
      }
      expressions.push_back(std::move(column));
    }
    const double rows = input.rows;
    Append(input, ProjectSpec{std::move(expressions)}, output, rows);
    input.distribution = input.on_leader() ? Distribution{Distribution::Kind::kLeader, {}}
                                           : Distribution{};
    return input;
  }

  // Adds input `index` to `rows` where it is one row without relations, as in UNION ALL SELECT 1, 'a'; else false.
  static bool AddConstantRow(const logical::SetOperation& node, size_t index, ValuesSpec* rows) {
    const Node& child = *node.children[index];
    if (child.kind != NodeKind::kProject || child.children[0]->kind != NodeKind::kValues) {
      return false;
    }
    const auto& source = child.children[0]->As<logical::Values>();
    if (!source.output.empty() || source.num_rows() != 1) return false;
    const auto& expressions = child.As<logical::Project>().expressions;
    std::vector<ExprPtr> row;
    for (size_t j = 0; j < node.output.size(); ++j) {
      size_t i = 0;
      while (i < child.output.size() && child.output[i].id != node.columns[index][j]) ++i;
      if (i == child.output.size()) return false;
      ExprPtr value = expressions[i]->Clone();
      const Type& type = node.output[j].type;
      if (!(value->type == type)) value = expr::Cast(std::move(value), type, true);
      row.push_back(std::move(value));
    }
    rows->rows.push_back(std::move(row));
    return true;
  }

  absl::StatusOr<Pipeline> LowerSetOperation(logical::SetOperation& node) {
    using logical::SetOperationKind;
    if (node.operation == SetOperationKind::kUnionAll ||
        node.operation == SetOperationKind::kUnion) {
      std::vector<Pipeline> inputs;
      bool on_slices = false;
      for (size_t i = 0; i < node.children.size();) {
        // A generated statement may chain thousands of constant rows: together they are one input.
        ValuesSpec rows;
        while (i < node.children.size() && AddConstantRow(node, i, &rows)) ++i;
        if (!rows.rows.empty()) {
          const auto count = static_cast<double>(rows.rows.size());
          inputs.push_back(From(std::move(rows), Place::kLeader, node.output,
                                {Distribution::Kind::kLeader, {}}, count));
          continue;
        }
        VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerSetInput(node, i++, node.output));
        on_slices = on_slices || !input.on_leader();
        inputs.push_back(std::move(input));
      }
      if (on_slices) {
        for (Pipeline& input : inputs) input = Spread(std::move(input));
      }
      Pipeline all = inputs.size() == 1
                         ? std::move(inputs.front())
                         : Concatenate(std::move(inputs), node.output, node.estimate.rows);
      if (node.operation == SetOperationKind::kUnionAll) return all;
      return DistinctRows(std::move(all), node);
    }
    // INTERSECT and EXCEPT: distinct rows of the left with, or without, an equal row on the right.
    VESTO_ASSIGN_OR_RETURN(Pipeline left, LowerSetInput(node, 0, node.output));
    std::vector<OutputColumn> right_output = node.output;
    for (OutputColumn& column : right_output) column.id = next_column_++;
    VESTO_ASSIGN_OR_RETURN(Pipeline right, LowerSetInput(node, 1, right_output));
    left = DistinctRows(std::move(left), node);
    if (left.on_leader() && !right.on_leader()) left = Spread(std::move(left));
    if (right.on_leader() && !left.on_leader()) right = Spread(std::move(right));
    HashBuildSpec build;
    build.state = NewState();
    for (const OutputColumn& column : right_output) build.keys.push_back(ColumnOf(column));
    build.layout = IdsOf(right_output);
    build.shared = !left.on_leader();
    build.keys_only = true;
    build.nulls_equal = true;
    HashJoinSpec probe;
    probe.state = build.state;
    probe.type = node.operation == SetOperationKind::kIntersect ? JoinType::kSemi : JoinType::kAnti;
    for (const OutputColumn& column : node.output) probe.probe_keys.push_back(ColumnOf(column));
    probe.build_layout = build.layout;
    probe.nulls_equal = true;
    Close(std::move(right), std::move(build));
    Distribution distribution = left.distribution;
    Append(left, std::move(probe), node.output, node.estimate.rows);
    left.distribution = std::move(distribution);
    return left;
  }

  // --- Common table expressions -------------------------------------------------------------------

  struct SavedCte {
    StateId state = -1;
    Place place = Place::kSlices;
    std::vector<OutputColumn> layout;
    Distribution distribution;
  };

  // Saves the rows of a common table expression; its scans read them in later streams.
  absl::Status SaveCte(logical::CteDefinition& node) {
    VESTO_ASSIGN_OR_RETURN(Pipeline rows, LowerNode(*node.children[0]));
    SavedCte saved{NewState(), rows.open.place, rows.layout, rows.distribution};
    const StateId state = saved.state;
    ctes_[node.cte] = std::move(saved);
    Close(std::move(rows), SaveSpec{state, false});
    return absl::OkStatus();
  }

  absl::StatusOr<Pipeline> LowerCte(logical::CteDefinition& node) {
    VESTO_RETURN_IF_ERROR(SaveCte(node));
    return LowerNode(*node.children[1]);
  }

  absl::StatusOr<Pipeline> LowerCteScan(logical::CteScan& node) {
    const auto it = ctes_.find(node.cte);
    if (it == ctes_.end()) return absl::InternalError("CTE scanned before it is defined");
    const SavedCte& saved = it->second;
    Pipeline scan = From(SavedScanSpec{saved.state}, saved.place, saved.layout, {}, -1);
    std::vector<ExprPtr> expressions;
    Distribution distribution;
    if (saved.place == Place::kLeader) distribution.kind = Distribution::Kind::kLeader;
    for (size_t j = 0; j < node.output.size(); ++j) {
      const ColumnId id = node.source_columns[j];
      const auto column =
          std::find_if(saved.layout.begin(), saved.layout.end(),
                       [id](const OutputColumn& candidate) { return candidate.id == id; });
      if (column == saved.layout.end()) return absl::InternalError("CTE loses a column");
      expressions.push_back(ColumnOf(*column));
      if (saved.distribution.kind == Distribution::Kind::kHashed &&
          Contains(saved.distribution.columns, id)) {
        distribution.kind = Distribution::Kind::kHashed;
        distribution.columns.push_back(node.output[j].id);
      }
    }
    Append(scan, ProjectSpec{std::move(expressions)}, node.output, node.estimate.rows);
    scan.distribution = std::move(distribution);
    return scan;
  }

  // The same in every round: reads what it reads again.
  static bool IsRepeatable(const Node& node) {
    bool repeatable = node.kind != NodeKind::kRecursiveCte;
    logical::VisitExpressions(node, [&](const expr::Expr& expression) {
      repeatable = repeatable && !expr::IsVolatile(expression);
    });
    return repeatable && std::all_of(node.children.begin(), node.children.end(),
                                     [](const NodePtr& child) { return IsRepeatable(*child); });
  }

  static bool Reads(const Stream& stream, const absl::flat_hash_set<StateId>& states) {
    for (const Segment& segment : stream.segments) {
      for (const Step& step : segment.steps) {
        StateId state = -1;
        if (const auto* saved = std::get_if<SavedScanSpec>(&step.spec)) state = saved->state;
        if (const auto* groups = std::get_if<GroupScanSpec>(&step.spec)) state = groups->state;
        if (const auto* sorted = std::get_if<SortedScanSpec>(&step.spec)) state = sorted->state;
        if (const auto* rows = std::get_if<UnmatchedScanSpec>(&step.spec)) state = rows->state;
        if (const auto* join = std::get_if<HashJoinSpec>(&step.spec)) state = join->state;
        if (const auto* loop = std::get_if<NestedLoopSpec>(&step.spec)) state = loop->state;
        if (states.contains(state)) return true;
        if (const auto* scan = std::get_if<ScanSpec>(&step.spec)) {
          for (const auto& [filter, column] : scan->runtime_filters) {
            if (states.contains(filter)) return true;
          }
        }
      }
    }
    return false;
  }

  // Streams from `first` on that read nothing of the round, `current`, come first and run once; answers
  // where the repeated ones begin. Only hash tables and saved rows are kept: groups and sorted rows are
  // given away as they are read.
  int HoistInvariants(int first, StateId current) {
    const auto begin = plan_.streams.begin() + first;
    const size_t count = plan_.streams.size() - static_cast<size_t>(first);
    std::vector<bool> varies(count, false);
    varies.back() = true;
    absl::flat_hash_set<StateId> round = {current};
    for (size_t i = 0; i < count; ++i) {
      const StepSpec& sink = begin[static_cast<long>(i)].segments.back().steps.back().spec;
      const auto* hash = std::get_if<HashBuildSpec>(&sink);
      const auto* save = std::get_if<SaveSpec>(&sink);
      const bool kept = (hash != nullptr && !hash->tracks_matches) || save != nullptr;
      varies[i] = varies[i] || !kept || Reads(begin[static_cast<long>(i)], round);
      if (!varies[i]) continue;
      if (hash != nullptr) round.insert(hash->state);
      if (save != nullptr) round.insert(save->state);
      if (const auto* groups = std::get_if<AggregateSpec>(&sink)) round.insert(groups->state);
      if (const auto* sort = std::get_if<SortSpec>(&sink)) round.insert(sort->state);
    }
    std::vector<Stream> ordered;
    int repeat_from = first;
    for (const bool varying : {false, true}) {
      for (size_t i = 0; i < count; ++i) {
        if (varies[i] != varying) continue;
        ordered.push_back(std::move(begin[static_cast<long>(i)]));
        if (!varying) ++repeat_from;
      }
    }
    std::move(ordered.begin(), ordered.end(), begin);
    return repeat_from;
  }

  // The seed's rows are the first round; each round's rows feed the next until none come.
  absl::StatusOr<Pipeline> LowerRecursive(logical::RecursiveCte& node) {
    const StateId all = NewState(), current = NewState(), next = NewState();
    VESTO_ASSIGN_OR_RETURN(Pipeline seed, LowerNode(*node.children[0]));
    const auto aligned = [&](Pipeline input, const std::vector<ColumnId>& columns) {
      std::vector<ExprPtr> expressions;
      for (size_t j = 0; j < columns.size(); ++j) {
        for (const OutputColumn& column : input.layout) {
          if (column.id != columns[j]) continue;
          ExprPtr expression = ColumnOf(column);
          if (!(column.type == node.output[j].type)) {
            expression = expr::Cast(std::move(expression), node.output[j].type, true);
          }
          expressions.push_back(std::move(expression));
          break;
        }
      }
      Append(input, ProjectSpec{std::move(expressions)}, node.output, -1);
      return MoveToLeader(std::move(input));
    };
    Close(aligned(std::move(seed), node.seed_columns), SaveSpec{current, false, all});
    ctes_[node.cte] = {current, Place::kLeader, node.output, {Distribution::Kind::kLeader, {}}};
    const int first = static_cast<int>(plan_.streams.size());
    VESTO_ASSIGN_OR_RETURN(Pipeline step, LowerNode(*node.children[1]));
    Close(aligned(std::move(step), node.step_columns), SaveSpec{next, false, all});
    const int repeat_from = IsRepeatable(*node.children[1]) ? HoistInvariants(first, current) : first;
    Stream& last = plan_.streams.back();
    last.repeat_from = repeat_from;
    last.repeat_state = next;
    last.repeat_input = current;
    return From(SavedScanSpec{all}, Place::kLeader, node.output,
                {Distribution::Kind::kLeader, {}}, node.estimate.rows);
  }

  // --- Writes -----------------------------------------------------------------------------------

  // Brings new rows to the slices that the table's design gives them.
  Pipeline RouteToTable(Pipeline input, const catalog::TableEntry& table,
                        const std::vector<ColumnId>& columns) {
    const types::TableDesign& design = table.design;
    switch (design.dist_style) {
      case types::DistStyle::kAll:
        return Move(std::move(input), Route::kSliceZero, {}, Place::kSliceZero, {});
      case types::DistStyle::kKey: {
        const ColumnId id = columns[design.dist_key];
        if (input.distribution.kind == Distribution::Kind::kHashed &&
            Contains(input.distribution.columns, id)) {
          return input;
        }
        for (const OutputColumn& column : input.layout) {
          if (column.id != id) continue;
          std::vector<ExprPtr> keys;
          keys.push_back(ColumnOf(column));
          return MoveByHash(std::move(input), std::move(keys));
        }
        return input;
      }
      case types::DistStyle::kAuto:
      case types::DistStyle::kEven:
        if (input.on_leader()) return Spread(std::move(input));
        return input;
    }
    return input;
  }

  // Identity values are generated before the rows are sent off: in the order of the rows, and so that
  // a distribution key among them is spread like any other. `columns` gets the ids of what was made.
  absl::Status AppendIdentities(Pipeline& input, const catalog::TablePtr& table,
                                const std::vector<ColumnId>& generated,
                                std::vector<ColumnId>* columns) {
    const auto position = [&input](ColumnId id) -> int {
      for (size_t i = 0; i < input.layout.size(); ++i) {
        if (input.layout[i].id == id) return static_cast<int>(i);
      }
      return -1;
    };
    IdentitySpec spec{table, {}};
    std::vector<OutputColumn> layout = input.layout;
    for (size_t i = 0; i < columns->size(); ++i) {
      const bool some = !generated.empty() && generated[i] >= 0;
      if ((*columns)[i] >= 0 && !some) continue;
      IdentitySpec::Item item{static_cast<int>(i), -1, -1};
      if (some) {
        item.value = position((*columns)[i]);
        item.flag = position(generated[i]);
        if (item.value < 0 || item.flag < 0) return absl::InternalError("INSERT loses a column");
      }
      spec.items.push_back(item);
      const catalog::ColumnEntry& column = table->columns[i];
      (*columns)[i] = next_column_++;
      layout.push_back({(*columns)[i], column.type, column.name});
    }
    if (!spec.items.empty()) Append(input, std::move(spec), std::move(layout), input.rows);
    return absl::OkStatus();
  }

  // `stays`: the rows are on their slices already.
  absl::Status CloseWithInsert(Pipeline input, const catalog::TablePtr& table,
                               std::vector<ColumnId> columns,
                               const std::vector<ColumnId>& generated = {}, bool stays = false) {
    VESTO_RETURN_IF_ERROR(AppendIdentities(input, table, generated, &columns));
    if (!stays) input = RouteToTable(std::move(input), *table, columns);
    InsertSpec spec;
    spec.table = table;
    for (ColumnId id : columns) {
      int position = -1;
      for (size_t i = 0; i < input.layout.size(); ++i) {
        if (input.layout[i].id == id) position = static_cast<int>(i);
      }
      if (position < 0) return absl::InternalError("INSERT loses a column");
      spec.input.push_back(position);
    }
    Close(std::move(input), std::move(spec));
    return absl::OkStatus();
  }

  // The segment that yields the row ids reads them from this slice's own shard: they are at home. The
  // slices share the one copy of a DISTSTYLE ALL table, so that its rows may be another slice's.
  static bool ScansHere(const Pipeline& input, const catalog::TableEntry& table) {
    const auto* scan = std::get_if<ScanSpec>(&input.open.steps.front().spec);
    return scan != nullptr && scan->emits_row_id && scan->table->oid == table.oid &&
           table.design.dist_style != types::DistStyle::kAll;
  }

  // UPDATE leaves the distribution key as it was: the new row lives where the old one did.
  static bool KeepsDistKey(const logical::Update& update) {
    const types::TableDesign& design = update.table->design;
    if (design.dist_style != types::DistStyle::kKey || update.children[0]->kind != NodeKind::kProject) {
      return false;
    }
    const auto& project = update.children[0]->As<logical::Project>();
    const ColumnId wanted = update.input[design.dist_key];
    for (size_t i = 0; i < project.expressions.size(); ++i) {
      if (project.output[i].id != wanted || !project.expressions[i]->is_column()) continue;
      return IsDistKeyOfTarget(*project.children[0], *update.table, project.expressions[i]->column);
    }
    return false;
  }

  static bool IsDistKeyOfTarget(const Node& node, const catalog::TableEntry& table, ColumnId id) {
    if (node.kind == NodeKind::kScan) {
      const auto& scan = node.As<logical::Scan>();
      if (!scan.emits_row_id || scan.table->oid != table.oid) return false;
      for (size_t i = 0; i < scan.columns.size(); ++i) {
        if (scan.columns[i] == table.design.dist_key && scan.output[i].id == id) return true;
      }
      return false;
    }
    if (node.kind != NodeKind::kFilter && node.kind != NodeKind::kJoin) return false;
    return std::any_of(node.children.begin(), node.children.end(), [&](const NodePtr& child) {
      return IsDistKeyOfTarget(*child, table, id);
    });
  }

  // Brings row ids back to the slices of their rows and deletes them there.
  absl::StatusOr<Pipeline> DeleteRows(Pipeline input, const catalog::TablePtr& table,
                                      ColumnId row_id, bool error_on_multiple, bool drop_matched) {
    int position = -1;
    for (size_t i = 0; i < input.layout.size(); ++i) {
      if (input.layout[i].id == row_id) position = static_cast<int>(i);
    }
    if (position < 0) return absl::InternalError("a write loses its row id");
    if (!ScansHere(input, *table)) {
      std::vector<ExprPtr> keys;
      keys.push_back(ColumnOf(input.layout[position]));
      input = Move(std::move(input), Route::kRowSlice, std::move(keys), Place::kSlices, {});
    }
    std::vector<OutputColumn> output = input.layout;
    output.erase(output.begin() + position);
    Append(input, DeleteSpec{table, position, error_on_multiple, drop_matched}, std::move(output),
           input.rows);
    return input;
  }

  absl::Status LowerWrite(Node& root) {
    plan_.output = root.output;
    switch (root.kind) {
      case NodeKind::kInsert: {
        auto& insert = root.As<logical::Insert>();
        VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*root.children[0]));
        return CloseWithInsert(std::move(input), insert.table, insert.input, insert.generated);
      }
      case NodeKind::kDelete: {
        auto& node = root.As<logical::Delete>();
        VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*root.children[0]));
        VESTO_ASSIGN_OR_RETURN(input, DeleteRows(std::move(input), node.table, node.row_id, false,
                                                 false));
        Close(std::move(input), DiscardSpec{});
        return absl::OkStatus();
      }
      case NodeKind::kUpdate: {
        auto& node = root.As<logical::Update>();
        VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*root.children[0]));
        VESTO_ASSIGN_OR_RETURN(input, DeleteRows(std::move(input), node.table, node.row_id,
                                                 node.error_on_multiple, false));
        const bool stays = KeepsDistKey(node);
        return CloseWithInsert(std::move(input), node.table, node.input, {}, stays);
      }
      case NodeKind::kMerge: {
        auto& node = root.As<logical::Merge>();
        VESTO_ASSIGN_OR_RETURN(Pipeline input, LowerNode(*root.children[0]));
        VESTO_ASSIGN_OR_RETURN(input, DeleteRows(std::move(input), node.table, node.row_id, true,
                                                 node.matched_delete));
        return CloseWithInsert(std::move(input), node.table, node.input, node.generated);
      }
      case NodeKind::kCopy: return LowerCopy(root.As<logical::Copy>());
      default: {
        auto& node = root.As<logical::Unload>();
        VESTO_ASSIGN_OR_RETURN(Pipeline input,
                               LowerUnloaded(*root.children[0], node.spec->parallel));
        Close(std::move(input), UnloadStepSpec{node.spec});
        return absl::OkStatus();
      }
    }
  }

  // The rows of UNLOAD in the order of its query: each slice's own, or all of them on the leader.
  absl::StatusOr<Pipeline> LowerUnloaded(Node& query, bool parallel) {
    if (query.kind == NodeKind::kCteDefinition) {
      VESTO_RETURN_IF_ERROR(SaveCte(query.As<logical::CteDefinition>()));
      return LowerUnloaded(*query.children[1], parallel);
    }
    if (query.kind == NodeKind::kProject && query.children[0]->kind == NodeKind::kSort) {
      // Sorted by columns that are not written.
      VESTO_ASSIGN_OR_RETURN(Pipeline rows, LowerUnloaded(*query.children[0], parallel));
      const double count = rows.rows;
      Append(rows, ProjectSpec{CloneAll(query.As<logical::Project>().expressions)}, query.output,
             count);
      return rows;
    }
    if (query.kind == NodeKind::kSort) {
      auto& sort = query.As<logical::Sort>();
      VESTO_ASSIGN_OR_RETURN(Pipeline rows, LowerNode(*sort.children[0]));
      if (!parallel) rows = MoveToLeader(std::move(rows));
      return SortEach(std::move(rows), CloneAll(sort.keys), -1);
    }
    VESTO_ASSIGN_OR_RETURN(Pipeline rows, LowerNode(query));
    rows = Shaped(std::move(rows), query.output);
    return parallel ? std::move(rows) : MoveToLeader(std::move(rows));
  }

  absl::Status LowerCopy(logical::Copy& copy) {
    std::vector<OutputColumn> layout;
    std::vector<ColumnId> ids;
    for (const catalog::ColumnEntry& column : copy.table->columns) {
      layout.push_back({next_column_++, column.type, column.name});
      ids.push_back(layout.back().id);
    }
    // The values of an identity column that the files do not have are generated.
    for (size_t i = 0; i < ids.size(); ++i) {
      const catalog::ColumnEntry& column = copy.table->columns[i];
      const auto& filled = copy.spec->columns;
      const bool in_file = std::find(filled.begin(), filled.end(), static_cast<int>(i)) != filled.end();
      if (column.identity && !in_file) ids[i] = -1;
    }
    std::vector<ExprPtr> defaults;
    for (const ExprPtr& expression : copy.defaults) {
      defaults.push_back(expression != nullptr ? expression->Clone() : nullptr);
    }
    Pipeline input = From(ParseSpec{copy.table, copy.spec, std::move(defaults)}, Place::kSlices,
                          layout, {}, -1);
    const types::DistStyle style = copy.table->design.dist_style;
    if (style == types::DistStyle::kEven || style == types::DistStyle::kAuto) {
      // One compressed file is read by one slice: its rows are dealt to all.
      input = Move(std::move(input), Route::kRoundRobin, {}, Place::kSlices, {});
    }
    if (copy.spec->no_load) {
      Close(std::move(input), DiscardSpec{});
      return absl::OkStatus();
    }
    return CloseWithInsert(std::move(input), copy.table, ids);
  }

  const types::Topology topology_;
  ColumnId next_column_;
  Plan plan_;
  absl::flat_hash_map<int, SavedCte> ctes_;
};

}  // namespace

absl::StatusOr<Plan> Lower(logical::NodePtr root, const types::Topology& topology,
                           ColumnId next_column_id) {
  return Lowerer(topology, next_column_id).Run(std::move(root));
}

}  // namespace vesto::physical
