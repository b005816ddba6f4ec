#include "sysview/definitions.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sysview/catalog_kernel.h"
#include "sysview/catalog_names.h"
#include "sysview/pg_procs.h"
#include "sysview/pg_types.h"
#include "sysview/sysview_functions.h"

namespace vesto::sysview {
namespace {

using column::Vector;
using functions::KernelCall;
using functions::MapToText;
using functions::Returns;
using functions::Signature;

std::string ColumnNames(const catalog::TableEntry& table, const std::vector<int>& columns) {
  std::string text;
  for (const int column : columns) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", QuotedName(table.columns[column].name));
  }
  return text;
}

}  // namespace

std::string ViewDefinitionText(const SystemState& state, const catalog::ViewEntry& view) {
  if (!view.late_binding) return absl::StrCat(view.query_text, ";");
  return absl::StrCat("create view ", QuotedName(state.SchemaName(view.schema)), ".",
                      QuotedName(view.name), " as ", view.query_text, " with no schema binding;");
}

std::string ConstraintText(const SystemState& state, const catalog::TableEntry& table,
                           int constraint) {
  const catalog::ConstraintEntry& entry = table.constraints[constraint];
  const std::string columns = ColumnNames(table, entry.columns);
  switch (entry.kind) {
    case catalog::ConstraintEntry::Kind::kPrimaryKey:
      return absl::StrCat("PRIMARY KEY (", columns, ")");
    case catalog::ConstraintEntry::Kind::kUnique: return absl::StrCat("UNIQUE (", columns, ")");
    case catalog::ConstraintEntry::Kind::kForeignKey: break;
  }
  const catalog::TablePtr referenced = state.catalog->FindTable(entry.referenced_table);
  if (referenced == nullptr) return absl::StrCat("FOREIGN KEY (", columns, ")");
  const auto relation = FindRelation(state, referenced->oid);
  return absl::StrCat("FOREIGN KEY (", columns, ") REFERENCES ",
                      RelationName(state, *relation), "(",
                      ColumnNames(*referenced, entry.referenced_columns), ")");
}

std::string IndexText(const SystemState& state, const catalog::TableEntry& table,
                      int constraint) {
  const catalog::ConstraintEntry& entry = table.constraints[constraint];
  return absl::StrCat("CREATE UNIQUE INDEX ", QuotedName(entry.name), " ON ",
                      QuotedName(state.SchemaName(table.schema)), ".", QuotedName(table.name),
                      " USING btree (", ColumnNames(table, entry.columns), ")");
}

namespace {

// Defaults are kept as text: PG_GET_EXPR has nothing to decompile.
absl::Status GetExpr(const KernelCall& call, Vector* result) {
  return functions::MapToView<std::string_view>(call, result,
                                                [](std::string_view text) { return text; });
}

bool PutViewDefinition(const SystemState& state, const std::optional<Relation>& relation,
                       std::string* out) {
  if (!relation.has_value() || relation->kind != 'v') return false;
  if (relation->view != nullptr) {
    *out = ViewDefinitionText(state, *relation->view);
  } else if (!relation->system->query.empty()) {
    *out = absl::StrCat(relation->system->query, ";");
  } else {
    return false;
  }
  return true;
}

absl::Status ViewDefByOid(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    return PutViewDefinition(*state, FindRelation(*state, OidAt(oid)), out);
  });
}

absl::Status ViewDefByName(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const functions::Argument<std::string_view> names(call.args[0]);
  for (int row = 0; row < call.rows; ++row) {
    if (functions::IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const Relation relation, FindRelation(*state, names[row]));
    std::string text;
    if (!PutViewDefinition(*state, relation, &text)) {
      functions::SetNullRow<column::StringRef>(result, call.rows, row);
      continue;
    }
    result->mutable_data<column::StringRef>()[row] = result->heap().Add(std::string_view(text));
  }
  return absl::OkStatus();
}

absl::Status ConstraintDef(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    for (const catalog::TablePtr& table : state->catalog->tables()) {
      for (size_t i = 0; i < table->constraints.size(); ++i) {
        if (ConstraintOid(table->oid, static_cast<int>(i)) != OidAt(oid)) continue;
        *out = ConstraintText(*state, *table, static_cast<int>(i));
        return true;
      }
    }
    return false;
  });
}

absl::Status IndexDef(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const bool by_column = call.args.size() == 3;
  const auto define = [&](int32_t oid, int32_t column, std::string* out) {
    const auto relation = FindRelation(*state, OidAt(oid));
    if (!relation.has_value() || relation->kind != 'i') return false;
    if (column == 0) {
      *out = IndexText(*state, *relation->table, relation->constraint);
      return true;
    }
    const auto& columns = relation->table->constraints[relation->constraint].columns;
    if (column < 1 || column > static_cast<int32_t>(columns.size())) return false;
    *out = QuotedName(relation->table->columns[columns[column - 1]].name);
    return true;
  };
  if (by_column) {
    return MapToText<int32_t, int32_t>(call, result,
                                       [&](int32_t oid, int32_t column, std::string* out) {
                                         return define(oid, column, out);
                                       });
  }
  return MapToText<int32_t>(
      call, result, [&](int32_t oid, std::string* out) { return define(oid, 0, out); });
}

