#include "sysview/system_views.h"

// PG_CLASS_INFO: PG_CLASS with its oid, the time of creation and the effective distribution style.
// Source: system-views.md §2.
namespace vesto::sysview {

void Register_pg_pg_class_info(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_class_info";
  view.leader_only = true;
  view.query =
      "SELECT c.oid AS reloid, c.*, c.relcreationtime, c.releffectivediststyle "
      "FROM pg_catalog.pg_class c";
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
