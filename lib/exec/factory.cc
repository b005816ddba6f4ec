#include "base/status_macros.h"
#include "exec/exchange.h"
#include "exec/scan.h"
#include "exec/step.h"
#include "exec/steps/aggregate.h"
#include "exec/steps/filter.h"
#include "exec/steps/hash_join.h"
#include "exec/steps/identity.h"
#include "exec/steps/limit.h"
#include "exec/steps/nested_loop.h"
#include "exec/steps/project.h"
#include "exec/steps/save.h"
#include "exec/steps/sort.h"
#include "exec/steps/unique.h"
#include "exec/steps/values.h"
#include "exec/steps/window.h"
#include "exec/transfer.h"
#include "exec/write.h"

// The one place that turns specs into behaviour: the compiler names every spec that is forgotten.
namespace vesto::exec {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

Layout LayoutOf(const std::vector<logical::OutputColumn>& columns) {
  Layout layout;
  layout.reserve(columns.size());
  for (const logical::OutputColumn& column : columns) layout.push_back(column.id);
  return layout;
}

absl::StatusOr<std::unique_ptr<Step>> MakeStep(const physical::Step& step, const Layout& layout,
                                               std::unique_ptr<Step> input,
                                               const StepContext& context) {
  using Result = absl::StatusOr<std::unique_ptr<Step>>;
  namespace p = physical;
  const auto sink = [](const auto&) -> Result { return absl::InternalError("a sink as a source"); };
  return std::visit(
      Overloaded{
          [&](const p::ScanSpec& spec) -> Result { return MakeScan(spec, step, context); },
          [&](const p::SourceScanSpec& spec) -> Result { return MakeSourceScan(spec, step, context); },
          [&](const p::ValuesSpec& spec) -> Result { return MakeValues(spec, step, context); },
          [&](const p::ParseSpec& spec) -> Result { return MakeParse(spec, step, context); },
          [&](const p::ReceiveSpec& spec) -> Result { return MakeReceive(spec, step, context); },
          [&](const p::SavedScanSpec& spec) -> Result { return MakeSavedScan(spec, step, context); },
          [&](const p::GroupScanSpec& spec) -> Result { return MakeGroupScan(spec, step, context); },
          [&](const p::SortedScanSpec& spec) -> Result { return MakeSortedScan(spec, step, context); },
          [&](const p::UnmatchedScanSpec& spec) -> Result {
            return MakeUnmatchedScan(spec, step, context);
          },
          [&](const p::FilterSpec& spec) -> Result {
            return MakeFilter(spec, step, layout, std::move(input), context);
          },
          [&](const p::ProjectSpec& spec) -> Result {
            return MakeProject(spec, step, layout, std::move(input), context);
          },
          [&](const p::HashJoinSpec& spec) -> Result {
            return MakeHashJoin(spec, step, layout, std::move(input), context);
          },
          [&](const p::NestedLoopSpec& spec) -> Result {
            return MakeNestedLoop(spec, step, layout, std::move(input), context);
          },
          [&](const p::UniqueSpec& spec) -> Result {
            return MakeUnique(spec, step, layout, std::move(input), context);
          },
          [&](const p::LimitSpec& spec) -> Result {
            return MakeLimit(spec, step, layout, std::move(input), context);
          },
          [&](const p::WindowSpec& spec) -> Result {
            return MakeWindow(spec, step, layout, std::move(input), context);
          },
          [&](const p::IdentitySpec& spec) -> Result {
            return MakeIdentity(spec, step, std::move(input), context);
          },
          [&](const p::DeleteSpec& spec) -> Result {
            return MakeDelete(spec, step, std::move(input), context);
          },
          [&](const p::SendSpec& s) -> Result { return sink(s); },
          [&](const p::HashBuildSpec& s) -> Result { return sink(s); },
          [&](const p::AggregateSpec& s) -> Result { return sink(s); },
          [&](const p::SortSpec& s) -> Result { return sink(s); },
          [&](const p::SaveSpec& s) -> Result { return sink(s); },
          [&](const p::InsertSpec& s) -> Result { return sink(s); },
          [&](const p::DiscardSpec& s) -> Result { return sink(s); },
          [&](const p::UnloadStepSpec& s) -> Result { return sink(s); },
      },
      step.spec);
}

absl::StatusOr<std::unique_ptr<Sink>> MakeSink(const physical::Step& step, const Layout& layout,
                                               const StepContext& context) {
  using Result = absl::StatusOr<std::unique_ptr<Sink>>;
  namespace p = physical;
  return std::visit(
      Overloaded{
          [&](const p::SendSpec& spec) -> Result { return MakeSendSink(spec, step, layout, context); },
          [&](const p::HashBuildSpec& spec) -> Result {
            return MakeHashBuildSink(spec, step, layout, context);
          },
          [&](const p::AggregateSpec& spec) -> Result {
            return MakeAggregateSink(spec, step, layout, context);
          },
          [&](const p::SortSpec& spec) -> Result { return MakeSortSink(spec, step, layout, context); },
          [&](const p::SaveSpec& spec) -> Result { return MakeSaveSink(spec, step, layout, context); },
          [&](const p::InsertSpec& spec) -> Result { return MakeInsertSink(spec, step, context); },
          [&](const p::DiscardSpec&) -> Result { return MakeDiscardSink(); },
          [&](const p::UnloadStepSpec& spec) -> Result {
            return MakeUnloadSink(spec, step, layout, context);
          },
          [](const auto&) -> Result { return absl::InternalError("a source as a sink"); },
      },
      step.spec);
}

absl::StatusOr<std::unique_ptr<State>> MakeState(const physical::Step& step, const Layout& layout,
                                                 QueryContext* query) {
  using Result = absl::StatusOr<std::unique_ptr<State>>;
  namespace p = physical;
  return std::visit(
      Overloaded{
          [&](const p::HashBuildSpec& spec) -> Result {
            return MakeHashBuildState(spec, step, layout, query);
          },
          [&](const p::AggregateSpec& spec) -> Result {
            return MakeAggregateState(spec, step, layout, query);
          },
          [&](const p::SortSpec& spec) -> Result { return MakeSortState(spec, step, layout, query); },
          [&](const p::SaveSpec& spec) -> Result { return MakeSaveState(spec, step, layout, query); },
          [](const auto&) -> Result { return absl::InternalError("a step that leaves no state"); },
      },
      step.spec);
}

}  // namespace vesto::exec
