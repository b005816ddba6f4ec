#include "cluster/kept_plan.h"

#include <algorithm>

#include "base/status_macros.h"
#include "cluster/cluster_impl.h"

namespace vesto::cluster {
namespace {

// As measured, within a factor of three: a tree beside its text, a plan, and one of its steps with
// columns and expressions.
constexpr int64_t kTreeBytes = 4096, kTreeBytesPerTextByte = 16;
constexpr int64_t kPlanBytes = 2048, kStepBytes = 2048;

int64_t PlanBytes(const physical::Plan& plan) {
  int64_t bytes = kPlanBytes;
  for (const physical::Stream& stream : plan.streams) {
    for (const physical::Segment& segment : stream.segments) {
      bytes += static_cast<int64_t>(segment.steps.size()) * kStepBytes;
    }
  }
  return bytes;
}

}  // namespace

bool PlannedStatement::repeatable() const {
  using Kind = binder::StatementKind;
  const bool plain = bound.kind == Kind::kQuery || bound.kind == Kind::kInsert ||
                     bound.kind == Kind::kUpdate || bound.kind == Kind::kDelete ||
                     bound.kind == Kind::kMerge;
  return plain && !bound.explain && !bound.touches_sources && !bound.has_stable_functions;
}

void PlannedStatement::NoteScanned(const ClusterImpl& cluster) {
  scanned.clear();
  for (const physical::Stream& stream : plan.streams) {
    for (const physical::Segment& segment : stream.segments) {
      for (const physical::Step& step : segment.steps) {
        const auto* scan = std::get_if<physical::ScanSpec>(&step.spec);
        if (scan == nullptr) continue;
        scanned.emplace_back(scan->table, cluster.DataVersion(*scan->table));
      }
    }
  }
}

bool PlannedStatement::SameData(const ClusterImpl& cluster) const {
  return std::all_of(scanned.begin(), scanned.end(), [&cluster](const auto& table) {
    return cluster.DataVersion(*table.first) == table.second;
  });
}

absl::StatusOr<std::shared_ptr<KeptPlan>> KeptPlan::Make(size_t text_bytes,
                                                         base::MemoryPool* memory) {
  std::shared_ptr<KeptPlan> kept(new KeptPlan(memory));
  VESTO_RETURN_IF_ERROR(kept->tree_charge_.Grow(
      kTreeBytes + kTreeBytesPerTextByte * static_cast<int64_t>(text_bytes)));
  return kept;
}

std::shared_ptr<const PlannedStatement> KeptPlan::Find(const PlanInputs& inputs) const {
  return planned_ != nullptr && planned_->inputs == inputs ? planned_ : nullptr;
}

void KeptPlan::Keep(std::shared_ptr<const PlannedStatement> planned) {
  planned_.reset();
  plan_charge_ = base::MemoryCharge(memory_);
  if (!plan_charge_.Grow(PlanBytes(planned->plan)).ok()) return;
  planned_ = std::move(planned);
}

}  // namespace vesto::cluster
