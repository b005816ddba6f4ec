#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "vesto/type.h"

// The list of files that COPY ... MANIFEST reads and UNLOAD ... MANIFEST writes.
// Source: redshift/statements.md K and L.
namespace vesto::format {

inline constexpr size_t kManifestBytesMax = size_t{64} << 20;

struct ManifestEntry {
  std::string url;
  bool mandatory = false;  // a missing file fails the COPY
  std::optional<uint64_t> content_length;
};

// Reads {"entries":[{"url":"s3://b/k","mandatory":true,"meta":{"content_length":9}}]}. Unknown keys
// are ignored; an entry that stands twice is loaded twice. Errors: XX000 `Invalid manifest file -
// ...` with what is wrong and in which entry.
absl::StatusOr<std::vector<ManifestEntry>> ParseManifest(std::string_view text);

// COPY's answer when the MANIFEST's own URL is not that of an object (code 8001).
absl::Status ManifestNeedsFullPath();

struct UnloadedFile {
  std::string url;
  uint64_t content_length = 0;
  int64_t record_count = 0;  // lines, with the header
};

struct ManifestColumn {
  std::string name;
  Type type;
};

// The text of `<prefix>manifest`. The columns, sizes and counts are written only when `verbose`.
std::string WriteManifest(const std::vector<UnloadedFile>& files,
                          const std::vector<ManifestColumn>& columns, bool verbose);

}  // namespace vesto::format
