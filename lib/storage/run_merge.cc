#include "storage/run_merge.h"

#include <algorithm>
#include <span>

#include "base/status_macros.h"
#include "column/dispatch.h"
#include "column/predicate.h"
#include "storage/block_decoder.h"
#include "storage/encoding.h"
#include "storage/sort_order.h"

namespace vesto::storage {
namespace {

using column::StringRef;

// A row of all runs: the number of its run, then its place there.
constexpr int kPlaceBits = 16;
static_assert(kRowGroupRows == 1 << kPlaceBits);
size_t RunOf(uint32_t row) { return row >> kPlaceBits; }
size_t PlaceOf(uint32_t row) { return row & (kRowGroupRows - 1); }

bool FollowEachOther(const Runs& runs, const std::vector<int>& sort_keys) {
  for (size_t i = 1; i < runs.size(); ++i) {
    const RowGroup& before = *runs[i - 1];
    for (const int key : sort_keys) {
      const int order =
          CompareImages(*before.columns[key], before.rows - 1, *runs[i]->columns[key], 0);
      if (order > 0) return false;
      if (order < 0) break;
    }
  }
  return true;
}

template <typename Code>
void OffsetKeys(const ColumnBlock& block, uint64_t* keys) {
  const Code* codes = block.codes<Code>();
  const uint64_t base = SortKeyOf(block.base);
  for (int i = 0; i < block.rows; ++i) keys[i] = base + codes[i];
}

// Unsigned sort keys of a block's rows.
void SortKeys(const ColumnBlock& block, uint64_t* keys) {
  const bool is_offset = block.form == BlockForm::kOffset;
  if (block.width == 0) {
    std::fill_n(keys, block.rows, SortKeyOf(BlockImage(block, 0)));
  } else if (is_offset && block.width == 1) {
    OffsetKeys<uint8_t>(block, keys);
  } else if (is_offset && block.width == 2) {
    OffsetKeys<uint16_t>(block, keys);
  } else if (is_offset && block.width == 4) {
    OffsetKeys<uint32_t>(block, keys);
  } else if (is_offset) {
    OffsetKeys<uint64_t>(block, keys);
  } else if (block.form == BlockForm::kDictionary) {
    const std::vector<int64_t> images = CodeImages(block);
    for (int i = 0; i < block.rows; ++i) {
      const int code = block.width == 1 ? block.codes<uint8_t>()[i] : block.codes<uint16_t>()[i];
      keys[i] = SortKeyOf(images[std::max(code - block.min_code, 0)]);
    }
  } else {
    for (int i = 0; i < block.rows; ++i) keys[i] = SortKeyOf(BlockImage(block, i));
  }
  if (block.null_count == 0) return;
  for (int i = 0; i < block.rows; ++i) keys[i] = block.IsNull(i) ? kNullSortKey : keys[i];
}

// One column of all runs, and rows of it as EncodeBlock wants them.
class RunColumn {
 public:
  RunColumn(const Runs& runs, int column, const Type& type)
      : physical_(types::DefaultPhysicalType(type)) {
    for (const auto& run : runs) blocks_.push_back(run->columns[column].get());
    has_nulls_ = Any([](const ColumnBlock& block) { return block.null_count > 0; });
    is_coded_ = !Any([](const ColumnBlock& block) { return block.form != BlockForm::kDictionary; });
    is_offset_ = !Any([](const ColumnBlock& block) { return block.form != BlockForm::kOffset; });
    const uint8_t width = blocks_[0]->width;
    if (!Any([width](const ColumnBlock& block) { return block.width != width; })) width_ = width;
    for (const ColumnBlock* block : blocks_) {
      if (block->form != BlockForm::kDictionary || is_coded_) continue;
      dictionary_ = block->dictionary->Snapshot();
    }
  }

  // Shows `rows`; until the next call. `values` has room for them as strings.
  FlatColumn Gather(std::span<const uint32_t> rows, void* values) {
    FlatColumn flat;
    flat.physical = physical_;
    flat.rows = static_cast<int>(rows.size());
    flat.values = values;
    if (is_coded_) {
      flat.codes = static_cast<const uint16_t*>(values);
      GatherIntegers(rows, static_cast<uint16_t*>(values));
    } else {
      column::DispatchPhysical(physical_, [&](auto tag) {
        using T = decltype(tag);
        if constexpr (std::is_integral_v<T> || std::is_same_v<T, int128_t>) {
          GatherIntegers(rows, static_cast<T*>(values));
        } else {
          GatherValues(rows, static_cast<T*>(values));
        }
      });
    }
    if (has_nulls_ && GatherNulls(rows)) flat.nulls = nulls_.data();
    return flat;
  }

 private:
  template <typename Test>
  bool Any(Test test) const {
    return std::any_of(blocks_.begin(), blocks_.end(),
                       [&](const ColumnBlock* block) { return test(*block); });
  }

