#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/clock.h"
#include "vesto/login.h"
#include "vesto/object_store.h"
#include "vesto/session.h"
#include "vesto/status.h"

namespace vesto {

namespace cluster {
class ClusterImpl;
}  // namespace cluster

// Every member has an initialiser, so that designated ones may leave any out without a warning.
struct ClusterOptions {
  // Where the data lives. "" = in memory; a folder answers 0A000 until durable storage exists.
  std::string directory = "";
  int compute_nodes = 1;    // 1..128
  int slices_per_node = 2;  // 1..64
  // Threads that work on queries, the caller's included; 0 = one per core.
  int worker_threads = 0;
  // Budget of all statements and tables of a compute node, at least 1 MiB; 0 = no limit.
  int64_t memory_per_node_bytes = 0;
  // COPY and UNLOAD reach local files only under these folders (and what Mount names).
  std::vector<std::string> local_roots = {};
  // Any path that this process may read or write: for a user's own shell.
  bool allow_all_local_paths = false;
  std::string database = "dev";
  std::string superuser = "awsuser";
  // What the superuser logs in with; "" = it has no password and logs in by kTrust alone. Any
  // text: the rules of CREATE USER do not apply. Kept as verifiers only.
  std::string superuser_password = "";
  // Keep MD5 verifiers of passwords too, for clients that know nothing better. They are weak: a
  // verifier that leaks is as good as the password.
  bool allow_md5_passwords = false;
  std::shared_ptr<Clock> clock = nullptr;  // null: the system's
};

struct ConnectOptions {
  std::string user = "";      // "" = the superuser
  std::string database = "";  // "" = the cluster's first
};

// Redshift in this process: a leader node, compute nodes and their slices. Destroying it ends every
// statement and session: those that are still held answer 57P01 from then on, and what is left of the
// cluster goes with the last of them. In memory, the data is forgotten.
// Many clusters may live in one process; they share nothing.
// Thread-safety: thread-safe.
class Cluster {
 public:
  // Starts no thread and reads no file (in memory): well under a millisecond.
  // Errors: 22023 for an impossible topology or a name that is empty, 0A000 for a directory.
  static StatusOr<std::unique_ptr<Cluster>> Open(ClusterOptions options = {});
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  // A session of this process's own: no password is asked for, but the user's rights count.
  // Errors: 42704 for an unknown user, 3D000 for an unknown database, 53300 at a connection limit.
  StatusOr<Session> Connect(ConnectOptions options = {});

  // The door for clients that come from outside: the login conversation, then its session.
  // Errors of BeginLogin: 28000 for an empty user name; of Connect: 55000 unless the login is done,
  // then as above.
  StatusOr<Login> BeginLogin(LoginRequest request);
  StatusOr<Session> Connect(Login login);

  // Ends the running statement of the session with that pid and Session::cancel_key(), as
  // PostgreSQL's CancelRequest does. Says nothing about whether there was one.
  void Cancel(int32_t pid, int32_t cancel_key);

  // Lets COPY and UNLOAD reach `store` under a URL prefix: Mount("s3://landing", LocalDirectory(...)).
  // A later mount of the same prefix replaces the former.
  Status Mount(std::string_view url_prefix, std::shared_ptr<ObjectStore> store);

  const ClusterOptions& options() const;  // superuser_password is blank

 private:
  explicit Cluster(std::shared_ptr<cluster::ClusterImpl> impl);
  std::shared_ptr<cluster::ClusterImpl> impl_;
};

// "1.0.0"
std::string_view Version();

}  // namespace vesto
