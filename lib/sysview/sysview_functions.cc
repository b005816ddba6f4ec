#include "sysview/sysview_functions.h"

#include <algorithm>
#include <tuple>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "sysview/catalog_kernel.h"
#include "sysview/catalog_names.h"
#include "sysview/pg_procs.h"
#include "sysview/pg_types.h"
#include "sysview/relations.h"
#include "types/type_rules.h"

namespace vesto::sysview {
namespace {

using functions::KernelCall;
using functions::MapRows;
using functions::MapToText;
using functions::Returns;
using functions::Signature;
using column::Vector;

// --- OIDs with names --------------------------------------------------------------------------------

// '16384'::regclass is the OID itself; "-" is 0.
std::optional<catalog::Oid> PlainOid(std::string_view text) {
  uint32_t oid = 0;
  if (text == "-") return 0u;
  if (absl::SimpleAtoi(sv(text), &oid)) return oid;
  return std::nullopt;
}

absl::Status ClassIn(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<int32_t, std::string_view>(
      call, result, [&](std::string_view text) -> absl::StatusOr<int32_t> {
        if (auto oid = PlainOid(text)) return static_cast<int32_t>(*oid);
        VESTO_ASSIGN_OR_RETURN(const Relation relation, FindRelation(*state, text));
        return static_cast<int32_t>(relation.oid);
      });
}

// As 'name'::regclass, but NULL where there is none.
absl::Status ToClass(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<int32_t, std::string_view>(
      call, result, [&](std::string_view text) -> std::optional<int32_t> {
        const auto relation = FindRelation(*state, text);
        if (!relation.ok()) return std::nullopt;
        return static_cast<int32_t>(relation->oid);
      });
}

absl::Status ClassOut(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    const auto relation = FindRelation(*state, OidAt(oid));
    *out = relation.has_value() ? RelationName(*state, *relation)
           : oid == 0           ? "-"
                                : absl::StrCat(OidAt(oid));
  });
}

// A name of PG_TYPE, or an SQL spelling with modifiers left out.
absl::StatusOr<catalog::Oid> FindType(std::string_view text) {
  std::string name = absl::AsciiStrToLower(sv(text));
  constexpr std::string_view kCatalog = "pg_catalog.";
  if (std::string_view(name).starts_with(kCatalog)) name.erase(0, kCatalog.size());
  for (const PgType& type : PgTypes()) {
    if (type.name == name || type.sql_name == name) return type.oid;
  }
  if (const size_t bracket = name.find('('); bracket != std::string::npos) name.resize(bracket);
  if (name == "text") return catalog::Oid{25};
  VESTO_ASSIGN_OR_RETURN(const Type type, types::ResolveType(name, {}));
  return static_cast<catalog::Oid>(types::TypeOid(type));
}

absl::Status TypeIn(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(
      call, result, [](std::string_view text) -> absl::StatusOr<int32_t> {
        if (auto oid = PlainOid(text)) return static_cast<int32_t>(*oid);
        VESTO_ASSIGN_OR_RETURN(const catalog::Oid oid, FindType(text));
        return static_cast<int32_t>(oid);
      });
}

absl::Status ToType(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(
      call, result, [](std::string_view text) -> std::optional<int32_t> {
        const auto oid = FindType(text);
        if (!oid.ok() || *oid == 0) return std::nullopt;
        return static_cast<int32_t>(*oid);
      });
}

absl::Status TypeOut(const KernelCall& call, Vector* result) {
  return MapToText<int32_t>(call, result, [](int32_t oid, std::string* out) {
    const PgType* type = FindPgType(OidAt(oid));
    *out = type != nullptr ? FormatType(type->oid, -1)
           : oid == 0      ? "-"
                           : absl::StrCat(OidAt(oid));
  });
}

absl::Status ProcIn(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  return MapRows<int32_t, std::string_view>(
      call, result, [&](std::string_view text) -> absl::StatusOr<int32_t> {
        if (auto oid = PlainOid(text)) return static_cast<int32_t>(*oid);
        std::string_view name = text;
        constexpr std::string_view kCatalog = "pg_catalog.";
        if (name.starts_with(kCatalog)) name.remove_prefix(kCatalog.size());
        const PgProc* proc = FindPgProc(procs, name);
        if (proc == nullptr) {
          return SqlError(SqlState::kUndefinedFunction,
                          absl::StrCat("function \"", sv(text), "\" does not exist"));
        }
        for (const PgProc& other : procs) {
          if (other.name == proc->name && other.oid != proc->oid) {
            return SqlError(SqlState::kAmbiguousFunction,
                            absl::StrCat("more than one function named \"", sv(text), "\""));
          }
        }
        return static_cast<int32_t>(proc->oid);
      });
}

