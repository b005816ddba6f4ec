#include "cluster/kept_plan.h"

#include <algorithm>

#include "base/status_macros.h"
#include "cluster/cluster_impl.h"

namespace vesto::cluster {
namespace {

// What a tree and a plan take, as measured and rather too much: by themselves, for each step, and
// for each byte of the text, which is one node of an expression in three to six bytes.
constexpr int64_t kTreeBytes = 4096, kPlanBytes = 2048, kStepBytes = 2048;
constexpr int64_t kTreeBytesPerTextByte = 96, kPlanBytesPerTextByte = 256;
constexpr int64_t kCompactBytesPerTextByte = 8;

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

absl::StatusOr<std::shared_ptr<KeptPlan>> KeptPlan::Make(size_t text_bytes, bool compact,
                                                         base::MemoryPool* memory) {
  const auto bytes = static_cast<int64_t>(text_bytes);
  std::shared_ptr<KeptPlan> kept(new KeptPlan(
      memory, bytes * (compact ? kCompactBytesPerTextByte : kPlanBytesPerTextByte)));
  VESTO_RETURN_IF_ERROR(kept->tree_charge_.Grow(
      kTreeBytes + bytes * (compact ? kCompactBytesPerTextByte : kTreeBytesPerTextByte)));
  return kept;
}

std::shared_ptr<const PlannedStatement> KeptPlan::Find(const PlanInputs& inputs) const {
  return planned_ != nullptr && planned_->inputs == inputs ? planned_ : nullptr;
}

void KeptPlan::Keep(std::shared_ptr<const PlannedStatement> planned) {
  planned_.reset();
  plan_charge_ = base::MemoryCharge(memory_);
  if (!plan_charge_.Grow(PlanBytes(planned->plan) + expression_bytes_).ok()) return;
  planned_ = std::move(planned);
}

}  // namespace vesto::cluster