  // Numbers, and codes of a dictionary.
  template <typename T>
  void GatherIntegers(std::span<const uint32_t> rows, T* out) const {
    switch (is_coded_ || is_offset_ ? width_ : -1) {
      case 1:
        return GatherCodes<uint8_t>(rows, out);
      case 2:
        return GatherCodes<uint16_t>(rows, out);
      case 4:
        return GatherCodes<uint32_t>(rows, out);
      case 8:
        return GatherCodes<uint64_t>(rows, out);
      default:
        break;  // runs differ
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      const ColumnBlock& block = *blocks_[RunOf(rows[i])];
      const size_t place = PlaceOf(rows[i]);
      out[i] = block.form == BlockForm::kInt128
                   ? static_cast<T>(block.codes<int128_t>()[place])
                   : static_cast<T>(static_cast<int64_t>(block.base + block.CodeAt(place)));
    }
  }
  template <typename Code, typename T>
  void GatherCodes(std::span<const uint32_t> rows, T* out) const {
    struct Source {
      const Code* codes;
      uint64_t base;
    };
    std::vector<Source> sources;
    for (const ColumnBlock* block : blocks_) {
      sources.push_back({block->codes<Code>(), static_cast<uint64_t>(block->base)});
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      const Source& source = sources[RunOf(rows[i])];
      out[i] = static_cast<T>(static_cast<int64_t>(source.base + source.codes[PlaceOf(rows[i])]));
    }
  }
  template <typename T>
  void GatherValues(std::span<const uint32_t> rows, T* out) const {
    for (size_t i = 0; i < rows.size(); ++i) {
      const ColumnBlock& block = *blocks_[RunOf(rows[i])];
      const size_t place = PlaceOf(rows[i]);
      if constexpr (std::is_same_v<T, StringRef>) {
        if (block.form == BlockForm::kRawString) {
          out[i] = StringRef(block.TextAt(place));
        } else {
          out[i] = block.IsNull(static_cast<int>(place))
                       ? StringRef()
                       : dictionary_->entries[block.base + block.CodeAt(place)];
        }
      } else {
        out[i] = block.codes<T>()[place];
      }
    }
  }
  bool GatherNulls(std::span<const uint32_t> rows) {
    nulls_.resize(rows.size());
    uint8_t any = 0;
    for (size_t i = 0; i < rows.size(); ++i) {
      nulls_[i] = blocks_[RunOf(rows[i])]->IsNull(static_cast<int>(PlaceOf(rows[i])));
      any |= nulls_[i];
    }
    return any != 0;
  }

  const types::PhysicalType physical_;
  std::vector<const ColumnBlock*> blocks_;
  bool has_nulls_ = false;
  bool is_coded_ = false;   // all blocks have codes of the shard's dictionary
  bool is_offset_ = false;  // all blocks are kOffset
  int width_ = -1;          // of all blocks; -1 = they differ
  std::shared_ptr<const column::Dictionary> dictionary_;  // when only some have codes
  std::vector<uint8_t> nulls_;
};

}  // namespace

absl::StatusOr<Runs> MergeRuns(Runs runs, const RunMergeOptions& options) {
  const TableShape& shape = *options.shape;
  if (FollowEachOther(runs, shape.sort_keys)) return runs;
  const uint64_t count = (static_cast<uint64_t>(runs.size() - 1) << kPlaceBits) +
                         static_cast<uint64_t>(runs.back()->rows);
  if (count > UINT32_MAX) {
    return SqlError(SqlState::kProgramLimitExceeded, "too many rows for one slice to sort");
  }
  base::MemoryCharge charge(options.pool);
  VESTO_RETURN_IF_ERROR(charge.Grow(static_cast<int64_t>(count) *
                                    (SortOrder::kBytesPerRow + int64_t{sizeof(uint64_t)})));
  SortOrder order;
  {
    const auto keys = std::make_unique_for_overwrite<uint64_t[]>(count);
    for (auto key = shape.sort_keys.rbegin(); key != shape.sort_keys.rend(); ++key) {
      for (size_t r = 0; r < runs.size(); ++r) {
        SortKeys(*runs[r]->columns[*key], keys.get() + (r << kPlaceBits));
      }
      order.SortBy({keys.get(), count});
    }
  }
  if (order.rows().empty()) return runs;
  charge.Clear();
  VESTO_RETURN_IF_ERROR(charge.Grow(static_cast<int64_t>(count * sizeof(uint32_t))));

  const std::span<const uint32_t> rows = order.rows();
  Runs groups;
  for (size_t begin = 0; begin < count; begin += kRowGroupRows) {
    auto group = std::make_shared<RowGroup>();
    group->rows = static_cast<int>(std::min<uint64_t>(kRowGroupRows, count - begin));
    group->sketched = std::all_of(runs.begin(), runs.end(),
                                  [](const auto& run) { return run->sketched; });
    groups.push_back(std::move(group));
  }
  const auto values = column::AllocateBuffer(sizeof(StringRef) * kRowGroupRows);
  for (size_t c = 0; c < shape.columns.size(); ++c) {
    RunColumn column(runs, static_cast<int>(c), shape.columns[c]);
    for (size_t g = 0; g < groups.size(); ++g) {
      RowGroup& group = *groups[g];
      EncodeOptions encode;
      encode.pool = options.pool;
      encode.dictionary = options.dictionaries[c];
      VESTO_ASSIGN_OR_RETURN(
          auto block,
          EncodeBlock(column.Gather(rows.subspan(g * kRowGroupRows, group.rows), values.get()),
                      encode));
      group.columns.push_back(std::move(block));
    }
    for (auto& run : runs) run->columns[c].reset();
  }
  return groups;
}

}  // namespace vesto::storage