absl::Status ProcOut(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    const PgProc* proc = FindPgProc(procs, OidAt(oid));
    *out = proc != nullptr ? QuotedName(proc->name) : oid == 0 ? "-" : absl::StrCat(OidAt(oid));
  });
}

std::string_view WithoutSpace(std::string_view text) {
  const auto stripped = absl::StripAsciiWhitespace(sv(text));
  return {stripped.data(), stripped.size()};
}

// The argument types between the parentheses: at commas that no parentheses enclose.
absl::StatusOr<std::vector<catalog::Oid>> ArgumentTypes(std::string_view list) {
  std::vector<catalog::Oid> types;
  int depth = 0;
  size_t start = 0;
  for (size_t i = 0; i <= list.size(); ++i) {
    const char c = i < list.size() ? list[i] : ',';
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (c != ',' || (depth > 0 && i < list.size())) continue;
    const std::string_view name = WithoutSpace(list.substr(start, i - start));
    start = i + 1;
    if (name.empty() && list.size() == i && types.empty()) return types;
    if (name.empty()) return SqlError(SqlState::kInvalidTextRepresentation, "expected a type name");
    VESTO_ASSIGN_OR_RETURN(const catalog::Oid oid, FindType(name));
    types.push_back(oid);
  }
  return types;
}

// TEXT is another word for VARCHAR, in which the functions are declared.
bool SameArguments(const std::vector<catalog::Oid>& declared,
                   const std::vector<catalog::Oid>& written) {
  constexpr catalog::Oid kText = 25, kVarchar = 1043;
  return std::equal(declared.begin(), declared.end(), written.begin(), written.end(),
                    [](catalog::Oid a, catalog::Oid b) {
                      return a == b || (a == kVarchar && b == kText);
                    });
}

// 'lpad(text, integer)'::regprocedure.
absl::Status ProcedureIn(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  return MapRows<int32_t, std::string_view>(
      call, result, [&](std::string_view text) -> absl::StatusOr<int32_t> {
        if (auto oid = PlainOid(text)) return static_cast<int32_t>(*oid);
        const size_t open = text.find('(');
        if (open == std::string_view::npos) {
          return SqlError(SqlState::kInvalidTextRepresentation, "expected a left parenthesis");
        }
        if (text.back() != ')') {
          return SqlError(SqlState::kInvalidTextRepresentation, "expected a right parenthesis");
        }
        std::string_view name = WithoutSpace(text.substr(0, open));
        constexpr std::string_view kCatalog = "pg_catalog.";
        if (name.starts_with(kCatalog)) name.remove_prefix(kCatalog.size());
        VESTO_ASSIGN_OR_RETURN(const std::vector<catalog::Oid> types,
                               ArgumentTypes(text.substr(open + 1, text.size() - open - 2)));
        for (const PgProc& proc : procs) {
          if (proc.name == name && SameArguments(proc.arguments, types)) {
            return static_cast<int32_t>(proc.oid);
          }
        }
        return SqlError(SqlState::kUndefinedFunction,
                        absl::StrCat("function \"", sv(text), "\" does not exist"));
      });
}

absl::Status ProcedureOut(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  return MapToText<int32_t>(call, result, [&](int32_t oid, std::string* out) {
    const PgProc* proc = FindPgProc(procs, OidAt(oid));
    *out = proc != nullptr
               ? absl::StrCat(QuotedName(proc->name), "(", ArgumentList(*proc, ","), ")")
           : oid == 0 ? "-"
                      : absl::StrCat(OidAt(oid));
  });
}

// PG_OPERATOR has no rows: an operator is known by its number alone.
absl::Status OperatorIn(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(
      call, result, [](std::string_view text) -> absl::StatusOr<int32_t> {
        uint32_t oid = 0;
        if (absl::SimpleAtoi(sv(text), &oid)) return static_cast<int32_t>(oid);
        return SqlError(SqlState::kUndefinedFunction,
                        absl::StrCat("operator does not exist: ", sv(text)));
      });
}

