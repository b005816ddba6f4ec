#include "sysview/system_views.h"

// STV_SLICES: the slices and their compute nodes. Source: system-views.md §3.
namespace vesto::sysview {

void Register_stv_stv_slices(SystemViews& views) {
  ViewDefinition view;
  view.name = "stv_slices";
  view.columns = {
      IntegerColumn("node"), IntegerColumn("slice"), IntegerColumn("localslice"),
      TextColumn("type", 1)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (int slice = 0; slice < state.topology.num_slices(); ++slice) {
      rows.Add({Number(state.topology.node_of(slice)), Number(slice),
                Number(slice % state.topology.slices_per_node), Text("D")});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
