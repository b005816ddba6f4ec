#include "sysview/relations.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace vesto::sysview {
namespace {

// Above the oids that the catalog gives out, below the sign bit.
constexpr catalog::Oid kConstraintOids = 1u << 30;
constexpr catalog::Oid kDefaultOids = 3u << 29;
constexpr catalog::Oid kConstraintsPerTable = 128;

bool HasIndex(const catalog::ConstraintEntry& constraint) {
  return constraint.kind != catalog::ConstraintEntry::Kind::kForeignKey;
}

Relation SystemRelation(const ViewDefinition& view) {
  Relation relation;
  relation.oid = view.oid;
  relation.schema = view.schema == "information_schema" ? catalog::kInformationSchemaOid
                                                        : catalog::kPgCatalogSchemaOid;
  relation.name = view.name;
  // PostgreSQL's own catalogs are tables, all others views over them.
  relation.kind = view.oid < 10'000 ? 'r' : 'v';
  relation.system = &view;
  return relation;
}

Relation TableRelation(const catalog::TableEntry& table) {
  Relation relation;
  relation.oid = table.oid;
  relation.schema = table.schema;
  relation.name = table.name;
  relation.owner = table.owner;
  relation.table = &table;
  return relation;
}

Relation IndexRelation(const catalog::TableEntry& table, int constraint) {
  Relation relation = TableRelation(table);
  relation.oid = IndexOid(table.oid, constraint);
  relation.name = table.constraints[constraint].name;
  relation.kind = 'i';
  relation.constraint = constraint;
  return relation;
}

Relation ViewRelation(const catalog::ViewEntry& view) {
  Relation relation;
  relation.oid = view.oid;
  relation.schema = view.schema;
  relation.name = view.name;
  relation.owner = view.owner;
  relation.kind = 'v';
  relation.view = &view;
  return relation;
}

}  // namespace

const std::optional<std::string>* Relation::comment() const {
  if (view != nullptr) return &view->comment;
  if (table != nullptr && constraint < 0) return &table->comment;
  return nullptr;
}

std::vector<Relation> Relations(const SystemState& state) {
  std::vector<Relation> relations;
  for (const catalog::TablePtr& table : state.catalog->tables()) {
    relations.push_back(TableRelation(*table));
    for (size_t i = 0; i < table->constraints.size(); ++i) {
      if (HasIndex(table->constraints[i])) {
        relations.push_back(IndexRelation(*table, static_cast<int>(i)));
      }
    }
  }
  for (const catalog::ViewPtr& view : state.catalog->views()) {
    relations.push_back(ViewRelation(*view));
  }
  for (const ViewDefinition* view : state.views->views()) {
    if (state.Has(*view)) relations.push_back(SystemRelation(*view));
  }
  return relations;
}

std::optional<Relation> FindRelation(const SystemState& state, catalog::Oid oid) {
  if (const catalog::TablePtr table = state.catalog->FindTable(oid); table != nullptr) {
    return TableRelation(*table);
  }
  if (const catalog::ViewPtr view = state.catalog->FindView(oid); view != nullptr) {
    return ViewRelation(*view);
  }
  if (oid >= kConstraintOids && oid < kDefaultOids) {
    const catalog::TablePtr table =
        state.catalog->FindTable((oid - kConstraintOids) / kConstraintsPerTable / 2);
    if (table == nullptr) return std::nullopt;
    for (size_t i = 0; i < table->constraints.size(); ++i) {
      if (HasIndex(table->constraints[i]) && IndexOid(table->oid, static_cast<int>(i)) == oid) {
        return IndexRelation(*table, static_cast<int>(i));
      }
    }
    return std::nullopt;
  }
  for (const ViewDefinition* view : state.views->views()) {
    if (view->oid == oid && state.Has(*view)) return SystemRelation(*view);
  }
  return std::nullopt;
}

std::vector<RelationColumn> ColumnsOf(const SystemState& state, const Relation& relation) {
  std::vector<RelationColumn> columns;
  if (relation.kind == 'i') {
    for (const int column : relation.table->constraints[relation.constraint].columns) {
      columns.push_back({relation.table->columns[column].name, relation.table->columns[column].type});
    }
  } else if (relation.table != nullptr) {
    for (const catalog::ColumnEntry& column : relation.table->columns) {
      columns.push_back({column.name, column.type, &column});
    }
  } else if (relation.view != nullptr) {
    for (size_t i = 0; i < relation.view->column_types.size(); ++i) {
      columns.push_back({relation.view->column_names[i], relation.view->column_types[i]});
    }
  } else if (!relation.system->query.empty()) {
    auto described = state.describe(relation.system->query, {"pg_catalog"});
    if (!described.ok()) return columns;
    for (const source::SourceColumn& column : *described) {
      columns.push_back({column.name, column.type});
    }
  } else {
    for (const source::SourceColumn& column : relation.system->columns) {
      columns.push_back({column.name, column.type, nullptr, column.hidden});
    }
  }
  return columns;
}