absl::Status OperatorOut(const KernelCall& call, Vector* result) {
  return MapToText<int32_t>(
      call, result, [](int32_t oid, std::string* out) { *out = absl::StrCat(OidAt(oid)); });
}

// --- Visibility -------------------------------------------------------------------------------------

absl::Status TableIsVisible(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<uint8_t, int32_t>(call, result, [&](int32_t oid) -> std::optional<uint8_t> {
    const auto relation = FindRelation(*state, OidAt(oid));
    if (!relation.has_value()) return std::nullopt;
    return IsVisible(*state, *relation);
  });
}

// Types, functions and operators all live in pg_catalog, which every search path finds.
absl::Status FunctionIsVisible(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  return MapRows<uint8_t, int32_t>(call, result, [&](int32_t oid) -> std::optional<uint8_t> {
    if (FindPgProc(procs, OidAt(oid)) == nullptr) return std::nullopt;
    return uint8_t{1};
  });
}

absl::Status AlwaysVisible(const KernelCall& call, Vector* result) {
  return MapRows<uint8_t, int32_t>(call, result, [](int32_t) { return uint8_t{1}; });
}

absl::Status TypeIsVisible(const KernelCall& call, Vector* result) {
  return MapRows<uint8_t, int32_t>(call, result, [](int32_t oid) -> std::optional<uint8_t> {
    if (FindPgType(OidAt(oid)) == nullptr) return std::nullopt;
    return uint8_t{1};
  });
}

// --- Types and encodings ----------------------------------------------------------------------------

absl::Status FormatTypeKernel(const KernelCall& call, Vector* result) {
  const functions::Argument<int32_t> oids(call.args[0]), modifiers(call.args[1]);
  for (int row = 0; row < call.rows; ++row) {
    if (call.args[0].IsNull(row)) {
      functions::SetNullRow<column::StringRef>(result, call.rows, row);
      continue;
    }
    const std::string text =
        FormatType(OidAt(oids[row]), call.args[1].IsNull(row) ? -1 : modifiers[row]);
    result->mutable_data<column::StringRef>()[row] = result->heap().Add(std::string_view(text));
  }
  return absl::OkStatus();
}

absl::Status FormatEncoding(const KernelCall& call, Vector* result) {
  return MapToText<int32_t>(call, result, [](int32_t number, std::string* out) {
    *out = EncodingOfNumber(number);
  });
}

// PostgreSQL's number of UTF8 is 6; Redshift calls it UNICODE, which clients do not know.
absl::Status EncodingToChar(const KernelCall& call, Vector* result) {
  return MapToText<int32_t>(call, result, [](int32_t number, std::string* out) {
    if (number == 6) *out = "UTF8";
    if (number == 0) *out = "SQL_ASCII";
  });
}

absl::Status CharToEncoding(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view>(call, result, [](std::string_view name) {
    const std::string upper = absl::AsciiStrToUpper(std::string(name));
    if (upper == "UTF8" || upper == "UNICODE" || upper == "UTF-8") return 6;
    return upper == "SQL_ASCII" ? 0 : -1;
  });
}

absl::Status DatabaseEncoding(const KernelCall& call, Vector* result) {
  const column::StringRef name = result->heap().Add(std::string_view("UTF8"));
  for (int row = 0; row < call.rows; ++row) result->mutable_data<column::StringRef>()[row] = name;
  return absl::OkStatus();
}

absl::Status NoLocation(const KernelCall& call, Vector* result) {
  return MapToText<int32_t>(call, result, [](int32_t, std::string*) {});
}

// --- Users and comments -----------------------------------------------------------------------------

absl::Status UserById(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapToText<int32_t>(call, result, [&](int32_t id, std::string* out) {
    for (const auto& user : state->catalog->users()) {
      if (user->id == id) {
        *out = user->name;
        return;
      }
    }
    *out = absl::StrCat("unknown (OID=", id, ")");
  });
}

const std::optional<std::string>* CommentOf(const SystemState& state, catalog::Oid oid,
                                            int32_t column, std::optional<Relation>* relation) {
  *relation = FindRelation(state, oid);
  if (!relation->has_value()) return nullptr;
  if (column == 0) return (*relation)->comment();
  const catalog::TableEntry* table = (*relation)->constraint < 0 ? (*relation)->table : nullptr;
  if (table == nullptr || column < 1 || column > static_cast<int32_t>(table->columns.size())) {
    return nullptr;
  }
  return &table->columns[column - 1].comment;
}

