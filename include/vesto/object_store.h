#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/status.h"

namespace vesto {

// One object of a store, as List returns it.
struct ObjectInfo {
  std::string key;     // relative to the store, '/'-separated
  uint64_t bytes = 0;  // its size
};

// An object that is open for reading at any place.
// Thread-safety: every function may be called from several threads at once.
class ObjectReader {
 public:
  virtual ~ObjectReader() = default;

  // The object's size when it was opened.
  virtual uint64_t size() const = 0;
  // Copies up to `length` bytes from `offset` to `buffer` and returns how many. Fewer than `length`
  // means that the object ends there; 0 at or after its end.
  virtual StatusOr<size_t> ReadAt(uint64_t offset, void* buffer, size_t length) const = 0;
};

// An object that is being written from front to back. Nobody sees it before Close succeeds, and
// then it replaces an object of the same key as a whole.
// Thread-safety: one thread at a time.
class ObjectWriter {
 public:
  // Abandons the object unless it was closed.
  virtual ~ObjectWriter() = default;

  virtual Status Append(std::string_view data) = 0;
  // Publishes the object. Nothing may be appended afterwards; a second Close is an error.
  virtual Status Close() = 0;
  // Drops everything that was appended. Harmless after Close and when called twice.
  virtual void Abandon() = 0;
};

// Where COPY reads from and UNLOAD writes to: a flat space of named byte strings, like an S3
// bucket. A cluster knows stores by the URL prefix under which the application mounted them:
//
//   cluster->Mount("s3://landing", vesto::LocalDirectory("testdata/landing"));
//
// Applications may implement it for their own storage. Every implementation passes
// tests/support/object_store_conformance.h.
//
// Keys are relative and '/'-separated ("orders/2024/part-0.csv"). Implementations refuse, with
// SQLSTATE 22023, a key that is empty, absolute, longer than 1024 bytes, that holds a NUL byte, or
// that has an empty, "." or ".." segment; ValidateObjectKey does so. A missing object is 58P01, a
// failing device 58030, a full one 53100.
// Thread-safety: thread-safe; the threads that run a COPY call it at the same time.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // All objects whose key starts with `prefix` (any characters, not whole segments only), sorted by
  // key in byte order. No object is an empty list, not an error. "" lists everything.
  virtual StatusOr<std::vector<ObjectInfo>> List(std::string_view prefix) = 0;
  virtual StatusOr<std::unique_ptr<ObjectReader>> OpenRead(std::string_view key) = 0;
  // The writer must not outlive the store.
  virtual StatusOr<std::unique_ptr<ObjectWriter>> OpenWrite(std::string_view key) = 0;
  // Removing what does not exist succeeds, as in S3.
  virtual Status Remove(std::string_view key) = 0;
  virtual StatusOr<bool> Exists(std::string_view key) = 0;
};

// OK when `key` names an object by the rules above; 22023 otherwise.
Status ValidateObjectKey(std::string_view key);
// The same for the argument of List: it may be empty and may end in '/' or inside a segment.
Status ValidateObjectPrefix(std::string_view prefix);

// A folder of the local file system as a store; every regular file under it is an object.
//
// Nothing outside the folder can be reached: symbolic links that lead out of it are refused
// (42501), and so are devices, pipes and sockets (22023). Folders are made when an object is
// written. A folder that does not exist is an empty store. A relative `path` is taken from the
// working folder at the time of the call. Files appear whole, by rename, and are synced before.
std::shared_ptr<ObjectStore> LocalDirectory(std::string path);

}  // namespace vesto
