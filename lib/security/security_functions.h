#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "functions/function.h"

// HAS_TABLE_PRIVILEGE and its family. Source: redshift/functions.md §15; PostgreSQL manual, "System
// Information Functions".
namespace vesto::security {

// What these functions read: a handle of the EvalContext, made by the leader for each statement.
struct Viewer {
  const catalog::CatalogSnapshot* catalog = nullptr;
  int32_t user_id = catalog::kSuperuserId;
  std::string user, database;
  std::vector<std::string> search_path;
  catalog::Oid temporary_schema = 0;
  // Relations that are not in the catalog: true where only superusers may read them, nullopt for
  // what does not exist.
  std::function<std::optional<bool>(std::string_view schema, std::string_view name)>
      system_relation;
  // The same by its oid in PG_CLASS.
  std::function<std::optional<bool>(catalog::Oid oid)> system_relation_of;
  const functions::Registry* functions = nullptr;
};

void RegisterFunctions(functions::Registry& registry);

}  // namespace vesto::security
