#include "support/memory_object_store.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace vesto::test {
namespace {

class MemoryObjectReader : public ObjectReader {
 public:
  explicit MemoryObjectReader(std::shared_ptr<const std::string> contents)
      : contents_(std::move(contents)) {}

  uint64_t size() const override { return contents_->size(); }
  StatusOr<size_t> ReadAt(uint64_t offset, void* buffer, size_t length) const override {
    if (offset >= contents_->size()) return size_t{0};
    length = std::min<size_t>(length, contents_->size() - offset);
    std::memcpy(buffer, contents_->data() + offset, length);
    return length;
  }

 private:
  const std::shared_ptr<const std::string> contents_;
};

}  // namespace

class MemoryObjectWriter : public ObjectWriter {
 public:
  MemoryObjectWriter(std::shared_ptr<MemoryObjectStore::Objects> objects, std::string key)
      : objects_(std::move(objects)), key_(std::move(key)) {}

  Status Append(std::string_view data) override {
    if (objects_ == nullptr) return Closed();
    contents_.append(data);
    return OkStatus();
  }
  Status Close() override {
    if (objects_ == nullptr) return Closed();
    {
      base::MutexLock lock(objects_->mutex);
      objects_->by_key[key_] = std::make_shared<const std::string>(std::move(contents_));
    }
    objects_.reset();
    return OkStatus();
  }
  void Abandon() override { objects_.reset(); }

 private:
  static Status Closed() {
    return Status(SqlState::kObjectNotInPrerequisiteState, "the object is closed");
  }

  std::shared_ptr<MemoryObjectStore::Objects> objects_;  // null once closed or abandoned
  const std::string key_;
  std::string contents_;
};

MemoryObjectStore::MemoryObjectStore() : objects_(std::make_shared<Objects>()) {}

StatusOr<std::vector<ObjectInfo>> MemoryObjectStore::List(std::string_view prefix) {
  if (Status status = ValidateObjectPrefix(prefix); !status.ok()) return status;
  std::vector<ObjectInfo> result;
  base::MutexLock lock(objects_->mutex);
  for (auto it = objects_->by_key.lower_bound(prefix); it != objects_->by_key.end(); ++it) {
    if (it->first.compare(0, prefix.size(), prefix) != 0) break;
    result.push_back({it->first, it->second->size()});
  }
  return result;
}

StatusOr<std::unique_ptr<ObjectReader>> MemoryObjectStore::OpenRead(std::string_view key) {
  if (Status status = ValidateObjectKey(key); !status.ok()) return status;
  base::MutexLock lock(objects_->mutex);
  const auto it = objects_->by_key.find(key);
  if (it == objects_->by_key.end()) {
    return Status(SqlState::kUndefinedFile, "object \"" + std::string(key) + "\" does not exist");
  }
  return std::unique_ptr<ObjectReader>(std::make_unique<MemoryObjectReader>(it->second));
}

StatusOr<std::unique_ptr<ObjectWriter>> MemoryObjectStore::OpenWrite(std::string_view key) {
  if (Status status = ValidateObjectKey(key); !status.ok()) return status;
  return std::unique_ptr<ObjectWriter>(
      std::make_unique<MemoryObjectWriter>(objects_, std::string(key)));
}

Status MemoryObjectStore::Remove(std::string_view key) {
  if (Status status = ValidateObjectKey(key); !status.ok()) return status;
  base::MutexLock lock(objects_->mutex);
  if (const auto it = objects_->by_key.find(key); it != objects_->by_key.end()) {
    objects_->by_key.erase(it);
  }
  return OkStatus();
}

StatusOr<bool> MemoryObjectStore::Exists(std::string_view key) {
  if (Status status = ValidateObjectKey(key); !status.ok()) return status;
  base::MutexLock lock(objects_->mutex);
  return objects_->by_key.contains(key);
}

void MemoryObjectStore::Put(std::string key, std::string contents) {
  base::MutexLock lock(objects_->mutex);
  objects_->by_key[std::move(key)] = std::make_shared<const std::string>(std::move(contents));
}

std::string MemoryObjectStore::Get(std::string_view key) const {
  base::MutexLock lock(objects_->mutex);
  const auto it = objects_->by_key.find(key);
  return it == objects_->by_key.end() ? "" : *it->second;
}

}  // namespace vesto::test
