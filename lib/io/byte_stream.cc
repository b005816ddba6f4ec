#include "io/byte_stream.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"

namespace vesto::io {
namespace {

class ObjectSource : public ByteSource {
 public:
  ObjectSource(std::shared_ptr<const ObjectReader> object, uint64_t begin, uint64_t end)
      : object_(std::move(object)), position_(begin), end_(std::min(end, object_->size())) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t length) override {
    if (position_ >= end_) return size_t{0};
    length = static_cast<size_t>(std::min<uint64_t>(length, end_ - position_));
    auto read = object_->ReadAt(position_, buffer, length);
    if (!read.ok()) return FromPublic(read.status());
    // A store that ends early breaks its promise about size(); one that returns too much would
    // have overrun the buffer already.
    if (*read == 0) {
      return SqlError(SqlState::kIoError,
                      absl::StrCat("an object ended at byte ", position_, " of ", object_->size()));
    }
    position_ += *read;
    return *read;
  }

 private:
  const std::shared_ptr<const ObjectReader> object_;
  uint64_t position_;
  const uint64_t end_;
};

class ObjectSink : public ByteSink {
 public:
  explicit ObjectSink(std::unique_ptr<ObjectWriter> object) : object_(std::move(object)) {}

  absl::Status Append(std::string_view data) override {
    bytes_written_ += data.size();
    return FromPublic(object_->Append(data));
  }
  absl::Status Finish() override { return FromPublic(object_->Close()); }
  uint64_t bytes_written() const override { return bytes_written_; }

 private:
  const std::unique_ptr<ObjectWriter> object_;
  uint64_t bytes_written_ = 0;
};

class MemorySource : public ByteSource {
 public:
  explicit MemorySource(std::string_view text) : rest_(text) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t length) override {
    length = std::min(length, rest_.size());
    if (length > 0) std::memcpy(buffer, rest_.data(), length);
    rest_.remove_prefix(length);
    return length;
  }

 private:
  std::string_view rest_;
};

class MemorySink : public ByteSink {
 public:
  explicit MemorySink(std::string* out) : out_(out) {}

  absl::Status Append(std::string_view data) override {
    out_->append(data);
    bytes_written_ += data.size();
    return absl::OkStatus();
  }
  absl::Status Finish() override { return absl::OkStatus(); }
  uint64_t bytes_written() const override { return bytes_written_; }

 private:
  std::string* const out_;
  uint64_t bytes_written_ = 0;
};

}  // namespace

std::unique_ptr<ByteSource> ReadObject(std::shared_ptr<const ObjectReader> object, uint64_t begin,
                                       uint64_t end) {
  return std::make_unique<ObjectSource>(std::move(object), begin, end);
}

std::unique_ptr<ByteSink> WriteObject(std::unique_ptr<ObjectWriter> object) {
  return std::make_unique<ObjectSink>(std::move(object));
}

std::unique_ptr<ByteSource> ReadMemory(std::string_view text) {
  return std::make_unique<MemorySource>(text);
}

std::unique_ptr<ByteSink> WriteMemory(std::string* out) {
  return std::make_unique<MemorySink>(out);
}

absl::StatusOr<size_t> ReadFully(ByteSource& source, char* buffer, size_t length) {
  size_t done = 0;
  while (done < length) {
    VESTO_ASSIGN_OR_RETURN(const size_t read, source.Read(buffer + done, length - done));
    if (read == 0) break;
    done += read;
  }
  return done;
}

absl::StatusOr<std::string> ReadAll(ByteSource& source, size_t bytes_max) {
  constexpr size_t kChunkBytes = 64 * 1024;
  std::string all;
  while (true) {
    const size_t before = all.size();
    all.resize(before + kChunkBytes);
    VESTO_ASSIGN_OR_RETURN(const size_t read, ReadFully(source, all.data() + before, kChunkBytes));
    all.resize(before + read);
    if (all.size() > bytes_max) {
      return SqlError(SqlState::kProgramLimitExceeded,
                      absl::StrCat("a file is larger than ", bytes_max, " bytes"));
    }
    if (read < kChunkBytes) return all;
  }
}

}  // namespace vesto::io
