#pragma once

#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"
#include "vesto/object_store.h"

namespace vesto::test {

// An object store in memory: the fake for tests of whoever reads or writes objects.
// Thread-safety: thread-safe.
class MemoryObjectStore : public ObjectStore {
 public:
  MemoryObjectStore();

  StatusOr<std::vector<ObjectInfo>> List(std::string_view prefix) override;
  StatusOr<std::unique_ptr<ObjectReader>> OpenRead(std::string_view key) override;
  StatusOr<std::unique_ptr<ObjectWriter>> OpenWrite(std::string_view key) override;
  Status Remove(std::string_view key) override;
  StatusOr<bool> Exists(std::string_view key) override;

  // Shortcuts for tests: no checks of the key.
  void Put(std::string key, std::string contents);
  // "" when there is no such object.
  std::string Get(std::string_view key) const;

 private:
  friend class MemoryObjectWriter;
  // Shared with writers, and objects with readers, which therefore survive a replacement.
  struct Objects {
    mutable base::Mutex mutex;
    std::map<std::string, std::shared_ptr<const std::string>, std::less<>> by_key
        ABSL_GUARDED_BY(mutex);
  };
  std::shared_ptr<Objects> objects_;
};

}  // namespace vesto::test
