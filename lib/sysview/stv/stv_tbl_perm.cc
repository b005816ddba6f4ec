#include "sysview/system_views.h"

// STV_TBL_PERM: one row per table and slice; rows includes deleted rows that VACUUM has not removed.
// Source: system-views.md §3.
namespace vesto::sysview {

void Register_stv_stv_tbl_perm(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_tbl_perm";
  view.superuser_only = true;
  view.columns = {
      IntegerColumn("slice"), IntegerColumn("id"), TextColumn("name", 72), BigintColumn("rows"),
      BigintColumn("sorted_rows"), IntegerColumn("temp"), IntegerColumn("db_id"),
      IntegerColumn("insert_pristine"), IntegerColumn("delete_pristine"),
      IntegerColumn("backup"), IntegerColumn("dist_style"), IntegerColumn("block_count")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (int slice : state.SlicesOf(*table)) {
        const auto shard = state.ShardOf(*table, slice);
        if (shard == nullptr) continue;
        const storage::ShardStatistics stats = shard->Statistics(state.snapshot);
        rows.Add({Number(slice), Number(table->oid), Text(table->name),
                  Number(stats.rows + stats.dead_rows), Number(stats.sorted_rows),
                  Number(table->temporary ? 1 : 0), Number(100), Number(0), Number(0),
                  Number(table->backup ? 1 : 0),
                  Number(static_cast<int>(table->design.dist_style)), Number(stats.blocks)});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
