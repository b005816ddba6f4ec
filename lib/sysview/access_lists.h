#pragma once

#include "sysview/relations.h"

// Grants as ACLs: {owner=arwdRxt/owner,"group g=r/owner",=r/owner}. NULL where nothing was granted.
// Source: PostgreSQL 8.0, GRANT; redshift/system-views.md §2.
namespace vesto::sysview {

Value AccessList(const SystemState& state, catalog::GrantEntry::Target target, catalog::Oid object,
                 int32_t owner, std::string_view column = {});

// Whether the user may see a relation in views that show only what one has access to: superusers,
// owners, and whoever holds a privilege on it or on a column, by name, group or PUBLIC.
bool MaySee(const SystemState& state, const Relation& relation);

// Who holds a grant: "user", "group", "role", "public", and the name.
std::string GranteeKind(const catalog::GrantEntry& grant);
std::string GranteeName(const SystemState& state, const catalog::GrantEntry& grant);

}  // namespace vesto::sysview
