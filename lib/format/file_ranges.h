#pragma once

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "format/delimited_options.h"
#include "vesto/object_store.h"

namespace vesto::format {

// Bytes [begin, end) of a file. Except for the first, a range begins where a line begins.
struct FileRange {
  uint64_t begin = 0;
  uint64_t end = 0;
};

// Cuts an uncompressed text file into ranges of about `target_bytes` that slices read side by
// side. Every line lies in exactly one range. The header is in the first.
//
// Text and fixed-width files are cut after any line feed that no backslash escapes. In a CSV file a
// line feed may stand inside quotes, and only the whole text before it would tell; instead both
// readings of what follows are tried: if "inside quotes" contradicts the rules of CSV within a
// window and "line end" gives rows of the right width, it is a line end. Where that stays
// undecided there is no cut. (Ge et al., Speculative Distributed CSV Data Parsing, SIGMOD 2019.)
//
// One range for files in another charset than UTF-8, for tiny ones, and where nothing else is safe.
absl::StatusOr<std::vector<FileRange>> PlanRanges(const ObjectReader& object,
                                                  const DelimitedOptions& options,
                                                  uint64_t target_bytes);

// The number of line feeds before `end`: what must be added to the line numbers of a range that
// begins there. Reads the file up to that place, so it is for error reports only.
absl::StatusOr<int64_t> CountLines(const ObjectReader& object, uint64_t end);

}  // namespace vesto::format
