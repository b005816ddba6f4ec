#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"
#include "io/file_system.h"
#include "vesto/sqlstate.h"

namespace vesto::test {

// A file system in memory that fails on demand and forgets what was not synced.
//
// Two states are kept: what programs see, and what a power cut would leave. WriteAt and Truncate
// change the first; File::Sync copies a file's bytes to the second; SyncDirectory does so for the
// names in a folder. Paths are plain text ("/db/log"); there are no links. Folders exist once
// created and are durable at once.
// Thread-safety: thread-safe.
class MemoryFileSystem : public io::FileSystem {
 public:
  MemoryFileSystem();

  absl::StatusOr<std::unique_ptr<io::File>> Open(const std::string& path,
                                                 io::OpenMode mode) override;
  absl::StatusOr<io::FileInfo> Stat(const std::string& path) override;
  absl::StatusOr<std::vector<io::DirectoryEntry>> List(const std::string& directory) override;
  absl::Status CreateDirectories(const std::string& directory) override;
  absl::Status Rename(const std::string& from, const std::string& to) override;
  absl::Status Remove(const std::string& path) override;
  absl::Status SyncDirectory(const std::string& directory) override;
  absl::StatusOr<std::unique_ptr<io::FileLock>> Lock(const std::string& path) override;
  absl::StatusOr<std::string> Canonical(const std::string& path) override;

  // Operations (everything that may fail on a real system) since the start.
  int64_t num_operations() const;
  // The operation after `successes` more fails with `state`; a failing write does half of its work
  // first. Later ones succeed again unless `for_ever`.
  void FailAfter(int64_t successes, SqlState state = SqlState::kIoError, bool for_ever = false);
  void StopFailing();
  // Writes beyond this many bytes in all files are 53100.
  void SetCapacity(uint64_t bytes);

  // Keeps only what was synced, plus of each file's last unsynced write a random part that ends at
  // a multiple of 512 bytes. Locks fall; open files keep working on what was lost.
  void CutPower(uint64_t seed);
  // Flips a bit of a stored file, durable state included. False when there is no such byte.
  bool FlipBit(const std::string& path, uint64_t bit);
  // The bytes of a file as programs see them; "" when there is none.
  std::string Contents(const std::string& path) const;

 private:
  friend class MemoryFile;
  friend class MemoryFileLock;

  struct Node {
    std::string bytes;
    std::string synced;
  };
  struct State {
    mutable base::Mutex mutex;
    std::map<std::string, std::shared_ptr<Node>> files ABSL_GUARDED_BY(mutex);
    std::map<std::string, std::shared_ptr<Node>> synced_files ABSL_GUARDED_BY(mutex);
    std::set<std::string> folders ABSL_GUARDED_BY(mutex);
    std::set<std::string> locks ABSL_GUARDED_BY(mutex);
    int64_t operations ABSL_GUARDED_BY(mutex) = 0;
    int64_t fail_at ABSL_GUARDED_BY(mutex) = -1;
    bool fail_for_ever ABSL_GUARDED_BY(mutex) = false;
    SqlState fail_state ABSL_GUARDED_BY(mutex) = SqlState::kIoError;
    uint64_t capacity ABSL_GUARDED_BY(mutex) = UINT64_MAX;

    absl::Status Count(const char* action, const std::string& path)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
    uint64_t BytesUsed() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex);
  };
  std::shared_ptr<State> state_;
};

}  // namespace vesto::test
