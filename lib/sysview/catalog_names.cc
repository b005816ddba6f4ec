#include "sysview/catalog_names.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "functions/sql_quoting.h"

namespace vesto::sysview {
namespace {

// Splits at dots outside quotes; unquoted letters and quoted ones alike are folded, as Redshift does.
absl::StatusOr<std::vector<std::string>> SplitName(std::string_view text) {
  std::vector<std::string> parts(1);
  bool quoted = false, any = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') {
      if (quoted && i + 1 < text.size() && text[i + 1] == '"') {
        parts.back().push_back('"');
        ++i;
        continue;
      }
      quoted = !quoted;
      any = true;
    } else if (c == '.' && !quoted) {
      parts.emplace_back();
    } else {
      parts.back().push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
      any = true;
    }
  }
  const bool empty = std::any_of(parts.begin(), parts.end(),
                                 [](const std::string& part) { return part.empty(); });
  if (!any || quoted || empty || parts.size() > 3) {
    return SqlError(SqlState::kInvalidName, "invalid name syntax");
  }
  return parts;
}

}  // namespace

std::string QuotedName(std::string_view name) {
  std::string quoted;
  functions::AppendIdentifier(name, &quoted);
  return quoted;
}

std::vector<std::string> VisibleSchemas(const SystemState& state) {
  std::vector<std::string> schemas;
  if (state.temporary_schema != 0) schemas.push_back(state.SchemaName(state.temporary_schema));
  std::vector<std::string> path;
  for (const std::string& entry : state.search_path) {
    path.push_back(entry == "$user" ? state.user : entry);
  }
  if (std::find(path.begin(), path.end(), "pg_catalog") == path.end()) {
    schemas.push_back("pg_catalog");
  }
  schemas.insert(schemas.end(), path.begin(), path.end());
  return schemas;
}

namespace {

std::optional<Relation> FindIn(const SystemState& state, const std::string& schema,
                               const std::string& name, bool with_indexes = false) {
  const catalog::SchemaPtr entry = state.catalog->FindSchema(std::string_view(schema));
  if (entry == nullptr) return std::nullopt;
  const catalog::RelationPtr found = state.catalog->FindRelation(entry->oid, name);
  if (const auto* table = std::get_if<catalog::TablePtr>(&found); table != nullptr) {
    return FindRelation(state, (*table)->oid);
  }
  if (const auto* view = std::get_if<catalog::ViewPtr>(&found); view != nullptr) {
    return FindRelation(state, (*view)->oid);
  }
  if (const ViewDefinition* system = state.views->Find(schema, name); system != nullptr) {
    return FindRelation(state, system->oid);
  }
  // Indexes are found last: their names follow from constraints.
  if (!with_indexes) return std::nullopt;
  for (const catalog::TablePtr& table : state.catalog->tables()) {
    if (table->schema != entry->oid) continue;
    for (size_t i = 0; i < table->constraints.size(); ++i) {
      if (table->constraints[i].name != name) continue;
      auto index = FindRelation(state, IndexOid(table->oid, static_cast<int>(i)));
      if (index.has_value()) return index;
    }
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<Relation> FindRelation(const SystemState& state, std::string_view text) {
  VESTO_ASSIGN_OR_RETURN(std::vector<std::string> parts, SplitName(text));
  if (parts.size() == 3) {
    if (parts[0] != state.database) {
      return NotSupported(absl::StrCat("a cross-database reference to \"",
                                       absl::StrJoin(parts, "."), "\""));
    }
    parts.erase(parts.begin());
  }
  if (parts.size() == 2) {
    if (state.catalog->FindSchema(std::string_view(parts[0])) == nullptr) {
      return SqlError(SqlState::kInvalidSchemaName,
                      absl::StrCat("schema \"", parts[0], "\" does not exist"));
    }
    if (auto relation = FindIn(state, parts[0], parts[1], true)) return *relation;
  } else {
    for (const std::string& schema : VisibleSchemas(state)) {
      if (auto relation = FindIn(state, schema, parts[0], true)) return *relation;
    }
  }
  return SqlError(SqlState::kUndefinedTable,
                  absl::StrCat("relation \"", absl::StrJoin(parts, "."), "\" does not exist"));
}

bool IsVisible(const SystemState& state, const Relation& relation) {
  const std::string home = state.SchemaName(relation.schema);
  for (const std::string& schema : VisibleSchemas(state)) {
    if (schema == home) return true;
    if (FindIn(state, schema, relation.name).has_value()) return false;  // hidden by this one
  }
  return false;
}

std::string RelationName(const SystemState& state, const Relation& relation) {
  const std::string name = QuotedName(relation.name);
  if (IsVisible(state, relation)) return name;
  return absl::StrCat(QuotedName(state.SchemaName(relation.schema)), ".", name);
}

}  // namespace vesto::sysview
