#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// CREATE TABLE AS and SELECT INTO: the definition follows from the query.
// Source: redshift/statements.md A, "CREATE TABLE AS".
namespace vesto::binder {

using logical::NodeKind;

namespace {

// What a table column becomes for a result of `type`: catalog types do not live in tables.
Type StoredType(const Type& type) {
  switch (type.id) {
    case TypeId::kUnknown: return Type::Varchar(1);
    case TypeId::kName: return Type::Varchar(128);
    case TypeId::kInternalChar: return Type::Char(1);
    case TypeId::kText: return Type::Varchar(kVarcharMaxBytes);
    case TypeId::kOid: return Type::Bigint();
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc: return Type::Varchar(260);
    case TypeId::kInt2Vector:
    case TypeId::kOidVector:
    case TypeId::kAclItem:
    case TypeId::kRecord:
    case TypeId::kArray: return Type::Varchar(kVarcharMaxBytes);
    case TypeId::kVarchar: {
      Type stored = type;
      if (stored.length <= 0 || stored.length > kVarcharMaxBytes) stored.length = kVarcharMaxBytes;
      return stored;
    }
    case TypeId::kDecimal: {
      Type stored = type;
      stored.scale = std::min<int16_t>(stored.scale, 37);
      return stored;
    }
    default: return type;
  }
}

// Where the design comes from when the statement gives none.
struct PlanShape {
  const logical::Scan* scan = nullptr;  // a plain scan of one table, perhaps filtered
  const logical::Sort* sort = nullptr;
  bool limited = false;
};

PlanShape ShapeOf(const logical::Node& plan) {
  PlanShape shape;
  const logical::Node* node = &plan;
  while (true) {
    switch (node->kind) {
      case NodeKind::kLimit: shape.limited = true; break;
      case NodeKind::kSort: shape.sort = &node->As<logical::Sort>(); break;
      case NodeKind::kProject:
      case NodeKind::kFilter: break;
      case NodeKind::kScan: shape.scan = &node->As<logical::Scan>(); return shape;
      default: return shape;
    }
    if (node->children.size() != 1) return shape;
    node = node->children[0].get();
  }
}

}  // namespace

absl::Status Binder::BindCreateTableAs(const sql::Name& name, bool temporary, bool if_not_exists,
                                       const std::vector<std::string>& columns,
                                       const sql::TableAttributes& attributes,
                                       bool has_attributes, const sql::Query& query, int offset) {
  VESTO_ASSIGN_OR_RETURN(BoundQuery bound, BindQuery(query, nullptr));
  auto entry = std::make_shared<catalog::TableEntry>();
  entry->name = name.back();
  entry->temporary = temporary || entry->name.starts_with("#");
  entry->backup = attributes.backup.value_or(true);

  // The schema: as named, the session's own for temporary tables, or the first of the search path.
  if (entry->temporary) {
    if (name.size() > 1 && name[name.size() - 2] != "pg_temp") {
      return SqlError(SqlState::kInvalidTableDefinition,
                      "cannot create temporary relation in non-temporary schema")
          .At(offset);
    }
    entry->schema = context_.temp_schema;
    RequiredPrivilege required;
    required.target = RequiredPrivilege::Target::kDatabase;
    required.object_name = context_.database;
    required.privilege = "temp";
    out_.privileges.push_back(std::move(required));
  } else {
    catalog::SchemaPtr schema;
    if (name.size() > 1) {
      schema = context_.catalog.FindSchema(std::string_view(name[name.size() - 2]));
      if (schema == nullptr) {
        return SqlError(SqlState::kInvalidSchemaName,
                        absl::StrCat("schema \"", name[name.size() - 2], "\" does not exist"))
            .At(offset);
      }
    } else {
      for (const std::string& candidate : SearchPath()) {
        if (candidate == "pg_catalog" || candidate == "information_schema") continue;
        schema = context_.catalog.FindSchema(std::string_view(candidate));
        if (schema != nullptr) break;
      }
      if (schema == nullptr) {
        return SqlError(SqlState::kInvalidSchemaName, "no schema has been selected to create in")
            .At(offset);
      }
    }
    entry->schema = schema->oid;
    AddSchemaPrivilege(schema->oid, "create");
  }
  if (!if_not_exists && entry->schema != 0) {
    const catalog::RelationPtr existing =
        context_.catalog.FindRelation(entry->schema, entry->name);
    if (!std::holds_alternative<std::monostate>(existing)) {
      return SqlError(SqlState::kDuplicateTable,
                      absl::StrCat("Relation \"", entry->name, "\" already exists"))
          .At(offset);
    }
  }

  if (columns.size() > bound.columns.size()) {
    return SqlError(SqlState::kSyntaxError,
                    "CREATE TABLE AS specifies too many column names")
        .At(offset);
  }
  if (bound.columns.size() > 1600) {
    return SqlError(SqlState::kTooManyColumns, "tables can have at most 1600 columns").At(offset);
  }
  std::vector<Type> types;
  for (size_t i = 0; i < bound.columns.size(); ++i) {
    catalog::ColumnEntry column;
    column.name = i < columns.size() ? columns[i] : bound.columns[i].name;
    column.type = StoredType(bound.columns[i].type);
    for (const catalog::ColumnEntry& other : entry->columns) {
      if (other.name == column.name) {
        return SqlError(SqlState::kDuplicateColumn,
                        absl::StrCat("column \"", column.name, "\" duplicated"))
            .At(offset);
      }
    }
    types.push_back(column.type);
    entry->columns.push_back(std::move(column));
  }

  types::TableDesign& design = entry->design;
  auto find = [&](const std::string& key) -> absl::StatusOr<int> {
    int position = 0;
    if (absl::SimpleAtoi(key, &position)) {
      if (position >= 1 && position <= static_cast<int>(entry->columns.size())) {
        return position - 1;
      }
    } else if (const int column = entry->FindColumn(key); column >= 0) {
      return column;
    }
    return SqlError(SqlState::kUndefinedColumn,
                    absl::StrCat("column \"", key, "\" named in key does not exist"))
        .At(offset);
  };
  auto check = [&](int column, std::string_view what) -> absl::Status {
    const catalog::ColumnEntry& key = entry->columns[static_cast<size_t>(column)];
    if (types::CanBeKey(key.type)) return absl::OkStatus();
    return SqlError(SqlState::kInvalidTableDefinition,
                    absl::StrCat("column \"", key.name, "\" of type ", key.type.ToString(),
                                 " cannot be used as a ", sv(what)))
        .At(offset);
  };
  if (has_attributes) {
    design.sort_style = types::SortStyle::kNone;
    const std::string& style = attributes.dist_style;
    design.dist_style = style == "all"    ? types::DistStyle::kAll
                        : style == "auto" ? types::DistStyle::kAuto
                        : style == "key"  ? types::DistStyle::kKey
                                          : types::DistStyle::kEven;
    if (!attributes.dist_key.empty()) {
      if (!style.empty() && style != "key") {
        return SqlError(SqlState::kInvalidTableDefinition,
                        "Cannot specify DISTKEY column with distribution style other than KEY")
            .At(offset);
      }
      VESTO_ASSIGN_OR_RETURN(design.dist_key, find(attributes.dist_key));
      VESTO_RETURN_IF_ERROR(check(design.dist_key, "distribution key"));
      design.dist_style = types::DistStyle::kKey;
    } else if (style == "key") {
      return SqlError(SqlState::kInvalidTableDefinition,
                      "DISTKEY column must be specified with distribution style KEY")
          .At(offset);
    }
    for (const std::string& key : attributes.sort_keys) {
      VESTO_ASSIGN_OR_RETURN(const int column, find(key));
      VESTO_RETURN_IF_ERROR(check(column, "sort key"));
      design.sort_keys.push_back(column);
    }
    if (!design.sort_keys.empty()) {
      design.sort_style = attributes.sort_style == "interleaved" ? types::SortStyle::kInterleaved
                                                                 : types::SortStyle::kCompound;
    } else if (attributes.sort_style == "auto") {
      design.sort_style = types::SortStyle::kAuto;
    }
  } else {
    // Inherited from the plan: a plain scan keeps the table's design, ORDER BY gives a sort key.
    const PlanShape shape = ShapeOf(*bound.plan);
    design.dist_style = types::DistStyle::kEven;
    design.sort_style = types::SortStyle::kNone;
    auto output_of = [&](int table_column) {
      for (size_t i = 0; i < bound.columns.size(); ++i) {
        auto origin = origins_.find(bound.columns[i].id);
        if (origin != origins_.end() && shape.scan != nullptr &&
            origin->second.first == shape.scan->table->oid &&
            origin->second.second == table_column) {
          return static_cast<int>(i);
        }
      }
      return -1;
    };
    if (shape.scan != nullptr && !shape.limited) {
      const types::TableDesign& from = shape.scan->table->design;
      design.dist_style = from.dist_style;
      if (from.dist_style == types::DistStyle::kKey) {
        design.dist_key = output_of(from.dist_key);
        if (design.dist_key < 0) design.dist_style = types::DistStyle::kEven;
      }
      design.sort_style = from.sort_style;
      for (int key : from.sort_keys) {
        const int column = output_of(key);
        if (column < 0) break;
        design.sort_keys.push_back(column);
      }
      if (design.sort_keys.empty() && design.sort_style != types::SortStyle::kAuto) {
        design.sort_style = types::SortStyle::kNone;
      }
    }
    if (shape.sort != nullptr && !shape.limited) {
      design.sort_keys.clear();
      design.sort_style = types::SortStyle::kNone;
      for (const logical::SortKey& key : shape.sort->keys) {
        int column = -1;
        for (size_t i = 0; i < bound.columns.size(); ++i) {
          if (key.expression->is_column() && key.expression->column == bound.columns[i].id) {
            column = static_cast<int>(i);
          }
        }
        if (column < 0 || key.descending ||
            !types::CanBeKey(entry->columns[static_cast<size_t>(column)].type)) {
          break;
        }
        if (std::find(design.sort_keys.begin(), design.sort_keys.end(), column) !=
            design.sort_keys.end()) {
          break;
        }
        design.sort_keys.push_back(column);
        design.sort_style = types::SortStyle::kCompound;
      }
    }
  }
  VESTO_RETURN_IF_ERROR(CoerceOutputs(&bound, types, Coercion::kExplicit));
  for (size_t i = 0; i < entry->columns.size(); ++i) {
    bound.columns[i].name = entry->columns[i].name;
  }
  out_.kind = StatementKind::kCreateTableAs;
  out_.plan = std::move(bound.plan);
  // The rows end in a table: leader-only functions have no business here.
  out_.touches_user_tables = out_.touches_user_tables || leader_functions_.empty();
  out_.create_table = TableDefinition{std::move(entry), if_not_exists};
  return absl::OkStatus();
}

void InsertIntoCreatedTable(catalog::TablePtr table, BoundStatement* bound) {
  auto node = std::make_unique<logical::Insert>();
  for (const logical::OutputColumn& column : bound->plan->output) {
    node->input.push_back(column.id);
  }
  node->table = std::move(table);
  node->output = {{bound->next_column_id++, Type::Bigint(), "rows"}};
  node->children.push_back(std::move(bound->plan));
  bound->plan = std::move(node);
}

}  // namespace vesto::binder
