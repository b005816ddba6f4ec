#include "catalog/catalog.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "base/string_map.h"

namespace vesto::catalog {
namespace {

// A change of one object: the new version, or null for a drop.
template <typename Key, typename Ptr>
using Overlay = std::map<Key, Ptr>;

// The committed definitions. Immutable; a commit makes a changed copy. Copying shares the entries,
// so it costs a few pointers per object.
struct State {
  std::map<Oid, SchemaPtr> schemas;
  std::map<Oid, TablePtr> tables;
  std::map<Oid, ViewPtr> views;
  std::map<Oid, DatabasePtr> databases;
  std::map<int32_t, UserPtr> users;
  std::map<int32_t, GroupPtr> groups;
  std::map<Oid, AccessListPtr> access_lists;
  std::map<Oid, DefaultAccessListPtr> default_access_lists;
  // For lookups: name -> oid, (schema, name) -> oid.
  StringMap<Oid> schema_names;
  absl::flat_hash_map<std::pair<Oid, std::string>, Oid> relations;
  uint64_t version = 1;
};

}  // namespace

int TableEntry::FindColumn(std::string_view column) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == column) return static_cast<int>(i);
  }
  return -1;
}

bool TableEntry::IsUniqueKey(const std::vector<int>& of) const {
  for (const ConstraintEntry& constraint : constraints) {
    if (constraint.kind == ConstraintEntry::Kind::kForeignKey) continue;
    const bool covered = std::all_of(
        constraint.columns.begin(), constraint.columns.end(),
        [&](int column) { return std::find(of.begin(), of.end(), column) != of.end(); });
    if (covered && !constraint.columns.empty()) return true;
  }
  return false;
}

struct ChangesImpl : Changes {
  void PutTable(TablePtr table) override { tables[table->oid] = std::move(table); }
  void PutView(ViewPtr view) override { views[view->oid] = std::move(view); }
  void DropRelation(Oid oid) override {
    tables[oid] = nullptr;
    views[oid] = nullptr;
  }
  void PutSchema(SchemaPtr schema) override { schemas[schema->oid] = std::move(schema); }
  void DropSchema(Oid oid) override { schemas[oid] = nullptr; }
  void PutDatabase(DatabasePtr database) override { databases[database->oid] = std::move(database); }
  void DropDatabase(Oid oid) override { databases[oid] = nullptr; }
  void PutUser(UserPtr user) override { users[user->id] = std::move(user); }
  void DropUser(int32_t id) override { users[id] = nullptr; }
  void PutGroup(GroupPtr group) override { groups[group->id] = std::move(group); }
  void DropGroup(int32_t id) override { groups[id] = nullptr; }
  void PutAccessList(AccessListPtr list) override { access_lists[list->object] = std::move(list); }
  void DropAccessList(Oid object) override { access_lists[object] = nullptr; }
  void PutDefaultAccessList(DefaultAccessListPtr list) override {
    default_access_lists[list->oid] = std::move(list);
  }
  void DropDefaultAccessList(Oid oid) override { default_access_lists[oid] = nullptr; }
  bool empty() const override {
    return tables.empty() && views.empty() && schemas.empty() && databases.empty() &&
           users.empty() && groups.empty() && access_lists.empty() && default_access_lists.empty();
  }

  // The committed state when the transaction made its first change: what conflicts are judged by.
  std::shared_ptr<const State> base;
  Overlay<Oid, TablePtr> tables;
  Overlay<Oid, ViewPtr> views;
  Overlay<Oid, SchemaPtr> schemas;
  Overlay<Oid, DatabasePtr> databases;
  Overlay<int32_t, UserPtr> users;
  Overlay<int32_t, GroupPtr> groups;
  Overlay<Oid, AccessListPtr> access_lists;
  Overlay<Oid, DefaultAccessListPtr> default_access_lists;
};

namespace {

template <typename Key, typename Ptr>
Ptr Lookup(const std::map<Key, Ptr>& committed, const Overlay<Key, Ptr>* overlay, Key key) {
  if (overlay != nullptr) {
    if (auto it = overlay->find(key); it != overlay->end()) return it->second;
  }
  auto it = committed.find(key);
  return it == committed.end() ? nullptr : it->second;
}

template <typename Key, typename Ptr>
std::vector<Ptr> List(const std::map<Key, Ptr>& committed, const Overlay<Key, Ptr>* overlay) {
  std::vector<Ptr> result;
  for (const auto& [key, entry] : committed) {
    if (overlay == nullptr || !overlay->contains(key)) result.push_back(entry);
  }
  if (overlay != nullptr) {
    for (const auto& [key, entry] : *overlay) {
      if (entry != nullptr) result.push_back(entry);
    }
  }
  return result;
}

// A statement's view. The overlay is the transaction's own and does not change while the statement
// reads it; its entries are copied so that a snapshot may outlive the transaction.
class SnapshotImpl : public CatalogSnapshot {
 public:
  SnapshotImpl(std::shared_ptr<const State> state, const ChangesImpl* changes)
      : state_(std::move(state)) {
    if (changes != nullptr && !changes->empty()) overlay_ = *changes;
  }

