#include "sysview/access_lists.h"

#include <map>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "types/array_text.h"

namespace vesto::sysview {
namespace {

using Grant = catalog::GrantEntry;

char LetterOf(std::string_view privilege) {
  static constexpr std::pair<std::string_view, char> kLetters[] = {
      {"select", 'r'},     {"insert", 'a'},  {"update", 'w'},  {"delete", 'd'},
      {"rule", 'R'},       {"references", 'x'}, {"trigger", 't'}, {"execute", 'X'},
      {"usage", 'U'},      {"create", 'C'},  {"temporary", 'T'}, {"temp", 'T'},
      {"drop", 'D'},       {"alter", 'A'},   {"truncate", 'P'}};
  for (const auto& [name, letter] : kLetters) {
    if (name == privilege) return letter;
  }
  return '?';
}

std::string_view OwnerLetters(Grant::Target target) {
  switch (target) {
    case Grant::Target::kDatabase: return "CT";
    case Grant::Target::kSchema: return "UC";
    case Grant::Target::kRelation: return "arwdRxtD";
    case Grant::Target::kColumn: return "rw";
    case Grant::Target::kFunction: return "X";
    case Grant::Target::kLanguage: return "U";
  }
  return "";
}

}  // namespace

bool MaySee(const SystemState& state, const Relation& relation) {
  if (state.superuser || relation.system != nullptr || relation.owner == state.user_id) return true;
  for (const Grant& grant : state.catalog->grants()) {
    if (grant.target != Grant::Target::kRelation && grant.target != Grant::Target::kColumn) continue;
    if (grant.object != relation.oid) continue;
    switch (grant.grantee_kind) {
      case Grant::Grantee::kPublic: return true;
      case Grant::Grantee::kUser:
        if (grant.grantee == state.user_id) return true;
        break;
      case Grant::Grantee::kGroup:
        for (const auto& group : state.catalog->groups()) {
          if (group->id != grant.grantee) continue;
          for (const int32_t member : group->members) {
            if (member == state.user_id) return true;
          }
        }
        break;
      case Grant::Grantee::kRole: break;
    }
  }
  return false;
}

std::string GranteeKind(const Grant& grant) {
  switch (grant.grantee_kind) {
    case Grant::Grantee::kUser: return "user";
    case Grant::Grantee::kGroup: return "group";
    case Grant::Grantee::kRole: return "role";
    case Grant::Grantee::kPublic: return "public";
  }
  return "";
}

std::string GranteeName(const SystemState& state, const Grant& grant) {
  switch (grant.grantee_kind) {
    case Grant::Grantee::kUser: return state.UserName(grant.grantee);
    case Grant::Grantee::kGroup:
      for (const auto& group : state.catalog->groups()) {
        if (group->id == grant.grantee) return group->name;
      }
      return absl::StrCat(grant.grantee);
    case Grant::Grantee::kRole: return absl::StrCat(grant.grantee);
    case Grant::Grantee::kPublic: return "public";
  }
  return "";
}

Value AccessList(const SystemState& state, Grant::Target target, catalog::Oid object,
                 int32_t owner, std::string_view column) {
  // One entry per grantee and grantor; a star marks what may be granted on.
  std::map<std::tuple<int, int32_t, int32_t>, std::string> letters;
  std::map<std::tuple<int, int32_t, int32_t>, const Grant*> first;
  bool owner_named = false;
  for (const Grant& grant : state.catalog->grants()) {
    if (grant.target != target || grant.object != object || grant.column != column) continue;
    const auto key = std::tuple(static_cast<int>(grant.grantee_kind), grant.grantee, grant.grantor);
    first.try_emplace(key, &grant);
    letters[key].push_back(LetterOf(grant.privilege));
    if (grant.grant_option) letters[key].push_back('*');
    owner_named = owner_named ||
                  (grant.grantee_kind == Grant::Grantee::kUser && grant.grantee == owner);
  }
  if (letters.empty()) return Value();
  types::ArrayElements elements;
  if (!owner_named && target != Grant::Target::kColumn) {
    const std::string name = state.UserName(owner);
    elements.push_back(absl::StrCat(name, "=", sv(OwnerLetters(target)), "/", name));
  }
  for (const auto& [key, text] : letters) {
    const Grant& grant = *first[key];
    std::string grantee;
    if (grant.grantee_kind == Grant::Grantee::kUser) grantee = GranteeName(state, grant);
    if (grant.grantee_kind == Grant::Grantee::kGroup ||
        grant.grantee_kind == Grant::Grantee::kRole) {
      grantee = absl::StrCat(GranteeKind(grant), " ", GranteeName(state, grant));
    }
    elements.push_back(absl::StrCat(grantee, "=", text, "/", state.UserName(grant.grantor)));
  }
  return Text(types::FormatArray(elements));
}

}  // namespace vesto::sysview