absl::Status ObjectDescription(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  const auto& procs = state->views->procs(*state->functions);
  const auto describe = [&](int32_t oid, std::string_view catalog, std::string* out) {
    if (catalog == "pg_class" || catalog.empty()) {
      std::optional<Relation> relation;
      const auto* comment = CommentOf(*state, OidAt(oid), 0, &relation);
      if (comment != nullptr && comment->has_value()) {
        *out = **comment;
        return true;
      }
    }
    if (catalog == "pg_proc" || catalog.empty()) {
      const PgProc* proc = FindPgProc(procs, OidAt(oid));
      if (proc != nullptr && !proc->comment.empty()) {
        *out = proc->comment;
        return true;
      }
    }
    return false;
  };
  if (call.args.size() == 1) {
    return MapToText<int32_t>(
        call, result, [&](int32_t oid, std::string* out) { return describe(oid, "", out); });
  }
  return MapToText<int32_t, std::string_view>(
      call, result, [&](int32_t oid, std::string_view catalog, std::string* out) {
        return describe(oid, catalog, out);
      });
}

absl::Status ColumnDescription(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapToText<int32_t, int32_t>(
      call, result, [&](int32_t oid, int32_t column, std::string* out) {
        std::optional<Relation> relation;
        const auto* comment = column < 1 ? nullptr
                                         : CommentOf(*state, OidAt(oid), column, &relation);
        if (comment == nullptr || !comment->has_value()) return false;
        *out = **comment;
        return true;
      });
}

// Databases and users: COMMENT ON has nothing for them.
absl::Status SharedDescription(const KernelCall& call, Vector* result) {
  return MapToText<int32_t, std::string_view>(
      call, result, [](int32_t, std::string_view, std::string*) { return false; });
}

// --- Sizes ------------------------------------------------------------------------------------------

int64_t BytesOf(const SystemState& state, const catalog::TableEntry& table) {
  int64_t bytes = 0;
  for (const int slice : state.SlicesOf(table)) {
    const auto shard = state.ShardOf(table, slice);
    if (shard == nullptr) continue;
    for (const storage::BlockInfo& block : shard->ListBlocks(state.snapshot)) bytes += block.bytes;
  }
  return bytes;
}

absl::Status RelationSize(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<int64_t, int32_t>(call, result, [&](int32_t oid) -> std::optional<int64_t> {
    const auto relation = FindRelation(*state, OidAt(oid));
    if (!relation.has_value()) return std::nullopt;
    return relation->kind == 'r' && relation->table != nullptr ? BytesOf(*state, *relation->table)
                                                               : 0;
  });
}

int64_t BytesOfAll(const SystemState& state) {
  int64_t bytes = 0;
  for (const catalog::TablePtr& table : state.catalog->tables()) bytes += BytesOf(state, *table);
  return bytes;
}

absl::Status DatabaseSizeByOid(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<int64_t, int32_t>(call, result, [&](int32_t oid) -> std::optional<int64_t> {
    for (const auto& database : state->catalog->databases()) {
      if (database->oid != OidAt(oid)) continue;
      return database->name == state->database ? BytesOfAll(*state) : 0;
    }
    return std::nullopt;
  });
}

absl::Status DatabaseSizeByName(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<int64_t, std::string_view>(
      call, result, [&](std::string_view name) -> absl::StatusOr<int64_t> {
        for (const auto& database : state->catalog->databases()) {
          if (database->name == name) {
            return name == state->database ? BytesOfAll(*state) : int64_t{0};
          }
        }
        return SqlError(SqlState::kInvalidCatalogName,
                        absl::StrCat("database \"", sv(name), "\" does not exist"));
      });
}

// All data is in pg_default; pg_global holds nothing of its own.
absl::Status TablespaceSizeByOid(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<int64_t, int32_t>(call, result, [&](int32_t oid) -> std::optional<int64_t> {
    constexpr int32_t kDefault = 1663, kGlobal = 1664;
    if (oid == kDefault) return BytesOfAll(*state);
    return oid == kGlobal ? std::optional<int64_t>(0) : std::nullopt;
  });
}

absl::Status TablespaceSizeByName(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<int64_t, std::string_view>(
      call, result, [&](std::string_view name) -> absl::StatusOr<int64_t> {
        if (name == "pg_default") return BytesOfAll(*state);
        if (name == "pg_global") return 0;
        return SqlError(SqlState::kUndefinedObject,
                        absl::StrCat("tablespace \"", sv(name), "\" does not exist"));
      });
}