  SchemaPtr FindSchema(std::string_view name) const override {
    if (overlay_.has_value()) {
      for (const auto& [oid, schema] : overlay_->schemas) {
        if (schema != nullptr && schema->name == name) return schema;
      }
    }
    const auto it = state_->schema_names.find(name);
    if (it == state_->schema_names.end()) return nullptr;
    // Renamed or dropped by this transaction?
    SchemaPtr schema = FindSchema(it->second);
    return schema != nullptr && schema->name == name ? schema : nullptr;
  }
  SchemaPtr FindSchema(Oid oid) const override {
    return Lookup(state_->schemas, overlay_ ? &overlay_->schemas : nullptr, oid);
  }
  RelationPtr FindRelation(Oid schema, std::string_view name) const override {
    if (overlay_.has_value()) {
      for (const auto& [oid, table] : overlay_->tables) {
        if (table != nullptr && table->schema == schema && table->name == name) return table;
      }
      for (const auto& [oid, view] : overlay_->views) {
        if (view != nullptr && view->schema == schema && view->name == name) return view;
      }
    }
    const auto it = state_->relations.find(std::pair(schema, std::string(name)));
    if (it == state_->relations.end()) return {};
    // Renamed or dropped by this transaction?
    if (TablePtr table = FindTable(it->second); table != nullptr) {
      if (table->schema == schema && table->name == name) return table;
      return {};
    }
    if (ViewPtr view = FindView(it->second); view != nullptr) {
      if (view->schema == schema && view->name == name) return view;
    }
    return {};
  }
  TablePtr FindTable(Oid oid) const override {
    return Lookup(state_->tables, overlay_ ? &overlay_->tables : nullptr, oid);
  }
  ViewPtr FindView(Oid oid) const override {
    return Lookup(state_->views, overlay_ ? &overlay_->views : nullptr, oid);
  }
  std::vector<SchemaPtr> schemas() const override {
    return List(state_->schemas, overlay_ ? &overlay_->schemas : nullptr);
  }
  std::vector<TablePtr> tables() const override {
    return List(state_->tables, overlay_ ? &overlay_->tables : nullptr);
  }
  std::vector<ViewPtr> views() const override {
    return List(state_->views, overlay_ ? &overlay_->views : nullptr);
  }
  std::vector<DatabasePtr> databases() const override {
    return List(state_->databases, overlay_ ? &overlay_->databases : nullptr);
  }
  std::vector<UserPtr> users() const override {
    return List(state_->users, overlay_ ? &overlay_->users : nullptr);
  }
  std::vector<GroupPtr> groups() const override {
    return List(state_->groups, overlay_ ? &overlay_->groups : nullptr);
  }
  UserPtr FindUser(int32_t id) const override {
    return Lookup(state_->users, overlay_ ? &overlay_->users : nullptr, id);
  }
  UserPtr FindUser(std::string_view name) const override {
    for (const UserPtr& user : users()) {
      if (user->name == name) return user;
    }
    return nullptr;
  }
  DatabasePtr FindDatabase(std::string_view name) const override {
    for (const DatabasePtr& database : databases()) {
      if (database->name == name) return database;
    }
    return nullptr;
  }
  AccessListPtr FindAccessList(Oid object) const override {
    return Lookup(state_->access_lists, overlay_ ? &overlay_->access_lists : nullptr, object);
  }
  std::vector<AccessListPtr> access_lists() const override {
    return List(state_->access_lists, overlay_ ? &overlay_->access_lists : nullptr);
  }
  std::vector<DefaultAccessListPtr> default_access_lists() const override {
    return List(state_->default_access_lists,
                overlay_ ? &overlay_->default_access_lists : nullptr);
  }
  uint64_t version() const override { return state_->version; }

 private:
  const std::shared_ptr<const State> state_;
  std::optional<ChangesImpl> overlay_;
};

absl::Status Conflict() {
  return SqlError(SqlState::kInternalError,
                  "could not complete because of conflict with concurrent transaction")
      .Hint("Another transaction changed the same definition. Run the transaction again.");
}

// Applies one kind of change, refusing objects that somebody else changed since `base`.
template <typename Key, typename Ptr>
absl::Status Apply(const std::map<Key, Ptr>& base, const Overlay<Key, Ptr>& overlay,
                   std::map<Key, Ptr>* current) {
  for (const auto& [key, entry] : overlay) {
    const auto then = base.find(key);
    const auto now = current->find(key);
    const Ptr before = then == base.end() ? nullptr : then->second;
    const Ptr after = now == current->end() ? nullptr : now->second;
    if (before != after) return Conflict();
    if (entry == nullptr) {
      current->erase(key);
    } else {
      (*current)[key] = entry;
    }
  }
  return absl::OkStatus();
}

// Two transactions may each have made an object of one name.
template <typename Key, typename Ptr>
absl::Status CheckNames(const std::map<Key, Ptr>& entries) {
  absl::flat_hash_set<std::string_view> names;
  for (const auto& [key, entry] : entries) {
    if (!names.insert(entry->name).second) return Conflict();
  }
  return absl::OkStatus();
}

}  // namespace

