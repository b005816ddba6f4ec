#include "sysview/system_views.h"

// information_schema, as far as it is more than another name for SVV views.
// Source: PostgreSQL 8.0 information schema.
namespace vesto::sysview {

void Register_svv_information_schema(SystemViews& views) {
  const auto add = [&](std::string name, std::string query) {
    ViewDefinition view;
    view.schema = "information_schema";
    view.name = std::move(name);
    view.leader_only = true;
    view.query = std::move(query);
    views.Add(std::move(view));
  };
  add("tables",
      "SELECT table_catalog, table_schema, table_name, table_type FROM pg_catalog.svv_tables");
  add("columns",
      "SELECT table_catalog, table_schema, table_name, column_name, ordinal_position, "
      "column_default, is_nullable, data_type, character_maximum_length, numeric_precision, "
      "numeric_precision_radix, numeric_scale FROM pg_catalog.svv_columns");
  add("schemata",
      "SELECT database_name AS catalog_name, schema_name, schema_owner FROM "
      "pg_catalog.svv_all_schemas");
  add("views",
      "SELECT schemaname AS table_schema, viewname AS table_name, definition AS view_definition "
      "FROM pg_catalog.pg_views");
}

}  // namespace vesto::sysview
