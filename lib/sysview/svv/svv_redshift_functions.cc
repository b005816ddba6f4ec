#include "absl/strings/str_cat.h"
#include "sysview/system_views.h"

// SVV_REDSHIFT_FUNCTIONS: the built-in functions, one row per overload. result_type is NULL where it
// depends on the arguments. Source: system-views.md §2.
namespace vesto::sysview {
namespace {

std::string ArgumentTypes(const std::vector<Type>& parameters) {
  std::string text;
  for (const Type& type : parameters) {
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    type.id == TypeId::kUnknown ? "any" : type.ToString());
  }
  return text;
}

}  // namespace

void Register_svv_svv_redshift_functions(SystemViews& views) {
  ViewDefinition view;
  view.name = "svv_redshift_functions";
  view.leader_only = true;
  view.columns = {TextColumn("database_name", 128), TextColumn("schema_name", 128),
                  TextColumn("function_name", 128), TextColumn("function_type", 128),
                  TextColumn("argument_type", 512), TextColumn("result_type", 128)};
  view.rows = [](const SystemState& state, Rows& rows) {
    for (const functions::ScalarFunction* function : state.functions->scalars()) {
      for (const functions::Overload& overload : function->overloads) {
        rows.Add({Text(state.database), Text("pg_catalog"), Text(function->name),
                  Text("REGULAR FUNCTION"), Text(ArgumentTypes(overload.parameters)), Value()});
      }
    }
    for (const functions::AggregateFunction* function : state.functions->aggregates()) {
      for (const functions::AggregateOverload& overload : function->overloads) {
        rows.Add({Text(state.database), Text("pg_catalog"), Text(function->name),
                  Text("AGGREGATE FUNCTION"), Text(ArgumentTypes(overload.parameters)), Value()});
      }
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