struct Catalog::Impl {
  void Set(std::shared_ptr<const State> next) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex) {
    snapshot = std::make_shared<SnapshotImpl>(next, nullptr);
    state = std::move(next);
  }

  mutable base::Mutex mutex;
  std::shared_ptr<const State> state ABSL_GUARDED_BY(mutex);
  std::shared_ptr<const CatalogSnapshot> snapshot ABSL_GUARDED_BY(mutex);  // of `state`
  std::atomic<Oid> next_oid{kFirstUserOid};
  std::atomic<int32_t> next_user_id{kSuperuserId + 1};
  std::atomic<int32_t> next_group_id{100};
};

Catalog::Catalog() : impl_(std::make_unique<Impl>()) {
  base::MutexLock lock(impl_->mutex);
  impl_->Set(std::make_shared<const State>());
}

Catalog::~Catalog() = default;

std::shared_ptr<const CatalogSnapshot> Catalog::Snapshot(const Changes* changes) const {
  std::shared_ptr<const State> state;
  {
    base::MutexLock lock(impl_->mutex);
    if (changes == nullptr) return impl_->snapshot;
    state = impl_->state;
  }
  return std::make_shared<SnapshotImpl>(std::move(state),
                                        static_cast<const ChangesImpl*>(changes));
}

std::unique_ptr<Changes> Catalog::NewChanges() const {
  auto changes = std::make_unique<ChangesImpl>();
  base::MutexLock lock(impl_->mutex);
  changes->base = impl_->state;
  return changes;
}

absl::Status Catalog::Commit(Changes& changes_in) {
  auto& changes = static_cast<ChangesImpl&>(changes_in);
  if (changes.empty()) return absl::OkStatus();
  base::MutexLock lock(impl_->mutex);
  auto next = std::make_shared<State>(*impl_->state);
  const State& base = *changes.base;
  VESTO_RETURN_IF_ERROR(Apply(base.schemas, changes.schemas, &next->schemas));
  VESTO_RETURN_IF_ERROR(Apply(base.tables, changes.tables, &next->tables));
  VESTO_RETURN_IF_ERROR(Apply(base.views, changes.views, &next->views));
  VESTO_RETURN_IF_ERROR(Apply(base.databases, changes.databases, &next->databases));
  VESTO_RETURN_IF_ERROR(Apply(base.users, changes.users, &next->users));
  VESTO_RETURN_IF_ERROR(Apply(base.groups, changes.groups, &next->groups));
  VESTO_RETURN_IF_ERROR(Apply(base.access_lists, changes.access_lists, &next->access_lists));
  VESTO_RETURN_IF_ERROR(Apply(base.default_access_lists, changes.default_access_lists,
                              &next->default_access_lists));
  if (!changes.users.empty()) VESTO_RETURN_IF_ERROR(CheckNames(next->users));
  if (!changes.groups.empty()) VESTO_RETURN_IF_ERROR(CheckNames(next->groups));
  if (!changes.schemas.empty()) VESTO_RETURN_IF_ERROR(CheckNames(next->schemas));
  if (!changes.databases.empty()) VESTO_RETURN_IF_ERROR(CheckNames(next->databases));
  // Rebuilt rather than patched: definitions are few and change seldom.
  next->schema_names.clear();
  for (const auto& [oid, schema] : next->schemas) next->schema_names.emplace(schema->name, oid);
  next->relations.clear();
  for (const auto& [oid, table] : next->tables) {
    if (!next->relations.emplace(std::pair(table->schema, table->name), oid).second) {
      return Conflict();
    }
  }
  for (const auto& [oid, view] : next->views) {
    if (!next->relations.emplace(std::pair(view->schema, view->name), oid).second) {
      return Conflict();
    }
  }
  ++next->version;
  impl_->Set(std::move(next));
  return absl::OkStatus();
}

Oid Catalog::NextOid() { return impl_->next_oid.fetch_add(1, std::memory_order_relaxed); }
int32_t Catalog::NextUserId() {
  return impl_->next_user_id.fetch_add(1, std::memory_order_relaxed);
}
int32_t Catalog::NextGroupId() {
  return impl_->next_group_id.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace vesto::catalog
