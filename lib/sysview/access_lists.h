#pragma once

#include "sysview/system_views.h"

// Grants as ACLs: {owner=arwdRxt/owner,"group g=r/owner",=r/owner}. NULL where nothing was granted.
// Source: PostgreSQL 8.0, GRANT; redshift/system-views.md §2.
namespace vesto::sysview {

Value AccessList(const SystemState& state, catalog::GrantEntry::Target target, catalog::Oid object,
                 int32_t owner, std::string_view column = {});

// Who holds a grant: "user", "group", "role", "public", and the name.
std::string GranteeKind(const catalog::GrantEntry& grant);
std::string GranteeName(const SystemState& state, const catalog::GrantEntry& grant);

}  // namespace vesto::sysview
