#include "absl/strings/str_cat.h"
#include "sysview/system_views.h"

// PG_SETTINGS: the parameters of the session. Source: PostgreSQL 8.0 system catalogs.
namespace vesto::sysview {

void Register_pg_pg_settings(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_settings";
  view.leader_only = true;
  view.columns = {TypedColumn("name", Type{TypeId::kText}), TypedColumn("setting", Type{TypeId::kText}),
      TypedColumn("category", Type{TypeId::kText}), TypedColumn("short_desc", Type{TypeId::kText}),
      TypedColumn("extra_desc", Type{TypeId::kText}), TypedColumn("context", Type{TypeId::kText}),
      TypedColumn("vartype", Type{TypeId::kText}), TypedColumn("source", Type{TypeId::kText}), TypedColumn("min_val", Type{TypeId::kText}),
      TypedColumn("max_val", Type{TypeId::kText}), Hidden(TypedColumn("unit", Type{TypeId::kText})),
      Hidden(TypedColumn("boot_val", Type{TypeId::kText})), Hidden(TypedColumn("reset_val", Type{TypeId::kText}))};
  view.rows = [](const SystemState& state, Rows& rows) {
    const settings::Settings unchanged;
    for (const settings::ParameterInfo& info : settings::AllParameters()) {
      const absl::StatusOr<std::string> value = state.settings->Show(info.name);
      const absl::StatusOr<std::string> boot = unchanged.Show(info.name);
      const bool is_default = value.ok() && boot.ok() && *value == *boot;
      const bool is_bool = std::holds_alternative<bool settings::Parameters::*>(info.field);
      const bool is_integer = std::holds_alternative<int64_t settings::Parameters::*>(info.field);
      const bool is_real = std::holds_alternative<double settings::Parameters::*>(info.field);
      const bool bounded = (is_integer || is_real) && info.min < info.max;
      const char* context = "user";
      if (info.scope == settings::Scope::kParameterGroup) context = "postmaster";
      if (info.scope == settings::Scope::kInternal) context = "internal";
      rows.Add({Text(std::string(info.name)), value.ok() ? Text(*value) : Value(), Value(),
                Text(std::string(info.description)), Value(), Text(context),
                Text(is_bool      ? "bool"
                     : is_integer ? "integer"
                     : is_real    ? "real"
                                  : "string"),
                Text(is_default ? "default" : "session"),
                bounded ? Text(absl::StrCat(info.min)) : Value(),
                bounded ? Text(absl::StrCat(info.max)) : Value(), Value(),
                boot.ok() ? Text(*boot) : Value(), Value()});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