// PostgreSQL's: the largest unit in which the number stays below 10240, rounded half up.
absl::Status SizePretty(const KernelCall& call, Vector* result) {
  return MapToText<int64_t>(call, result, [](int64_t size, std::string* out) {
    static constexpr const char* kUnits[] = {" bytes", " kB", " MB", " GB", " TB"};
    constexpr int64_t kLimit = 10 * 1024;
    if (size < kLimit) {
      *out = absl::StrCat(size, kUnits[0]);
      return;
    }
    int unit = 1;
    int64_t half_units = size / 512;  // twice the number, so that half is seen
    while (half_units >= 2 * kLimit - 1 && unit < 4) {
      half_units /= 1024;
      ++unit;
    }
    *out = absl::StrCat((half_units + 1) / 2, kUnits[unit]);
  });
}

// --- Schemas ----------------------------------------------------------------------------------------

absl::Status MyTempSchema(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  for (int row = 0; row < call.rows; ++row) {
    result->mutable_data<int32_t>()[row] = static_cast<int32_t>(state->temporary_schema);
  }
  return absl::OkStatus();
}

absl::Status IsOtherTempSchema(const KernelCall& call, Vector* result) {
  VESTO_ASSIGN_OR_RETURN(const SystemState* state, StateOf(call));
  return MapRows<uint8_t, int32_t>(call, result, [&](int32_t oid) {
    const catalog::SchemaPtr schema = state->catalog->FindSchema(OidAt(oid));
    return schema != nullptr && schema->temporary_session != 0 &&
           schema->oid != state->temporary_schema;
  });
}

}  // namespace

