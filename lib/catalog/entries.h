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

// What proves a password, never the password itself. "" = none of that kind.
struct PasswordVerifiers {
  std::string scram;   // SCRAM-SHA-256$4096:<salt>$<stored key>:<server key>, as PostgreSQL writes it
  std::string digest;  // sha256|<hex of SHA-256(password || salt)>|<salt>
  std::string md5;     // md5<hex of MD5(password || user name)>
};

struct UserEntry {
  int32_t id = 0;
  std::string name;
  bool superuser = false, create_db = false;
  PasswordVerifiers password;                  // all empty: no login by password
  std::optional<int64_t> valid_until_micros;   // of the password, UTC; absent = for ever
  int connection_limit = -1;                   // -1 = unlimited
  int session_timeout_seconds = 0;             // 0 = the cluster's
  bool syslog_unrestricted = false;            // sees the queries of others
  std::string external_id;
  std::vector<std::pair<std::string, std::string>> parameters;  // ALTER USER ... SET, by name
};

struct GroupEntry {
  int32_t id = 0;
  std::string name;
  std::vector<int32_t> members;
};

// Privileges as a set of bits.
using Privileges = uint32_t;
inline constexpr Privileges kSelect = 1u << 0, kInsert = 1u << 1, kUpdate = 1u << 2,
                            kDelete = 1u << 3, kDrop = 1u << 4, kReferences = 1u << 5,
                            kAlter = 1u << 6, kTruncate = 1u << 7, kCreate = 1u << 8,
                            kUsage = 1u << 9, kTemporary = 1u << 10, kExecute = 1u << 11,
                            kRule = 1u << 12, kTrigger = 1u << 13;

// Who holds rights: everybody, a user, a group or, later, a role.
struct Grantee {
  enum class Kind : uint8_t { kUser, kGroup, kRole, kPublic };
  Kind kind = Kind::kUser;
  int32_t id = 0;
  bool operator==(const Grantee&) const = default;
};

// What one grantor gave one grantee on an object, or on one of its columns.
struct Grant {
  Grantee grantee;
  int32_t grantor = kSuperuserId;
  std::string column;  // "" = the whole object
  Privileges privileges = 0, grant_options = 0;
};

// The grants on one object. An object's owner holds everything without a grant, except what was
// revoked from the owner. No list: the owner's rights alone.
struct AccessList {
  enum class Target : uint8_t { kDatabase, kSchema, kRelation, kFunction, kProcedure, kLanguage };
  Target target = Target::kRelation;
  Oid object = 0;
  std::vector<Grant> grants;
  Privileges owner_lost = 0;
};
using AccessListPtr = std::shared_ptr<const AccessList>;

// ALTER DEFAULT PRIVILEGES: what is granted on objects of one kind that `user` will make.
struct DefaultAccessList {
  Oid oid = 0;
  int32_t user = kSuperuserId;
  Oid schema = 0;  // 0 = in every schema
  AccessList::Target target = AccessList::Target::kRelation;
  std::vector<Grant> grants;
};
using DefaultAccessListPtr = std::shared_ptr<const DefaultAccessList>;

// Languages have grants but no entries of their own.
struct LanguageEntry {
  Oid oid;
  const char* name;
};
inline constexpr LanguageEntry kLanguages[] = {
    {14, "sql"}, {15, "plpgsql"}, {16, "plpythonu"}, {17, "exfunc"}};

using TablePtr = std::shared_ptr<const TableEntry>;
using ViewPtr = std::shared_ptr<const ViewEntry>;
using SchemaPtr = std::shared_ptr<const SchemaEntry>;
using DatabasePtr = std::shared_ptr<const DatabaseEntry>;
using UserPtr = std::shared_ptr<const UserEntry>;
using GroupPtr = std::shared_ptr<const GroupEntry>;
// What a name in FROM may mean, as far as the catalog stores it.
using RelationPtr = std::variant<std::monostate, TablePtr, ViewPtr>;

}  // namespace vesto::catalog
