#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "column/kernels/scan_kernels.h"
#include "column/predicate.h"
#include "storage/column_block.h"

namespace vesto::storage {

// What zone maps say of some rows.
enum class Verdict : uint8_t { kNone, kSome, kAll };

// Judges `predicate` for rows whose images that are not NULL lie in [min, max] (min > max: all are
// NULL). `exact`: images are the values, which fails for strings and clamped decimals.
Verdict JudgeZone(const column::ColumnPredicate& predicate, int64_t min, int64_t max,
                  bool has_nulls, bool exact);

// One predicate translated into the code space of one block: what runs per batch is a kernel over
// codes (performance.md §4).
// Thread-safety: one thread at a time.
class BlockFilter {
 public:
  // `entry_pass`: for dictionary blocks, 1 per entry that satisfies the predicate, with at least
  // 256 + 4 bytes; else null. Both live as long as the filter.
  // The verdict may turn out to be kNone or kAll only after translation.
  static Verdict Translate(const column::ColumnPredicate& predicate, const ColumnBlock& block,
                           const uint8_t* entry_pass, BlockFilter* filter);

  // Keeps in `bits` (bit i = row begin + i) the rows that satisfy the predicate.
  // `begin` is a multiple of kBatchRows, `rows` at most kBatchRows.
  void Apply(int begin, int rows, uint64_t* bits) const;
  Verdict JudgeBatch(int batch) const;

  const ColumnBlock& block() const { return *block_; }
  // Relative cost per row, for the order before anything was measured.
  double cost() const { return cost_; }

  // A range on a sorted block: the rows [first, last) that satisfy it.
  bool IsSortedRange(int* first, int* last) const;

 private:
  enum class Kind : uint8_t {
    kCodeRange,
    kCodeTable,
    kMember,
    kMemberScalar,
    kFloatRange,
    kNull,
    kNotNull,
    kImageTest,
    kStrings,
  };

  template <typename Test>
  void TestSetBits(int rows, uint64_t* bits, Test test) const;
  void ApplyStrings(int begin, int rows, uint64_t* bits) const;
  void ApplyImages(int begin, int rows, uint64_t* bits) const;
  bool ImagePasses(int64_t image) const;

  Kind kind_ = Kind::kNotNull;
  bool negate_ = false;
  bool undecidable_ = false;  // zone maps say nothing
  double cost_ = 1;
  const column::ColumnPredicate* predicate_ = nullptr;
  const ColumnBlock* block_ = nullptr;
  uint64_t code_lo_ = 0, code_span_ = 0;
  const uint8_t* table_ = nullptr;
  std::vector<uint8_t> own_table_;
  int32_t delta_ = 0;
};

}  // namespace vesto::storage
