#include <algorithm>
#include <map>
#include <utility>

#include "sysview/system_views.h"

// SYS_LOAD_DETAIL: the files that COPY loaded; the ranges of one file are added up.
// Source: system-views.md §8. ETags and times of modification are the object store's, NULL here.
namespace vesto::sysview {

void Register_sys_sys_load_detail(SystemViews& views) {
  ViewDefinition view;
  view.name = "sys_load_detail";
  view.columns = {IntegerColumn("user_id"),        BigintColumn("query_id"),
                  TextColumn("file_name", 256),    BigintColumn("bytes_scanned"),
                  IntegerColumn("lines_scanned"),  IntegerColumn("splits_scanned"),
                  TimestampColumn("record_time"),  TimestampColumn("start_time"),
                  TimestampColumn("end_time"),     TextColumn("file_etag", 256),
                  TimestampColumn("file_last_modified")};
  view.rows = [](const SystemState& state, Rows& rows) {
    struct File {
      int32_t user = 0;
      int64_t bytes = 0, lines = 0, splits = 0, start = INT64_MAX, end = 0;
    };
    std::map<std::pair<int64_t, std::string>, File> files;
    for (const auto& split : state.telemetry->load_commits.Read()) {
      if (!state.Sees(split->userid)) continue;
      File& file = files[{split->query, split->filename}];
      file.user = split->userid;
      file.bytes += split->bytes_scanned;
      file.lines += split->lines_scanned;
      ++file.splits;
      file.start = std::min(file.start, split->start_micros);
      file.end = std::max(file.end, split->micros);
    }
    for (const auto& [key, file] : files) {
      rows.Add({Number(file.user), Number(key.first), Text(key.second), Number(file.bytes),
                Number(file.lines), Number(file.splits), Time(file.end), Time(file.start),
                Time(file.end), Value(), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
