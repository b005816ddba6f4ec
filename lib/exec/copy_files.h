#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "format/delimited_options.h"
#include "format/field_parse.h"
#include "io/compression.h"
#include "io/mounts.h"
#include "logical/copy_spec.h"
#include "telemetry/telemetry.h"
#include "vesto/object_store.h"

namespace vesto::exec {

// A part of a COPY's files that one slice reads alone.
struct CopySplit {
  std::string url;
  std::shared_ptr<const ObjectReader> object;
  uint64_t begin = 0, end = 0;
  bool is_partial = false;  // other splits have the rest of the file
};

// What the slices of one COPY share: its splits, dealt to whoever is free, and the count of refused
// rows. Thread-safety: Claim and Reject may be called from any slice.
class CopyFiles {
 public:
  // Lists and opens the files of `spec` and cuts what can be cut. `counts` is told of the files, and
  // then of what the slices make of them.
  static absl::StatusOr<std::shared_ptr<CopyFiles>> Open(
      const logical::CopySpec& spec, const io::MountTable& mounts,
      const format::DelimitedOptions& options,
      std::shared_ptr<telemetry::TransferCounts> counts);

  // The next split; null when there is none left.
  const CopySplit* Claim() {
    const size_t index = next_.fetch_add(1, std::memory_order_relaxed);
    return index < splits_.size() ? &splits_[index] : nullptr;
  }
  io::Compression compression() const { return compression_; }
  telemetry::TransferCounts& counts() { return *counts_; }
  // Counts one refused row; true when MAXERROR is reached.
  bool Reject();

 private:
  std::vector<CopySplit> splits_;
  io::Compression compression_ = io::Compression::kNone;
  int64_t max_errors_ = 1;  // the statement fails with this one; 0 = never
  std::atomic<size_t> next_{0};
  std::shared_ptr<telemetry::TransferCounts> counts_;
};

}  // namespace vesto::exec
