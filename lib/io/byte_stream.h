#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "vesto/object_store.h"

// Bytes in order: what decompressors, character set converters and the readers of `format` pull
// from, and what writers push to.
namespace vesto::io {

// Thread-safety: one thread at a time.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // Reads up to `length` (> 0) bytes; 0 means the end, and stays so. May return fewer before it.
  virtual absl::StatusOr<size_t> Read(char* buffer, size_t length) = 0;
};

// Thread-safety: one thread at a time. Destroying an unfinished sink drops what it was given.
class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual absl::Status Append(std::string_view data) = 0;
  // Writes what is buffered, ends the format (checksums, footers) and closes the destination.
  virtual absl::Status Finish() = 0;
  // Bytes that reached the destination so far; compression buffers some.
  virtual uint64_t bytes_written() const = 0;
};

// Bytes [begin, end) of an object; `end` is cut at the object's size.
std::unique_ptr<ByteSource> ReadObject(std::shared_ptr<const ObjectReader> object,
                                       uint64_t begin = 0, uint64_t end = UINT64_MAX);
// An object that appears when the sink finishes.
std::unique_ptr<ByteSink> WriteObject(std::unique_ptr<ObjectWriter> object);

// Memory as a source, for tests and for COPY FROM STDIN buffers. `text` must outlive it.
std::unique_ptr<ByteSource> ReadMemory(std::string_view text);
// Appends to `*out`, which must outlive the sink.
std::unique_ptr<ByteSink> WriteMemory(std::string* out);

// Reads until `length` bytes or the end.
absl::StatusOr<size_t> ReadFully(ByteSource& source, char* buffer, size_t length);
// The rest of the source, at most `bytes_max` bytes (54000 beyond).
absl::StatusOr<std::string> ReadAll(ByteSource& source, size_t bytes_max);

}  // namespace vesto::io
