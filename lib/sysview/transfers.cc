#include "sysview/transfers.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"

namespace vesto::sysview {

std::string Transfer::status() const {
  if (running) return "running";
  return query.aborted ? "aborted" : "completed";
}

int64_t Transfer::Arrived(const std::atomic<int64_t>& count) const {
  return !running && query.aborted ? 0 : count.load(std::memory_order_relaxed);
}

Value Transfer::end_time() const { return running ? Value() : Time(query.end_micros); }

int64_t Transfer::duration(const SystemState& state) const {
  const int64_t end = running ? state.now_micros : query.end_micros;
  return std::max<int64_t>(end - query.start_micros, 0);
}

void ForEachTransfer(const SystemState& state, bool is_unload,
                     const std::function<void(const Transfer&)>& each) {
  // Those that run first: one that ends meanwhile is found among the ended.
  const auto running = state.telemetry->inflight();
  const auto ended = state.telemetry->queries.Read();
  absl::flat_hash_map<int64_t, const telemetry::QueryRecord*> queries;
  for (const auto& query : running) queries[query.query] = &query;
  for (const auto& query : ended) queries[query->query] = query.get();
  for (const auto& record : state.telemetry->transfers.Read()) {
    if (record->is_unload != is_unload) continue;
    const auto query = queries.find(record->query);
    if (query == queries.end() || !state.Sees(query->second->userid)) continue;
    // Only a record of the ended has an end.
    each({*record, *query->second, query->second->end_micros == 0});
  }
}

}  // namespace vesto::sysview
