#pragma once

#include "catalog/entries.h"

namespace vesto::sysview {

// A group's oid among the roles of PG_ROLES: groups and users are numbered apart.
inline catalog::Oid GroupRoleOid(int32_t group) {
  constexpr catalog::Oid kGroupRoles = 1u << 29;
  return kGroupRoles + static_cast<catalog::Oid>(group);
}

}  // namespace vesto::sysview