void RegisterCatalogFunctions(functions::Registry& registry) {
  const Type text = functions::kAnyVarchar;
  const Type regclass{TypeId::kRegclass}, regtype{TypeId::kRegtype}, regproc{TypeId::kRegproc};
  const auto to_text = Returns(kTextResult), to_boolean = Returns(Type::Boolean()),
             to_bigint = Returns(Type::Bigint());
  AddCatalogFunction(registry, "regclassin", "The relation of a name: 'schema.table'::regclass.",
                     {Signature({text}, Returns(regclass), ClassIn)}, true);
  AddCatalogFunction(registry, "regclassout",
                     "The name of a relation, with its schema where the search path needs it.",
                     {Signature({regclass}, to_text, ClassOut)});
  AddCatalogFunction(registry, "to_regclass", "The relation of a name; NULL where there is none.",
                     {Signature({text}, Returns(regclass), ToClass)});
  AddCatalogFunction(registry, "to_regtype", "The type of a name; NULL where there is none.",
                     {Signature({text}, Returns(regtype), ToType)});
  AddCatalogFunction(registry, "regtypein", "The type of a name: 'integer'::regtype.",
                     {Signature({text}, Returns(regtype), TypeIn)}, true);
  AddCatalogFunction(registry, "regtypeout", "The SQL name of a type.",
                     {Signature({regtype}, to_text, TypeOut)});
  AddCatalogFunction(registry, "regprocin", "The function of a name: 'array_in'::regproc.",
                     {Signature({text}, Returns(regproc), ProcIn)}, true);
  AddCatalogFunction(registry, "regprocout", "The name of a function.",
                     {Signature({regproc}, to_text, ProcOut)});
  using Spelling = std::tuple<const char*, functions::Kernel, functions::Kernel>;
  for (const auto& [name, in, out] : {Spelling("regprocedure", ProcedureIn, ProcedureOut),
                                      Spelling("regoperator", OperatorIn, OperatorOut)}) {
    const Type type = *types::ResolveType(name, {});
    AddCatalogFunction(registry, absl::StrCat(name, "in"), "The OID of a name with its arguments.",
                       {Signature({text}, Returns(type), in)}, true);
    AddCatalogFunction(registry, absl::StrCat(name, "out"),
                       "The name of an OID with its arguments.",
                       {Signature({type}, to_text, out)});
  }

  AddCatalogFunction(registry, "pg_table_is_visible",
                     "Whether the search path finds the relation by its bare name.",
                     {Signature({kOidType}, to_boolean, TableIsVisible)});
  AddCatalogFunction(registry, "pg_function_is_visible",
                     "Whether the search path finds the function by its bare name.",
                     {Signature({kOidType}, to_boolean, FunctionIsVisible)});
  AddCatalogFunction(registry, "pg_type_is_visible",
                     "Whether the search path finds the type by its bare name.",
                     {Signature({kOidType}, to_boolean, TypeIsVisible)});

  for (const char* name :
       {"pg_operator_is_visible", "pg_opclass_is_visible", "pg_opfamily_is_visible",
        "pg_conversion_is_visible", "pg_collation_is_visible", "pg_ts_parser_is_visible",
        "pg_ts_dict_is_visible", "pg_ts_template_is_visible", "pg_ts_config_is_visible"}) {
    AddCatalogFunction(registry, name, "Whether the search path finds the object: all are in pg_catalog.",
                       {Signature({kOidType}, to_boolean, AlwaysVisible)});
  }
  AddCatalogFunction(registry, "pg_tablespace_location", "The folder of a tablespace: none has one.",
                     {Signature({kOidType}, to_text, NoLocation)});
  AddCatalogFunction(registry, "getdatabaseencoding", "The character set of the database.",
                     {Signature({}, Returns(Type{TypeId::kName}), DatabaseEncoding)});
  AddCatalogFunction(registry, "pg_client_encoding", "The character set of the client.",
                     {Signature({}, Returns(Type{TypeId::kName}), DatabaseEncoding)});
  AddCatalogFunction(registry, "pg_char_to_encoding", "The number of a character set; -1 for none.",
                     {Signature({text}, Returns(Type::Integer()), CharToEncoding)});

  registry.Add(functions::ScalarFunction{
      .name = "format_type",
      .documentation = "The SQL name of a type with its modifiers, as pg_attribute has them.",
      .null_rule = functions::NullRule::kCustom,
      .locality = functions::Locality::kLeaderOnly,
      .overloads = {Signature({kOidType, Type::Integer()}, to_text, FormatTypeKernel)}});
  AddCatalogFunction(registry, "format_encoding",
                     "The name of a column's encoding (pg_attribute.attencodingtype).",
                     {Signature({Type::Integer()}, Returns(Type::Varchar(32)), FormatEncoding)});
  AddCatalogFunction(registry, "pg_encoding_to_char", "The name of a character set's number.",
                     {Signature({Type::Integer()}, Returns(Type{TypeId::kName}),
                                EncodingToChar)});

  AddCatalogFunction(registry, "pg_get_userbyid", "The name of a user.",
                     {Signature({Type::Integer()}, Returns(Type{TypeId::kName}), UserById)});
  AddCatalogFunction(registry, "obj_description", "The comment on a relation or function.",
                     {Signature({kOidType}, to_text, ObjectDescription),
                      Signature({kOidType, text}, to_text, ObjectDescription)});
  AddCatalogFunction(registry, "col_description", "The comment on a column of a table.",
                     {Signature({kOidType, Type::Integer()}, to_text, ColumnDescription)});
  AddCatalogFunction(registry, "shobj_description", "The comment on a shared object: none.",
                     {Signature({kOidType, text}, to_text, SharedDescription)});

  for (const char* name : {"pg_relation_size", "pg_table_size", "pg_total_relation_size"}) {
    AddCatalogFunction(registry, name, "The bytes of a table's blocks.",
                       {Signature({regclass}, to_bigint, RelationSize)});
  }
  AddCatalogFunction(registry, "pg_database_size", "The bytes of the blocks of a database.",
                     {Signature({kOidType}, to_bigint, DatabaseSizeByOid),
                      Signature({text}, to_bigint, DatabaseSizeByName)},
                     true);
  AddCatalogFunction(registry, "pg_tablespace_size", "The bytes of the blocks of a tablespace.",
                     {Signature({kOidType}, to_bigint, TablespaceSizeByOid),
                      Signature({text}, to_bigint, TablespaceSizeByName)},
                     true);
  AddCatalogFunction(registry, "pg_size_pretty", "A number of bytes in kB, MB, GB or TB.",
                     {Signature({Type::Bigint()}, to_text, SizePretty)});

  AddCatalogFunction(registry, "pg_my_temp_schema", "The session's schema of temporary tables.",
                     {Signature({}, Returns(kOidType), MyTempSchema)});
  AddCatalogFunction(registry, "pg_is_other_temp_schema",
                     "Whether the schema holds the temporary tables of another session.",
                     {Signature({kOidType}, to_boolean, IsOtherTempSchema)});
  RegisterDefinitionFunctions(registry);
}

}  // namespace vesto::sysview
