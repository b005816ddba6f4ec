#include <algorithm>
#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// SYS_QUERY_DETAIL: the steps of each query, summed over the slices. Source: system-views.md §8.
namespace vesto::sysview {
namespace {

// The names of SYS_QUERY_DETAIL for those of SVL_QUERY_SUMMARY.
std::string StepName(const std::string& label) {
  static constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"aggr", "aggregate"}, {"bcast", "broadcast"}, {"dist", "distribute"}, {"hjoin", "hashjoin"},
      {"mjoin", "merge"},    {"nloop", "nestloop"},  {"topk", "sortlimit"}};
  for (const auto& [known, name] : kNames) {
    if (known == label) return std::string(name);
  }
  return label;
}

}  // namespace

void Register_sys_sys_query_detail(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_query_detail";
  view.columns = {IntegerColumn("user_id"), BigintColumn("query_id"),
      IntegerColumn("child_query_sequence"), IntegerColumn("stream_id"),
      IntegerColumn("segment_id"), IntegerColumn("step_id"), TextColumn("step_name", 65535),
      IntegerColumn("table_id"), TextColumn("table_name", 136),
      TextColumn("is_rrscan", 1), TimestampColumn("start_time"),
      TimestampColumn("end_time"), BigintColumn("duration"), TextColumn("alert", 65535),
      BigintColumn("input_bytes"), BigintColumn("input_rows"), BigintColumn("output_bytes"),
      BigintColumn("output_rows"), BigintColumn("blocks_read"), BigintColumn("blocks_write"),
      BigintColumn("local_read_io"), BigintColumn("remote_read_io"), TextColumn("source", 65535),
      IntegerColumn("data_skewness"), IntegerColumn("time_skewness"),
      TextColumn("is_active", 1), BigintColumn("spilled_block_local_disk"),
      BigintColumn("spilled_block_remote_disk")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const auto& query : state.telemetry->queries.Read()) {
      if (!state.Sees(query->userid)) continue;
      struct Total {
        telemetry::StepRecord step;
        int64_t rows = 0, bytes = 0, rows_before = 0, start = INT64_MAX, end = 0, most = 0;
        int slices = 0;
        bool spilled = false;
      };
      std::map<std::tuple<int, int, int>, Total> totals;
      for (const telemetry::StepRecord& step : query->steps) {
        Total& total = totals[{step.stream, step.segment, step.step}];
        total.step = step;
        total.rows += step.rows;
        total.bytes += step.bytes;
        total.rows_before += step.rows_pre_filter;
        total.start = std::min(total.start, step.start_micros);
        total.end = std::max(total.end, step.end_micros);
        total.most = std::max(total.most, step.rows);
        total.spilled = total.spilled || step.is_diskbased;
        ++total.slices;
      }
      for (const auto& [key, total] : totals) {
        const telemetry::StepRecord& step = total.step;
        const std::string name = step.label.substr(0, step.label.find(' '));
        std::string table_name;
        const auto relation =
            step.table != 0 ? FindRelation(state, step.table) : std::optional<Relation>();
        if (relation.has_value()) {
          table_name = absl::StrCat(state.database, ".", state.SchemaName(relation->schema), ".",
                                    relation->name);
        }
        // How far the fullest slice is above the average, in percent of all rows.
        const int64_t skew =
            total.rows > 0 ? (total.most * total.slices - total.rows) * 100 /
                                 std::max<int64_t>(total.rows * std::max(total.slices - 1, 1), 1)
                           : 0;
        rows.Add({Number(query->userid), Number(query->query), Number(1), Number(step.stream),
                  Number(step.segment), Number(step.step), Text(StepName(name)),
                  Number(step.table), Text(table_name), YesNo(step.is_rrscan),
                  Time(total.start), Time(total.end), Number(total.end - total.start), Text(""),
                  Value(), Number(total.rows_before), Number(total.bytes), Number(total.rows),
                  Value(), Value(), Value(), Value(),
                  step.table != 0 ? Text("Redshift(local)") : Value(), Number(skew), Value(),
                  YesNo(false), Value(), Value()});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
