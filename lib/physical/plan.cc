#include "physical/plan.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::physical {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

std::string_view StepLabel(const StepSpec& spec) {
  return std::visit(
      Overloaded{
          [](const ScanSpec&) { return std::string_view("scan"); },
          [](const SourceScanSpec&) { return std::string_view("scan"); },
          [](const ValuesSpec&) { return std::string_view("scan"); },
          [](const ParseSpec&) { return std::string_view("parse"); },
          [](const ReceiveSpec&) { return std::string_view("scan"); },
          [](const SavedScanSpec&) { return std::string_view("scan"); },
          [](const GroupScanSpec&) { return std::string_view("scan"); },
          [](const SortedScanSpec&) { return std::string_view("scan"); },
          [](const UnmatchedScanSpec&) { return std::string_view("scan"); },
          [](const FilterSpec&) { return std::string_view("project"); },
          [](const ProjectSpec&) { return std::string_view("project"); },
          [](const HashJoinSpec&) { return std::string_view("hjoin"); },
          [](const NestedLoopSpec&) { return std::string_view("nloop"); },
          [](const UniqueSpec&) { return std::string_view("unique"); },
          [](const LimitSpec&) { return std::string_view("limit"); },
          [](const WindowSpec&) { return std::string_view("window"); },
          [](const IdentitySpec&) { return std::string_view("project"); },
          [](const DeleteSpec&) { return std::string_view("delete"); },
          [](const SendSpec& send) {
            switch (send.route) {
              case Route::kBroadcast: return std::string_view("bcast");
              case Route::kLeader: return std::string_view("return");
              case Route::kHash:
              case Route::kRoundRobin:
              case Route::kSliceZero:
              case Route::kLocal:
              case Route::kRowSlice: break;
            }
            return std::string_view("dist");
          },
          [](const HashBuildSpec&) { return std::string_view("hash"); },
          [](const AggregateSpec&) { return std::string_view("aggr"); },
          [](const SortSpec&) { return std::string_view("sort"); },
          [](const SaveSpec&) { return std::string_view("save"); },
          [](const InsertSpec&) { return std::string_view("insert"); },
          [](const DiscardSpec&) { return std::string_view("limit"); },
          [](const UnloadStepSpec&) { return std::string_view("unload"); },
      },
      spec);
}

}  // namespace vesto::physical
