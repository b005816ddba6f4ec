#include "sysview/access_lists.h"

// SVV_LANGUAGE_PRIVILEGES: what was granted on languages. Source: system-views.md §2.
namespace vesto::sysview {

void Register_svv_svv_language_privileges(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_language_privileges";
  view.leader_only = true;
  view.columns = {TypedColumn("language_name", Type{TypeId::kText}), TypedColumn("privilege_type", Type{TypeId::kText})};
  for (auto& column : IdentityColumns()) view.columns.push_back(column);
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const catalog::LanguageEntry& language : catalog::kLanguages) {
      const auto list = state.catalog->FindAccessList(language.oid);
      if (list == nullptr) continue;
      ForEachPrivilege(list->grants, "", [&](const HeldPrivilege& held) {
        if (!SeesGrant(state, catalog::kSuperuserId, held.grantee)) return;
        std::vector<Value> row = {Text(language.name), Text(held.privilege)};
        AddIdentity(state, held, &row);
        rows.Add(std::move(row));
      });
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
