#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/int128.h"
#include "column/vector.h"
#include "types/table_design.h"
#include "vesto/type.h"

namespace vesto::storage {

// How many bytes the values of one column would take on disk under each encoding that Redshift offers
// for its type: ANALYZE COMPRESSION's answer. Values are encoded in pieces of kPieceRows, as blocks
// are, each with its own dictionaries; NULLs take no room.
//
// RAW to TEXT32K follow their description (redshift/architecture.md §6). LZO stands for LZ4 here, a
// codec of the same family; AZ64, which Amazon does not publish, for groups of 64 values in
// the fewest bits that hold their differences.
// Thread-safety: one thread at a time.
class CompressionEstimate {
 public:
  static constexpr int kPieceRows = 65536;

  explicit CompressionEstimate(const Type& type);
  ~CompressionEstimate();

  void Add(const column::Vector& values, int rows);

  struct Best {
    types::Encoding encoding = types::Encoding::kRaw;
    double reduction = 0;  // of the bytes that RAW takes, 0 to 1
  };
  // The encoding with the fewest bytes; RAW where nothing saves any. Ends the collecting.
  Best Finish();
  // Bytes so far under one encoding, of whole pieces; for tests.
  int64_t bytes(types::Encoding encoding) const;

 private:
  void EndPiece();
  void EncodeNumbers();
  void EncodeText();
  void Count(types::Encoding encoding, int64_t bytes);

  const Type type_;
  const int width_;  // bytes of one raw value; strings: of the length before one
  std::vector<int128_t> numbers_;
  std::vector<std::string> texts_;
  struct Total {
    types::Encoding encoding;
    int64_t bytes = 0;
  };
  std::vector<Total> totals_;  // in order of preference
};

}  // namespace vesto::storage
