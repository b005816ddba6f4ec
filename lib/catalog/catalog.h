#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "catalog/entries.h"

namespace vesto::catalog {

// The definitions that one statement sees: the committed ones at its start plus those of its own
// transaction. Catalog reads are read-committed, not snapshot reads (redshift/architecture.md §8).
// Thread-safety: immutable; shared by every part of a statement.
class CatalogSnapshot {
 public:
  virtual ~CatalogSnapshot() = default;

  virtual SchemaPtr FindSchema(std::string_view name) const = 0;
  virtual SchemaPtr FindSchema(Oid oid) const = 0;
  // A table or view by its schema and name; monostate when there is none.
  virtual RelationPtr FindRelation(Oid schema, std::string_view name) const = 0;
  virtual TablePtr FindTable(Oid oid) const = 0;
  virtual ViewPtr FindView(Oid oid) const = 0;

  virtual std::vector<SchemaPtr> schemas() const = 0;
  virtual std::vector<TablePtr> tables() const = 0;
  virtual std::vector<ViewPtr> views() const = 0;
  virtual std::vector<std::shared_ptr<const DatabaseEntry>> databases() const = 0;
  virtual std::vector<std::shared_ptr<const UserEntry>> users() const = 0;
  virtual std::vector<std::shared_ptr<const GroupEntry>> groups() const = 0;
  virtual UserPtr FindUser(int32_t id) const = 0;
  virtual UserPtr FindUser(std::string_view name) const = 0;
  virtual DatabasePtr FindDatabase(std::string_view name) const = 0;
  // Null: the object's owner alone has rights.
  virtual AccessListPtr FindAccessList(Oid object) const = 0;
  virtual std::vector<AccessListPtr> access_lists() const = 0;
  virtual std::vector<DefaultAccessListPtr> default_access_lists() const = 0;

  // Changes whenever a committed definition changes: part of the key of cached plans.
  virtual uint64_t version() const = 0;
};

// The versioned definitions of a cluster. A transaction's changes live in its own overlay
// (`Changes`), visible to itself alone, until Commit publishes them; an abort drops the overlay.
// Thread-safety: thread-safe. Changes is used by its session's thread alone.
class Changes;
class Catalog {
 public:
  Catalog();
  ~Catalog();

  // What a statement sees; `changes` (may be null) is its transaction's overlay.
  std::shared_ptr<const CatalogSnapshot> Snapshot(const Changes* changes) const;
  std::unique_ptr<Changes> NewChanges() const;
  // Publishes an overlay. Fails, publishing nothing, when another transaction has meanwhile
  // committed a change to the same object, or one of the same name: `could not complete because of
  // conflict with concurrent transaction`.
  absl::Status Commit(Changes& changes);

  // Oids and ids are never reused, not even those of aborted transactions: what was granted to a
  // dropped user must not fall to the next one.
  Oid NextOid();
  int32_t NextUserId();
  int32_t NextGroupId();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// One transaction's uncommitted definitions. Put replaces the entry with the same oid or id.
class Changes {
 public:
  virtual ~Changes() = default;
  virtual void PutTable(TablePtr table) = 0;
  virtual void PutView(ViewPtr view) = 0;
  virtual void DropRelation(Oid oid) = 0;
  virtual void PutSchema(SchemaPtr schema) = 0;
  virtual void DropSchema(Oid oid) = 0;
  virtual void PutDatabase(std::shared_ptr<const DatabaseEntry> database) = 0;
  virtual void DropDatabase(Oid oid) = 0;
  virtual void PutUser(std::shared_ptr<const UserEntry> user) = 0;
  virtual void DropUser(int32_t id) = 0;
  virtual void PutGroup(std::shared_ptr<const GroupEntry> group) = 0;
  virtual void DropGroup(int32_t id) = 0;
  virtual void PutAccessList(AccessListPtr list) = 0;
  virtual void DropAccessList(Oid object) = 0;
  virtual void PutDefaultAccessList(DefaultAccessListPtr list) = 0;
  virtual void DropDefaultAccessList(Oid oid) = 0;
  virtual bool empty() const = 0;
};

}  // namespace vesto::catalog
