#pragma once

#include <functional>

#include "sysview/system_views.h"

// COPY and UNLOAD statements: what SYS_LOAD_HISTORY and SYS_UNLOAD_HISTORY show.
namespace vesto::sysview {

struct Transfer {
  const telemetry::TransferRecord& record;
  const telemetry::QueryRecord& query;
  bool running = false;

  // "running", "completed", "aborted".
  std::string status() const;
  // Rows and bytes of a statement that failed came nowhere.
  int64_t Arrived(const std::atomic<int64_t>& count) const;
  Value end_time() const;  // NULL while it runs
  int64_t duration(const SystemState& state) const;  // microseconds, so far
};

// The COPYs or UNLOADs that the user may see, oldest first.
void ForEachTransfer(const SystemState& state, bool is_unload,
                     const std::function<void(const Transfer&)>& each);

}  // namespace vesto::sysview
