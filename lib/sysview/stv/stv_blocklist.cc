#include "sysview/system_views.h"

// STV_BLOCKLIST: one row per block, column and slice, with its zone map. In memory: on_disk is 0.
// Source: system-views.md §3.
namespace vesto::sysview {

void Register_stv_stv_blocklist(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_blocklist";
  view.superuser_only = true;
  view.columns = {
      IntegerColumn("slice"), IntegerColumn("col"), IntegerColumn("tbl"),
      IntegerColumn("blocknum"), IntegerColumn("num_values"), IntegerColumn("extended_limits"),
      BigintColumn("minvalue"), BigintColumn("maxvalue"), IntegerColumn("sb_pos"),
      IntegerColumn("pinned"), IntegerColumn("on_disk"), IntegerColumn("modified"),
      IntegerColumn("hdr_modified"), IntegerColumn("unsorted"), IntegerColumn("tombstone"),
      IntegerColumn("preferred_diskno"), IntegerColumn("temporary"), IntegerColumn("newblock"),
      IntegerColumn("num_readers"), IntegerColumn("flags")};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (int slice : state.SlicesOf(*table)) {
        const auto shard = state.ShardOf(*table, slice);
        if (shard == nullptr) continue;
        for (const storage::BlockInfo& block : shard->ListBlocks(state.snapshot)) {
          rows.Add({Number(slice), Number(block.column), Number(table->oid), Number(block.block),
                    Number(block.rows), Number(0), Number(block.min_image),
                    Number(block.max_image), Number(block.block), Number(0), Number(0), Number(0),
                    Number(0), Number(block.sorted ? 0 : 1), Number(0), Number(0),
                    Number(table->temporary ? 1 : 0), Number(0), Number(0), Number(0)});
        }
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
