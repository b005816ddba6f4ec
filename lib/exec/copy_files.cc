#include "exec/copy_files.h"

#include <algorithm>

#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "format/file_ranges.h"
#include "format/manifest.h"
#include "io/byte_stream.h"

namespace vesto::exec {
namespace {

constexpr uint64_t kSplitBytes = 4 << 20;

absl::StatusOr<io::Compression> CompressionOf(logical::FileCompression compression) {
  switch (compression) {
    case logical::FileCompression::kNone: return io::Compression::kNone;
    case logical::FileCompression::kGzip: return io::Compression::kGzip;
    case logical::FileCompression::kBzip2: return io::Compression::kBzip2;
    case logical::FileCompression::kZstd: return io::Compression::kZstd;
    case logical::FileCompression::kLz4: return io::Compression::kLz4;
    case logical::FileCompression::kLzop: break;
  }
  return NotSupported("COPY from LZOP files");
}

absl::StatusOr<std::shared_ptr<const ObjectReader>> OpenObject(const io::ObjectLocation& location,
                                                               const std::string& key) {
  auto reader = location.store->OpenRead(key);
  if (!reader.ok()) return FromPublic(reader.status());
  return std::shared_ptr<const ObjectReader>(*std::move(reader));
}

struct File {
  std::string url;
  std::shared_ptr<const ObjectReader> object;
};

absl::StatusOr<std::vector<File>> FilesOfPrefix(const std::string& source,
                                                const io::MountTable& mounts) {
  VESTO_ASSIGN_OR_RETURN(const io::ObjectLocation location, mounts.Resolve(source));
  auto listed = location.store->List(location.key);
  if (!listed.ok()) return FromPublic(listed.status());
  if (listed->empty()) return io::PrefixDoesNotExist(source);
  std::vector<File> files;
  for (const ObjectInfo& info : *listed) {
    VESTO_ASSIGN_OR_RETURN(auto object, OpenObject(location, info.key));
    files.push_back({location.url_prefix + info.key, std::move(object)});
  }
  return files;
}

absl::StatusOr<std::vector<File>> FilesOfManifest(const std::string& source,
                                                  const io::MountTable& mounts) {
  VESTO_ASSIGN_OR_RETURN(const io::ObjectLocation location, mounts.Resolve(source));
  if (location.key.empty() || location.key.ends_with('/')) return format::ManifestNeedsFullPath();
  VESTO_ASSIGN_OR_RETURN(auto manifest, OpenObject(location, location.key));
  auto bytes = io::ReadObject(std::move(manifest));
  VESTO_ASSIGN_OR_RETURN(const std::string text,
                         io::ReadAll(*bytes, format::kManifestBytesMax));
  VESTO_ASSIGN_OR_RETURN(const auto entries, format::ParseManifest(text));
  std::vector<File> files;
  for (const format::ManifestEntry& entry : entries) {
    VESTO_ASSIGN_OR_RETURN(const io::ObjectLocation place, mounts.Resolve(entry.url));
    auto exists = place.store->Exists(place.key);
    if (!exists.ok()) return FromPublic(exists.status());
    if (!*exists) {
      if (entry.mandatory) return io::PrefixDoesNotExist(entry.url);
      continue;
    }
    VESTO_ASSIGN_OR_RETURN(auto object, OpenObject(place, place.key));
    files.push_back({entry.url, std::move(object)});
  }
  if (files.empty()) return io::PrefixDoesNotExist(source);
  return files;
}

}  // namespace

absl::StatusOr<std::shared_ptr<CopyFiles>> CopyFiles::Open(
    const logical::CopySpec& spec, const io::MountTable& mounts,
    const format::DelimitedOptions& options, std::shared_ptr<telemetry::TransferCounts> counts) {
  auto files = std::make_shared<CopyFiles>();
  files->counts_ = std::move(counts);
  VESTO_ASSIGN_OR_RETURN(files->compression_, CompressionOf(spec.compression));
  files->max_errors_ = spec.ignore_all_errors ? 0 : std::max<int64_t>(1, spec.max_error);
  std::vector<File> opened;
  if (spec.manifest) {
    VESTO_ASSIGN_OR_RETURN(opened, FilesOfManifest(spec.source, mounts));
  } else {
    VESTO_ASSIGN_OR_RETURN(opened, FilesOfPrefix(spec.source, mounts));
  }
  for (File& file : opened) {
    files->counts_->source_files.fetch_add(1, std::memory_order_relaxed);
    files->counts_->source_bytes.fetch_add(static_cast<int64_t>(file.object->size()),
                                           std::memory_order_relaxed);
    if (files->compression_ != io::Compression::kNone) {
      const uint64_t size = file.object->size();
      files->splits_.push_back({file.url, std::move(file.object), 0, size});
      continue;
    }
    VESTO_ASSIGN_OR_RETURN(const auto ranges,
                           format::PlanRanges(*file.object, options, kSplitBytes));
    for (const format::FileRange& range : ranges) {
      files->splits_.push_back(
          {file.url, file.object, range.begin, range.end, ranges.size() > 1});
    }
  }
  return files;
}

bool CopyFiles::Reject() {
  const int64_t errors = counts_->errors.fetch_add(1, std::memory_order_relaxed) + 1;
  return max_errors_ > 0 && errors >= max_errors_;
}

}  // namespace vesto::exec
