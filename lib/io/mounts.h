#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/mutex.h"
#include "vesto/object_store.h"

namespace vesto::io {

// Where a URL leads: a store, and the key (or key prefix) inside it.
struct ObjectLocation {
  std::shared_ptr<ObjectStore> store;
  std::string key;
  std::string url_prefix;  // url_prefix + a key of the store is that object's URL
};

// Which plain paths and file:// URLs SQL may name. By default none: whoever may run COPY must not
// be able to read the files of the host. Source: reliability.md §7.
struct LocalPathOptions {
  // Folders; anything under them may be named.
  std::vector<std::string> roots;
  // The shell, where the user who types the SQL owns the files. Relative paths are taken from the
  // working folder.
  bool allow_all = false;
};

// The stores of one cluster by URL prefix. The longest mounted prefix wins; it matches whole
// segments: s3://landing does not serve s3://landing-zone/x.
// Thread-safety: thread-safe.
class MountTable {
 public:
  explicit MountTable(LocalPathOptions local = {});

  // Serves `url_prefix` ("s3://bucket", "s3://bucket/folder/") from `store`, replacing an earlier
  // mount of the same prefix. 22023 when it is no URL.
  absl::Status Mount(std::string_view url_prefix, std::shared_ptr<ObjectStore> store);
  // 42704 when it is not mounted.
  absl::Status Unmount(std::string_view url_prefix);
  // The mounted prefixes, sorted, each without a slash at its end.
  std::vector<std::string> Prefixes() const;

  // Finds the store of a URL or a local path. The key may be empty or a prefix; the store checks it
  // when it is used. Errors: XX000 for a bucket that nobody mounted (the state that loaders expect
  // of a failed COPY), 42501 for a local path that is not allowed; the hint says what to do.
  absl::StatusOr<ObjectLocation> Resolve(std::string_view url) const;

 private:
  struct Entry {
    std::string prefix;  // without a slash at its end
    std::shared_ptr<ObjectStore> store;
  };

  absl::StatusOr<ObjectLocation> ResolveLocal(std::string_view path) const;

  const LocalPathOptions local_;
  mutable base::Mutex mutex_;
  std::vector<Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

// What COPY answers when nothing lies under its source (redshift/errors.md §2, code 8001).
absl::Status PrefixDoesNotExist(std::string_view url);

}  // namespace vesto::io
