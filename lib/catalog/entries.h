#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "types/table_design.h"
#include "vesto/type.h"

// What the catalog knows of each object. Entries are immutable and shared: a change makes a new
// version under the same oid.
namespace vesto::catalog {

using Oid = uint32_t;

inline constexpr Oid kFirstUserOid = 100000;
inline constexpr Oid kPgCatalogSchemaOid = 11;
inline constexpr Oid kInformationSchemaOid = 12;
inline constexpr Oid kPublicSchemaOid = 2200;
inline constexpr int32_t kSuperuserId = 100;

struct ColumnEntry {
  std::string name;
  Type type;
  bool not_null = false;
  std::string default_text;  // SQL of DEFAULT; "" = none
  bool identity = false, identity_by_default = false;
  int64_t identity_seed = 1, identity_step = 1;
  Oid identity_sequence = 0;  // names the generator of an identity column, whatever it is called
  types::Encoding encoding = types::Encoding::kAuto;
  bool encoding_explicit = false;
  std::optional<std::string> comment;
};

struct ConstraintEntry {
  enum class Kind : uint8_t { kPrimaryKey, kUnique, kForeignKey };
  Kind kind = Kind::kPrimaryKey;
  std::string name;
  std::vector<int> columns;
  Oid referenced_table = 0;
  std::vector<int> referenced_columns;
  std::optional<std::string> comment;
};

struct RelationBase {
  Oid oid = 0;
  Oid schema = 0;
  std::string name;
  int32_t owner = kSuperuserId;
  std::optional<std::string> comment;
};

struct TableEntry : RelationBase {
  std::vector<ColumnEntry> columns;
  types::TableDesign design;
  std::vector<ConstraintEntry> constraints;
  bool temporary = false;
  bool encode_auto = true;
  bool backup = true;
  int64_t created_micros = 0;

  int FindColumn(std::string_view name) const;  // -1 when there is none
  bool IsUniqueKey(const std::vector<int>& columns) const;  // declared PRIMARY KEY or UNIQUE covered
};

struct ViewEntry : RelationBase {
  std::vector<std::string> column_names;  // given or derived at creation; empty when late-binding
  std::vector<Type> column_types;
  std::string query_text;                 // parses on its own
  std::vector<std::string> search_path;   // of its creation, under which the text binds
  bool late_binding = false;
  bool temporary = false;
  std::vector<Oid> depends_on;            // relations it reads; empty when late-binding
};

struct SchemaEntry {
  Oid oid = 0;
  std::string name;
  int32_t owner = kSuperuserId;
  std::string quota;
  int32_t temporary_session = 0;  // pg_temp_n: the session that owns it; 0 = permanent
};

struct DatabaseEntry {
  Oid oid = 0;
  std::string name;
  int32_t owner = kSuperuserId;
  bool snapshot_isolation = false;
  std::string connection_limit;
  std::optional<std::string> comment;
};

struct UserEntry {
  int32_t id = 0;
  std::string name;
  bool superuser = false, create_db = false;
  std::string password;  // verifier as given to CREATE USER
  std::vector<std::pair<std::string, std::string>> options;
};

struct GroupEntry {
  int32_t id = 0;
  std::string name;
  std::vector<int32_t> members;
};

struct GrantEntry {
  enum class Target : uint8_t { kDatabase, kSchema, kRelation, kColumn, kFunction, kLanguage };
  enum class Grantee : uint8_t { kUser, kGroup, kRole, kPublic };
  Target target = Target::kRelation;
  Oid object = 0;
  std::string column;
  std::string privilege;  // lower case: "select", "insert", ...
  Grantee grantee_kind = Grantee::kUser;
  int32_t grantee = 0;
  int32_t grantor = kSuperuserId;
  bool grant_option = false;
};

using TablePtr = std::shared_ptr<const TableEntry>;
using ViewPtr = std::shared_ptr<const ViewEntry>;
using SchemaPtr = std::shared_ptr<const SchemaEntry>;
// What a name in FROM may mean, as far as the catalog stores it.
using RelationPtr = std::variant<std::monostate, TablePtr, ViewPtr>;

}  // namespace vesto::catalog
