#include "sysview/system_views.h"

// SVV_DISKUSAGE: the blocks with their tables' names. Source: system-views.md §3.
namespace vesto::sysview {

void Register_svv_svv_diskusage(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_diskusage";
  view.superuser_only = true;
  view.query = R"sql(
SELECT 100 AS db_id, p.name, b.slice, b.col, b.tbl, b.blocknum, b.num_values, b.minvalue, b.maxvalue,
       b.sb_pos, b.pinned, b.on_disk, b.modified, b.hdr_modified, b.unsorted, b.tombstone,
       b.preferred_diskno, b.temporary, b.newblock
FROM stv_blocklist b JOIN stv_tbl_perm p ON p.id = b.tbl AND p.slice = b.slice
)sql";
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
