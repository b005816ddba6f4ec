#include "cluster/cluster_impl.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/container/flat_hash_map.h"
#include "base/status_bridge.h"
#include "cluster/guarded.h"
#include "cluster/session_functions.h"
#include "cluster/session_impl.h"
#include "security/access.h"
#include "security/primitives.h"
#include "sysview/system_views.h"

namespace vesto::cluster {
namespace {

class SystemClock : public Clock {
 public:
  int64_t NowMicros() override {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

int NumWorkers(const ClusterOptions& options) {
  const int threads = options.worker_threads > 0
                          ? options.worker_threads
                          : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return threads - 1;  // the session's thread is one of them
}

ClusterOptions WithoutPassword(ClusterOptions options) {
  security::Wipe(&options.superuser_password);
  return options;
}

// Rights that PUBLIC has from the beginning. Source: redshift/statements.md G.
void GrantToPublic(security::Target target, catalog::Oid object, catalog::Privileges privileges,
                   catalog::Changes* changes) {
  auto list = std::make_shared<catalog::AccessList>();
  list->target = target;
  list->object = object;
  list->grants.push_back({catalog::Grantee{catalog::Grantee::Kind::kPublic, 0},
                          catalog::kSuperuserId, "", privileges, 0});
  changes->PutAccessList(std::move(list));
}

void CreateSystemEntries(const ClusterOptions& options, catalog::PasswordVerifiers password,
                         catalog::Catalog* catalog) {
  auto changes = catalog->NewChanges();
  const auto add_schema = [&](catalog::Oid oid, const char* name) {
    auto schema = std::make_shared<catalog::SchemaEntry>();
    schema->oid = oid;
    schema->name = name;
    changes->PutSchema(std::move(schema));
  };
  add_schema(catalog::kPgCatalogSchemaOid, "pg_catalog");
  add_schema(catalog::kInformationSchemaOid, "information_schema");
  add_schema(catalog::kPublicSchemaOid, "public");
  auto database = std::make_shared<catalog::DatabaseEntry>();
  database->oid = catalog->NextOid();
  database->name = options.database;
  GrantToPublic(security::Target::kDatabase, database->oid, catalog::kTemporary, changes.get());
  changes->PutDatabase(std::move(database));
  GrantToPublic(security::Target::kSchema, catalog::kPublicSchemaOid,
                catalog::kCreate | catalog::kUsage, changes.get());
  for (const catalog::LanguageEntry& language : catalog::kLanguages) {
    const std::string_view name = language.name;
    if (name != "sql" && name != "plpgsql") continue;
    GrantToPublic(security::Target::kLanguage, language.oid, catalog::kUsage, changes.get());
  }
  const auto add_user = [&](int32_t id, const std::string& name,
                            catalog::PasswordVerifiers verifiers) {
    auto user = std::make_shared<catalog::UserEntry>();
    user->id = id;
    user->name = name;
    user->superuser = true;
    user->create_db = true;
    user->password = std::move(verifiers);
    changes->PutUser(std::move(user));
  };
  add_user(1, "rdsdb", {});
  add_user(catalog::kSuperuserId, options.superuser, std::move(password));
  // Nobody else has seen the catalog yet: the commit cannot conflict.
  VESTO_CHECK(catalog->Commit(*changes).ok());
}

}  // namespace

ClusterImpl::ClusterImpl(ClusterOptions options_in, catalog::PasswordVerifiers password)
    : options(WithoutPassword(std::move(options_in))),
      topology{options.compute_nodes, options.slices_per_node},
      clock(options.clock != nullptr ? options.clock : std::make_shared<SystemClock>()),
      memory("the cluster", options.memory_per_node_bytes * options.compute_nodes),
      mounts(io::LocalPathOptions{options.local_roots, options.allow_all_local_paths}),
      functions(AllFunctions()),
      workers(NumWorkers(options)) {
  for (int slice = 0; slice < topology.num_slices(); ++slice) {
    stores_.push_back(std::make_unique<storage::ShardStore>(&memory));
    transactions.AddParticipant(stores_.back().get());
  }
  CreateSystemEntries(options, std::move(password), &catalog);
}

ClusterImpl::~ClusterImpl() = default;

std::string_view ClusterImpl::mock_key() {
  std::call_once(mock_key_once_, [this] { mock_key_ = security::RandomBytes(32); });
  return mock_key_;
}

const sysview::SystemViews& ClusterImpl::sources() {
  std::call_once(sources_once_, [this] { sources_ = std::make_unique<sysview::SystemViews>(); });
  return *sources_;
}

int128_t ClusterImpl::NextIdentity(const catalog::ColumnEntry& column, int64_t count) {
  base::MutexLock lock(identity_mutex_);
  auto [it, added] = identities_.try_emplace(column.identity_sequence, column.identity_seed);
  const int128_t first = it->second;
  it->second += static_cast<int128_t>(count) * column.identity_step;
  return first;
}

std::optional<std::pair<int128_t, int128_t>> ClusterImpl::Bounds(
    const catalog::TableEntry& table, int column) const {
  std::optional<std::pair<int128_t, int128_t>> bounds;
  for (int slice = 0; slice < NumShards(table); ++slice) {
    auto shard = stores_[slice]->Find(table.oid);
    if (shard == nullptr) return std::nullopt;
    const auto of_shard = shard->Bounds();
    if (column >= static_cast<int>(of_shard.size()) || !of_shard[column].known) return std::nullopt;
    if (!of_shard[column].any) continue;
    if (!bounds.has_value()) {
      bounds = {of_shard[column].min, of_shard[column].max};
    } else {
      bounds->first = std::min(bounds->first, of_shard[column].min);
      bounds->second = std::max(bounds->second, of_shard[column].max);
    }
  }
  if (!bounds.has_value()) bounds = {0, 0};
  return bounds;
}

uint64_t ClusterImpl::DataVersion(const catalog::TableEntry& table) const {
  uint64_t version = 0;
  for (int slice = 0; slice < NumShards(table); ++slice) {
    const auto shard = stores_[slice]->Find(table.oid);
    if (shard != nullptr) version += shard->version()->number;
  }
  return version;
}

std::shared_ptr<const optimizer::TableStats> ClusterImpl::Statistics(
    const catalog::TableEntry& table) const {
  std::vector<std::shared_ptr<storage::TableShard>> shards;
  uint64_t version = 0;
  for (int slice = 0; slice < NumShards(table); ++slice) {
    auto shard = stores_[slice]->Find(table.oid);
    if (shard == nullptr) continue;
    version += shard->version()->number;
    shards.push_back(std::move(shard));
  }
  {
    base::MutexLock lock(stats_mutex_);
    if (auto it = stats_.find(table.oid); it != stats_.end() && it->second.version == version) {
      return it->second.stats;
    }
  }
  // Planning looks at everything that is committed or in flight: a guess needs no snapshot.
  txn::Snapshot everything;
  everything.next = UINT64_MAX;
  optimizer::TableStats stats;
  stats.columns.resize(table.columns.size());
  std::vector<column::DistinctSketch> distinct(table.columns.size());
  std::vector<int64_t> nulls(table.columns.size(), 0), bytes(table.columns.size(), 0);
  for (const auto& shard : shards) {
    const storage::ShardStatistics part = shard->Statistics(everything);
    stats.rows += static_cast<double>(part.rows);
    for (size_t i = 0; i < part.columns.size() && i < stats.columns.size(); ++i) {
      const storage::ColumnStatistics& column = part.columns[i];
      nulls[i] += column.null_count;
      bytes[i] += column.bytes;
      distinct[i].Merge(column.distinct);
      optimizer::ColumnStats& merged = stats.columns[i];
      if (!column.bounds.known || !column.bounds.any) continue;
      if (!merged.has_bounds) {
        merged.has_bounds = true;
        merged.min = column.bounds.min;
        merged.max = column.bounds.max;
      } else {
        merged.min = std::min(merged.min, column.bounds.min);
        merged.max = std::max(merged.max, column.bounds.max);
      }
    }
  }
  for (size_t i = 0; i < stats.columns.size(); ++i) {
    stats.columns[i].distinct = distinct[i].Estimate();
    if (stats.rows > 0) {
      stats.columns[i].null_fraction = static_cast<double>(nulls[i]) / stats.rows;
      stats.columns[i].average_width = std::max(1.0, static_cast<double>(bytes[i]) / stats.rows);
    }
  }
  auto shared = std::make_shared<const optimizer::TableStats>(std::move(stats));
  base::MutexLock lock(stats_mutex_);
  stats_[table.oid] = {version, shared};
  return shared;
}

}  // namespace vesto::cluster

namespace vesto {
namespace {

constexpr int64_t kMemoryBytesMin = 1 << 20;

}  // namespace

StatusOr<std::unique_ptr<Cluster>> Cluster::Open(ClusterOptions options) {
  if (!options.directory.empty()) {
    return Status(SqlState::kFeatureNotSupported,
                  "durable storage (ClusterOptions::directory) is not supported");
  }
  if (options.compute_nodes < 1 || options.compute_nodes > 128 || options.slices_per_node < 1 ||
      options.slices_per_node > 64) {
    return Status(SqlState::kInvalidParameterValue,
                  "a cluster has 1 to 128 compute nodes of 1 to 64 slices");
  }
  if (options.worker_threads < 0 || options.worker_threads > 1024 ||
      options.memory_per_node_bytes < 0 ||
      (options.memory_per_node_bytes > 0 && options.memory_per_node_bytes < kMemoryBytesMin)) {
    return Status(SqlState::kInvalidParameterValue,
                  "worker_threads is 0 to 1024, memory_per_node_bytes at least 1 MiB, or 0");
  }
  if (options.database.empty() || options.superuser.empty()) {
    return Status(SqlState::kInvalidParameterValue,
                  "a cluster's database and superuser have names");
  }
  return cluster::Guarded([&]() -> StatusOr<std::unique_ptr<Cluster>> {
    catalog::PasswordVerifiers password;
    if (!options.superuser_password.empty()) {
      auto verifiers = security::VerifiersOf(options.superuser_password, options.superuser,
                                             {.allow_md5 = options.allow_md5_passwords});
      if (!verifiers.ok()) return ToPublic(verifiers.status());
      password = *std::move(verifiers);
    }
    return std::unique_ptr<Cluster>(new Cluster(
        std::make_shared<cluster::ClusterImpl>(std::move(options), std::move(password))));
  });
}

Cluster::Cluster(std::shared_ptr<cluster::ClusterImpl> impl) : impl_(std::move(impl)) {}
Cluster::~Cluster() {
  for (const auto& session : impl_->sessions.All()) session->Terminate();
}

StatusOr<Session> Cluster::Connect(ConnectOptions options) {
  return cluster::Guarded([&]() -> StatusOr<Session> {
    auto session = cluster::SessionImpl::Open(
        *impl_, {.user = std::move(options.user), .database = std::move(options.database)});
    if (!session.ok()) return ToPublic(session.status());
    return Session(*std::move(session));
  });
}

void Cluster::Cancel(int32_t pid, int32_t cancel_key) {
  const auto session = impl_->sessions.Find(pid);
  if (session != nullptr && session->cancel_key == cancel_key) session->Cancel();
}

Status Cluster::Mount(std::string_view url_prefix, std::shared_ptr<ObjectStore> store) {
  return ToPublic(impl_->mounts.Mount(url_prefix, std::move(store)));
}

const ClusterOptions& Cluster::options() const { return impl_->options; }

std::string_view Version() { return "0.1.0"; }

}  // namespace vesto
