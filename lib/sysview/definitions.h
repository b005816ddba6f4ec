#pragma once

#include <string>

#include "sysview/relations.h"

// Definitions as SQL text, as PostgreSQL's PG_GET_*DEF functions and PG_INDEXES, PG_VIEWS show them.
namespace vesto::sysview {

// The query of a view; of a late-binding one its whole CREATE VIEW, as Redshift shows it.
std::string ViewDefinitionText(const SystemState& state, const catalog::ViewEntry& view);
std::string ConstraintText(const SystemState& state, const catalog::TableEntry& table,
                           int constraint);
std::string IndexText(const SystemState& state, const catalog::TableEntry& table, int constraint);

}  // namespace vesto::sysview
