#pragma once

#include "functions/function.h"

namespace vesto::sysview {

// The functions that read the catalog: names of OIDs, visibility, definitions, comments, sizes. They
// run on the leader and reach the SystemState through the EvalContext.
// Source: PostgreSQL 8.0, "System Information Functions"; clients.md §6.
void RegisterCatalogFunctions(functions::Registry& registry);
void RegisterDefinitionFunctions(functions::Registry& registry);  // PG_GET_*DEF, called by the above

}  // namespace vesto::sysview
