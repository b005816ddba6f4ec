#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "logical/constant_rows.h"
#include "logical/plan_text.h"
#include "physical/plan.h"

// The plan for tests and debugging: streams, their segments, one line per step, columns as name#id. The
// sink that fills a state (or sends into an exchange) and the source that reads it both name it: s3.
namespace vesto::physical {
namespace {

using logical::TextOf;

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string_view PlaceName(Place place) {
  switch (place) {
    case Place::kSlices: return "slices";
    case Place::kSliceZero: return "slice 0";
    case Place::kLeader: return "leader";
  }
  return "";
}

std::string_view RouteName(Route route) {
  switch (route) {
    case Route::kHash: return "by hash of";
    case Route::kBroadcast: return "to every slice";
    case Route::kRoundRobin: return "in turn";
    case Route::kLeader: return "to the leader";
    case Route::kSliceZero: return "to slice 0";
    case Route::kLocal: return "to the same slice";
    case Route::kRowSlice: return "to the slice of";
  }
  return "";
}

std::string_view PhaseName(AggregateSpec::Phase phase) {
  switch (phase) {
    case AggregateSpec::Phase::kPartial: return "partial";
    case AggregateSpec::Phase::kFinal: return "final";
    case AggregateSpec::Phase::kSingle: return "single";
  }
  return "";
}

// " title text", or nothing for an empty text.
std::string Part(std::string_view title, const std::string& text) {
  return text.empty() ? "" : absl::StrCat(" ", sv(title), " ", text);
}

std::string Bracketed(std::string_view title, const std::string& text) {
  return absl::StrCat(" ", sv(title), " [", text, "]");
}

std::string LimitText(const ExprPtr& limit, const ExprPtr& offset) {
  return absl::StrCat(limit != nullptr ? Part("rows", TextOf(limit)) : "",
                      offset != nullptr ? Part("offset", TextOf(offset)) : "");
}

std::string State(StateId state) { return absl::StrCat(" s", state); }

std::string Projection(const ProjectSpec& project,
                       const std::vector<logical::OutputColumn>& output) {
  std::string out = " [";
  for (size_t i = 0; i < project.expressions.size(); ++i) {
    absl::StrAppend(&out, i == 0 ? "" : ", ", output[i].name, "#", output[i].id);
    const expr::Expr& expression = *project.expressions[i];
    if (expression.is_column() && expression.column == output[i].id) continue;
    absl::StrAppend(&out, " := ", TextOf(expression));
  }
  return out + "]";
}

std::string ScanText(const ScanSpec& scan, const std::vector<logical::OutputColumn>& output) {
  std::string out = absl::StrCat(" ", scan.table->name, " [", TextOf(output), "]",
                                 Part("where", TextOf(scan.conjuncts)));
  for (const auto& [state, column] : scan.runtime_filters) {
    absl::StrAppend(&out, " filtered by", State(state), " on #", output[column].id);
  }
  return out;
}

// What stands behind the step's label.
std::string Text(const Step& step) {
  const auto& output = step.output;
  return std::visit(
      Overloaded{
          [&](const ScanSpec& scan) { return ScanText(scan, output); },
          [&](const SourceScanSpec& scan) {
            return absl::StrCat(" ", scan.source->name(), " [", TextOf(output), "]");
          },
          [&](const ValuesSpec& values) {
            const size_t rows =
                values.constants != nullptr ? values.constants->num_rows() : values.rows.size();
            return absl::StrCat(" ", rows, " constant row", rows == 1 ? "" : "s", " [",
                                TextOf(output), "]");
          },
          [&](const ParseSpec& parse) {
            return absl::StrCat(" ", parse.copy->source, " [", TextOf(output), "]");
          },
          [](const ReceiveSpec& receive) {
            std::string text = absl::StrCat(" network", State(receive.exchange));
            for (const StateId next : receive.then) absl::StrAppend(&text, " then", State(next));
            return text;
          },
          [](const SavedScanSpec& scan) { return absl::StrCat(" saved rows", State(scan.state)); },
          [](const GroupScanSpec& scan) { return absl::StrCat(" groups", State(scan.state)); },
          [](const SortedScanSpec& scan) { return absl::StrCat(" sorted rows", State(scan.state)); },
          [](const UnmatchedScanSpec& scan) {
            return absl::StrCat(" unmatched rows", State(scan.state));
          },
          [](const FilterSpec& filter) { return Part("where", TextOf(filter.predicate)); },
          [&](const ProjectSpec& project) { return Projection(project, output); },
          [](const HashJoinSpec& join) {
            return absl::StrCat(State(join.state), " ", sv(logical::JoinTypeName(join.type)),
                                Bracketed("keys", TextOf(join.probe_keys)),
                                join.nulls_equal ? " nulls equal" : "",
                                join.residual != nullptr ? Part("residual", TextOf(join.residual)) : "",
                                join.build_output.empty()
                                    ? ""
                                    : Bracketed("adds", TextOf(join.build_output)));
          },
          [](const NestedLoopSpec& join) {
            return absl::StrCat(State(join.state), " ", sv(logical::JoinTypeName(join.type)),
                                join.condition != nullptr ? Part("on", TextOf(join.condition)) : "");
          },
          [](const UniqueSpec&) { return std::string(); },
          [](const LimitSpec& limit) { return LimitText(limit.limit, limit.offset); },
          [](const WindowSpec& window) {
            return absl::StrCat(Bracketed("partition by", TextOf(window.partition_by)),
                                Bracketed("order by", TextOf(window.order_by)),
                                Bracketed("items", TextOf(window.items)));
          },
          [](const IdentitySpec& spec) {
            std::string text = absl::StrCat(" ", spec.table->name, " generates");
            for (const IdentitySpec::Item& item : spec.items) {
              absl::StrAppend(&text, " ", spec.table->columns[item.table_column].name,
                              item.flag >= 0 ? " of some rows" : "");
            }
            return text;
          },
          [](const DeleteSpec& spec) {
            return absl::StrCat(" ", spec.table->name, " row id in column ", spec.row_id_column,
                                spec.error_on_multiple ? " once" : "",
                                spec.drop_matched ? " drops matched" : "");
          },
          [](const SendSpec& send) {
            return absl::StrCat(State(send.exchange), Part(RouteName(send.route), TextOf(send.keys)),
                                send.keys.empty() ? absl::StrCat(" ", sv(RouteName(send.route))) : "");
          },
          [](const HashBuildSpec& build) {
            return absl::StrCat(State(build.state), Bracketed("keys", TextOf(build.keys)),
                                build.keys_only ? "" : Bracketed("layout", TextOf(build.layout)),
                                build.shared ? " for all slices" : " per slice",
                                build.num_compared > 0
                                    ? absl::StrCat(" null-aware", build.num_compared > 1
                                                                      ? absl::StrCat(" in ", build.num_compared, " keys")
                                                                      : "")
                                    : "",
                                build.nulls_equal ? " nulls equal" : "",
                                build.tracks_matches ? " tracks matches" : "");
          },
          [](const AggregateSpec& aggregate) {
            return absl::StrCat(
                State(aggregate.state), " ", sv(PhaseName(aggregate.phase)),
                Bracketed("keys", TextOf(aggregate.keys)),
                Bracketed("items", TextOf(aggregate.items)),
                Part("sets", aggregate.grouping_sets.empty()
                                 ? ""
                                 : logical::GroupingSetsText(aggregate.grouping_sets).substr(1)));
          },
          [](const SortSpec& sort) {
            return absl::StrCat(State(sort.state), Part("by", TextOf(sort.keys)),
                                sort.limit >= 0 ? absl::StrCat(" first ", sort.limit) : "");
          },
          [](const SaveSpec& save) {
            return absl::StrCat(State(save.state), save.shared ? " for all slices" : "",
                                save.also >= 0 ? absl::StrCat(" and", State(save.also)) : "");
          },
          [](const InsertSpec& insert) {
            std::string out = absl::StrCat(" ", insert.table->name, " from columns");
            for (int column : insert.input) absl::StrAppend(&out, " ", column);
            return out;
          },
          [](const DiscardSpec&) { return std::string(" nothing"); },
          [](const UnloadStepSpec& unload) { return absl::StrCat(" ", unload.unload->destination); },
      },
      step.spec);
}

}  // namespace

std::string DebugString(const Plan& plan) {
  std::string text;
  int segment_number = 0;
  for (size_t i = 0; i < plan.streams.size(); ++i) {
    const Stream& stream = plan.streams[i];
    absl::StrAppend(&text, "stream ", i);
    if (stream.repeat_from >= 0) {
      absl::StrAppend(&text, ", back to stream ", stream.repeat_from, " while",
                      State(stream.repeat_state), " has rows, as", State(stream.repeat_input));
    }
    absl::StrAppend(&text, "\n");
    for (const Segment& segment : stream.segments) {
      absl::StrAppend(&text, "  segment ", segment_number++, " on ", sv(PlaceName(segment.place)),
                      "\n");
      for (const Step& step : segment.steps) {
        absl::StrAppend(&text, "    ", sv(StepLabel(step.spec)), Text(step), "\n");
      }
    }
  }
  const std::string last = absl::StrCat(Part("merge by", TextOf(plan.merge_keys)),
                                        LimitText(plan.limit, plan.offset));
  if (plan.result >= 0) absl::StrAppend(&text, "result", State(plan.result), last, "\n");
  return text;
}

}  // namespace vesto::physical