// The one rule of a view.
absl::Status RuleDef(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    for (const catalog::ViewPtr& view : state->catalog->views()) {
      if (RuleOid(view->oid) != OidAt(oid)) continue;
      *out = absl::StrCat("CREATE RULE \"_RETURN\" AS ON SELECT TO ",
                          RelationName(*state, *FindRelation(*state, view->oid)), " DO INSTEAD ",
                          view->query_text, ";");
      return true;
    }
    return false;
  });
}

// Vesto has no triggers: there is no OID to ask for.
absl::Status TriggerDef(const KernelCall& call, Vector* result) {
  return MapToText<int32_t>(call, result, [](int32_t, std::string*) { return false; });
}

absl::Status FunctionResult(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    const PgProc* proc = FindPgProc(procs, OidAt(oid));
    if (proc == nullptr) return false;
    *out = FormatType(proc->result, -1);
    return true;
  });
}

absl::Status FunctionArguments(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    const PgProc* proc = FindPgProc(procs, OidAt(oid));
    if (proc == nullptr) return false;
    *out = ArgumentList(*proc);
    return true;
  });
}

// The functions of PG_PROC are all of the library: their "source" is their name there.
absl::Status FunctionDef(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  std::string aggregate;
  VESTO_RETURN_IF_ERROR(MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    const PgProc* proc = FindPgProc(procs, OidAt(oid));
    if (proc == nullptr) return false;
    if (proc->aggregate) {
      aggregate = proc->name;
      return false;
    }
    const char* volatility = proc->volatility == 'i' ? " IMMUTABLE"
                             : proc->volatility == 's' ? " STABLE"
                                                       : "";
    const std::string_view strict = proc->strict ? " STRICT" : "";
    *out = absl::StrCat("CREATE OR REPLACE FUNCTION pg_catalog.", QuotedName(proc->name), "(",
                        ArgumentList(*proc), ")\n RETURNS ", FormatType(proc->result, -1),
                        "\n LANGUAGE internal\n", volatility, sv(strict),
                        *volatility == 0 && strict.empty() ? "" : "\n", "AS $function$",
                        proc->name, "$function$\n");
    return true;
  }));
  if (aggregate.empty()) return absl::OkStatus();
  return SqlError(SqlState::kWrongObjectType,
                  absl::StrCat("\"", aggregate, "\" is an aggregate function"));
}

}  // namespace

void RegisterDefinitionFunctions(functions::Registry& registry) {
  const Type text = functions::kAnyVarchar, boolean = Type::Boolean();
  const auto to_text = Returns(kTextResult);
  AddCatalogFunction(registry, "pg_get_expr", "An expression of the catalog, such as a default.",
                     {Signature({text, kOidType}, to_text, GetExpr),
                      Signature({text, kOidType, boolean}, to_text, GetExpr)});
  AddCatalogFunction(registry, "pg_get_viewdef", "The query of a view.",
                     {Signature({kOidType}, to_text, ViewDefByOid),
                      Signature({kOidType, boolean}, to_text, ViewDefByOid),
                      Signature({text}, to_text, ViewDefByName),
                      Signature({text, boolean}, to_text, ViewDefByName)},
                     true);
  AddCatalogFunction(registry, "pg_get_constraintdef", "The definition of a constraint.",
                     {Signature({kOidType}, to_text, ConstraintDef),
                      Signature({kOidType, boolean}, to_text, ConstraintDef)});
  AddCatalogFunction(registry, "pg_get_indexdef",
                     "The index that stands for a PRIMARY KEY or UNIQUE constraint.",
                     {Signature({kOidType}, to_text, IndexDef),
                      Signature({kOidType, Type::Integer(), boolean}, to_text, IndexDef)});
  AddCatalogFunction(registry, "pg_get_ruledef", "The rule that makes a view of a relation.",
                     {Signature({kOidType}, to_text, RuleDef),
                      Signature({kOidType, boolean}, to_text, RuleDef)});
  AddCatalogFunction(registry, "pg_get_triggerdef", "The definition of a trigger: there are none.",
                     {Signature({kOidType}, to_text, TriggerDef),
                      Signature({kOidType, boolean}, to_text, TriggerDef)});
  AddCatalogFunction(registry, "pg_get_functiondef", "The statement that would make a function.",
                     {Signature({kOidType}, to_text, FunctionDef)}, true);
  AddCatalogFunction(registry, "pg_get_function_result", "The result type of a function.",
                     {Signature({kOidType}, to_text, FunctionResult)});
  for (const char* name : {"pg_get_function_arguments", "pg_get_function_identity_arguments"}) {
    AddCatalogFunction(registry, name, "The argument types of a function.",
                       {Signature({kOidType}, to_text, FunctionArguments)});
  }
}

}  // namespace vesto::sysview