int SortKeyPosition(const types::TableDesign& design, int column) {
  for (size_t k = 0; k < design.sort_keys.size(); ++k) {
    if (design.sort_keys[k] != column) continue;
    const int position = static_cast<int>(k) + 1;
    const bool alternates = design.sort_style == types::SortStyle::kInterleaved && k % 2 == 1;
    return alternates ? -position : position;
  }
  return 0;
}

int DistStyleNumber(const catalog::TableEntry& table) {
  switch (table.design.dist_style) {
    case types::DistStyle::kEven: return 0;
    case types::DistStyle::kKey: return 1;
    case types::DistStyle::kAll: return 8;
    case types::DistStyle::kAuto: break;
  }
  return 9;
}

namespace {

// Unverified: the numbers of encodings; documentation shows only what FORMAT_ENCODING makes of them.
constexpr std::pair<types::Encoding, int> kEncodingNumbers[] = {
    {types::Encoding::kRaw, 0},       {types::Encoding::kBytedict, 1},
    {types::Encoding::kDelta, 2},     {types::Encoding::kLzo, 3},
    {types::Encoding::kRunlength, 4}, {types::Encoding::kDelta32k, 5},
    {types::Encoding::kMostly8, 6},   {types::Encoding::kMostly16, 7},
    {types::Encoding::kMostly32, 8},  {types::Encoding::kText255, 9},
    {types::Encoding::kText32k, 10},  {types::Encoding::kZstd, 11},
    {types::Encoding::kAz64, 12},     {types::Encoding::kAuto, 13},
};

}  // namespace

int EncodingNumber(types::Encoding encoding) {
  for (const auto& [known, number] : kEncodingNumbers) {
    if (known == encoding) return number;
  }
  return 0;
}

std::string EncodingOfNumber(int64_t number) {
  for (const auto& [encoding, known] : kEncodingNumbers) {
    if (known != number) continue;
    if (encoding == types::Encoding::kRaw) return "none";
    return std::string(types::EncodingName(encoding));
  }
  return "unknown";
}

catalog::Oid ConstraintOid(catalog::Oid table, int constraint) {
  return kConstraintOids + (table * kConstraintsPerTable + static_cast<catalog::Oid>(constraint)) * 2;
}
catalog::Oid IndexOid(catalog::Oid table, int constraint) {
  return ConstraintOid(table, constraint) + 1;
}
catalog::Oid DefaultOid(catalog::Oid table, int column) {
  constexpr catalog::Oid kColumnsMax = 1600, kRange = 1u << 29;
  return kDefaultOids + (table * kColumnsMax + static_cast<catalog::Oid>(column)) % kRange;
}

int ReferredKey(const catalog::TableEntry& table, const std::vector<int>& columns) {
  for (size_t i = 0; i < table.constraints.size(); ++i) {
    const catalog::ConstraintEntry& key = table.constraints[i];
    if (key.kind == catalog::ConstraintEntry::Kind::kForeignKey) continue;
    if (std::is_permutation(key.columns.begin(), key.columns.end(), columns.begin(),
                            columns.end())) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

catalog::Oid RuleOid(catalog::Oid view) { return ConstraintOid(view, 0); }

std::string DefaultText(const SystemState& state, const catalog::TableEntry& table, int column) {
  const catalog::ColumnEntry& entry = table.columns[column];
  if (!entry.identity) {
    // PostgreSQL shows the type of a literal: 'EU'::character varying.
    const std::string& text = entry.default_text;
    const bool literal = text.size() > 1 && text.front() == '\'' &&
                         text.find('\'', 1) == text.size() - 1;
    if (!literal) return text;
    if (entry.type.id == TypeId::kChar) return absl::StrCat(text, "::bpchar");
    std::string type = entry.type.ToString();
    if (const size_t bracket = type.find('('); bracket != std::string::npos) type.resize(bracket);
    return absl::StrCat(text, "::", type);
  }
  // Redshift's form: column number, the table's oid, and seed and step in a text.
  return absl::StrCat("\"identity\"(", table.oid, ", ", column, ", '", entry.identity_seed, ",",
                      entry.identity_step, "'::text)");
}

}  // namespace vesto::sysview
