#include <algorithm>
#include <map>
#include <tuple>

#include "sysview/system_views.h"

// SVL_QUERY_SUMMARY: the steps of every query over all slices. Source: system-views.md §4.
namespace vesto::sysview {

void Register_svl_svl_query_summary(SystemViews& views) {
  ViewDefinition view;
  view.name = "svl_query_summary";
  view.columns = {
      IntegerColumn("userid"), IntegerColumn("query"), IntegerColumn("stm"),
      IntegerColumn("seg"), IntegerColumn("step"), BigintColumn("maxtime"),
      BigintColumn("avgtime"), BigintColumn("rows"), BigintColumn("bytes"),
      DoubleColumn("rate_row"), DoubleColumn("rate_byte"), TextColumn("label", 256),
      TextColumn("is_diskbased", 1), BigintColumn("workmem"), TextColumn("is_rrscan", 1),
      TextColumn("is_delayed_scan", 1), BigintColumn("rows_pre_filter")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      // Slices of one step, added up.
      struct Sum {
        const telemetry::StepRecord* first = nullptr;
        int64_t max_time = 0, time = 0, slices = 0, rows = 0, bytes = 0, memory = 0, before = 0;
        bool diskbased = false, rrscan = false;
      };
      std::map<std::tuple<int, int, int>, Sum> sums;
      for (const telemetry::StepRecord& step : query->steps) {
        Sum& sum = sums[{step.stream, step.segment, step.step}];
        if (sum.first == nullptr) sum.first = &step;
        const int64_t time = step.end_micros - step.start_micros;
        sum.max_time = std::max(sum.max_time, time);
        sum.time += time;
        ++sum.slices;
        sum.rows += step.rows;
        sum.bytes += step.bytes;
        sum.memory += step.work_memory;
        sum.before += step.rows_pre_filter;
        sum.diskbased |= step.is_diskbased;
        sum.rrscan |= step.is_rrscan;
      }
      for (const auto& [key, sum] : sums) {
        const double seconds = static_cast<double>(sum.max_time) / 1e6;
        const auto rate = [&](int64_t count) {
          return seconds > 0 ? Value::Double(static_cast<double>(count) / seconds) : Value();
        };
        rows.Add({Number(query->userid), Number(query->query), Number(std::get<0>(key)),
                  Number(std::get<1>(key)), Number(std::get<2>(key)), Number(sum.max_time),
                  Number(sum.time / sum.slices), Number(sum.rows), Number(sum.bytes),
                  rate(sum.rows), rate(sum.bytes), Text(sum.first->label), YesNo(sum.diskbased),
                  Number(sum.memory), YesNo(sum.rrscan), YesNo(false), Number(sum.before)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
