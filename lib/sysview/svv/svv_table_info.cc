#include <algorithm>

#include "sysview/system_views.h"

// SVV_TABLE_INFO: design, size, sortedness and skew of every table with rows.
// Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_table_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_table_info";
  view.superuser_only = true;
  view.columns = {
      TextColumn("database"), TextColumn("schema"), IntegerColumn("table_id"),
      TextColumn("table"), TextColumn("encoded"), TextColumn("diststyle"),
      TextColumn("sortkey1"), IntegerColumn("max_varchar"), TextColumn("sortkey1_enc", 32),
      IntegerColumn("sortkey_num"), BigintColumn("size"), DecimalColumn("pct_used", 10, 4),
      BigintColumn("empty"), DecimalColumn("unsorted", 5, 2), DecimalColumn("stats_off", 5, 2),
      DecimalColumn("tbl_rows", 38, 0), DecimalColumn("skew_sortkey1", 19, 2),
      DecimalColumn("skew_rows", 19, 2), DecimalColumn("estimated_visible_rows", 38, 0),
      TextColumn("risk_event"), DecimalColumn("vacuum_sort_benefit", 12, 2),
      TimestampColumn("create_time")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      int64_t blocks = 0, visible = 0, stored = 0, sorted = 0, most = 0, least = -1;
      for (int slice : state.SlicesOf(*table)) {
        const auto shard = state.ShardOf(*table, slice);
        if (shard == nullptr) continue;
        const storage::ShardStatistics stats = shard->Statistics(state.snapshot);
        blocks += stats.blocks;
        visible += stats.rows;
        stored += stats.rows + stats.dead_rows;
        sorted += stats.sorted_rows;
        most = std::max(most, stats.rows);
        least = least < 0 ? stats.rows : std::min(least, stats.rows);
      }
      if (stored == 0) continue;  // empty tables are hidden
      const types::TableDesign& design = table->design;
      const bool has_sort_key = !design.sort_keys.empty();
      bool encoded = false;
      int max_varchar = 0;
      for (const catalog::ColumnEntry& column : table->columns) {
        encoded |= column.encoding != types::Encoding::kRaw;
        if (column.type.id == TypeId::kVarchar) {
          max_varchar = std::max(max_varchar, int{column.type.length});
        }
      }
      std::string sort_key = "AUTO(SORTKEY)";
      if (has_sort_key) {
        sort_key = design.sort_style == types::SortStyle::kInterleaved
                       ? "INTERLEAVED"
                       : table->columns[design.sort_keys[0]].name;
      } else if (design.sort_style == types::SortStyle::kNone) {
        sort_key = "";
      }
      const double unsorted =
          visible > 0 ? 100.0 * static_cast<double>(visible - sorted) / static_cast<double>(visible)
                      : 0;
      // Rows on the fullest slice against the emptiest.
      const Value skew =
          least > 0 ? Ratio(static_cast<double>(most) / static_cast<double>(least), 2)
                    : (most > 0 ? Ratio(static_cast<double>(most), 2) : Value());
      rows.Add({Text(state.database), Text(state.SchemaName(table->schema)), Number(table->oid),
                Text(table->name),
                Text(encoded ? (table->encode_auto ? "Y, AUTO(ENCODE)" : "Y") : "N"),
                Text(DistStyleText(*table)), Text(sort_key), Number(max_varchar),
                Text(has_sort_key ? std::string(types::EncodingName(
                                        table->columns[design.sort_keys[0]].encoding))
                                  : ""),
                Number(static_cast<int64_t>(design.sort_keys.size())), Number(blocks),
                Ratio(0, 4), Number(0), has_sort_key ? Ratio(unsorted, 2) : Value(), Ratio(0, 2),
                Number(stored), Value(), skew, Number(visible), Value(),
                Value(), Time(table->created_micros)});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
