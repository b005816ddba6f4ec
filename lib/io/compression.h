#pragma once

#include <memory>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "io/byte_stream.h"

// Compressed files as streams. Memory is bounded by the codec's window (zstd: 128 MiB at most, else
// under 5 MiB) whatever the input says; a small file that unpacks to a huge one costs time, not
// memory. Several members or frames in one file follow each other, as `cat a.gz b.gz` makes them.
namespace vesto::io {

enum class Compression { kNone, kGzip, kBzip2, kZstd, kLz4 };

// What COPY and UNLOAD call it: "gzip", "bzip2", "zstd", "lz4".
std::string_view CompressionName(Compression compression);
// What UNLOAD appends to file names: "", ".gz", ".bz2", ".zst", ".lz4".
std::string_view CompressionSuffix(Compression compression);
// By the end of a file's name; kNone for any other.
Compression CompressionOfName(std::string_view name);

// Unpacks `source`. A broken or truncated stream is an error from Read (XX000, `Invalid gzip data:
// ...`), after the intact bytes before it. An empty source is an empty result.
absl::StatusOr<std::unique_ptr<ByteSource>> Decompress(Compression compression,
                                                       std::unique_ptr<ByteSource> source);

// Packs into `sink`, which it finishes.
absl::StatusOr<std::unique_ptr<ByteSink>> Compress(Compression compression,
                                                   std::unique_ptr<ByteSink> sink);

}  // namespace vesto::io
