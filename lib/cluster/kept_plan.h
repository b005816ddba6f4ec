#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "binder/bound_statement.h"
#include "catalog/catalog.h"
#include "physical/plan.h"
#include "vesto/result_set.h"

namespace vesto::cluster {

class ClusterImpl;

// What binding and planning read of a session; equal inputs give equal plans.
struct PlanInputs {
  uint64_t catalog = 0, settings = 0;  // versions
  int32_t user_id = 0;
  catalog::Oid temporary_schema = 0;
  std::vector<Type> parameter_types;

  bool operator==(const PlanInputs&) const = default;
};

// A statement that is bound, optimized and lowered. It holds no value of a parameter.
struct PlannedStatement {
  binder::BoundStatement bound;  // without its logical plan
  std::vector<ResultColumn> columns;
  physical::Plan plan;
  PlanInputs inputs;
  // The tables that it scans, with the version of their data that was planned for: forms of columns
  // rely on the bounds of the values, and join orders on their number.
  std::vector<std::pair<catalog::TablePtr, uint64_t>> scanned;

  // May another execution of the same statement run it? System views, and what stable functions gave
  // when they were folded, are of one execution alone.
  bool repeatable() const;
  void NoteScanned(const ClusterImpl& cluster);
  bool SameData(const ClusterImpl& cluster) const;
};

// What a prepared statement keeps: its tree, and between executions its plan. Both are charged to the
// cluster's memory.
// Thread-safety: its session's thread.
class KeptPlan {
 public:
  // 53200 where the tree of a text of so many bytes has no room. `compact`: most of it is the rows of
  // an INSERT, which trees and plans hold without nodes.
  static absl::StatusOr<std::shared_ptr<KeptPlan>> Make(size_t text_bytes, bool compact,
                                                        base::MemoryPool* memory);

  base::MemoryPool* memory() const { return memory_; }
  // Null unless a plan is kept that was made of the same inputs.
  std::shared_ptr<const PlannedStatement> Find(const PlanInputs& inputs) const;
  // Where memory is short no plan is kept.
  void Keep(std::shared_ptr<const PlannedStatement> planned);

 private:
  KeptPlan(base::MemoryPool* memory, int64_t expression_bytes)
      : memory_(memory), expression_bytes_(expression_bytes), tree_charge_(memory) {}

  base::MemoryPool* const memory_;
  const int64_t expression_bytes_;  // in a plan
  base::MemoryCharge tree_charge_, plan_charge_;
  std::shared_ptr<const PlannedStatement> planned_;
};

}  // namespace vesto::cluster
