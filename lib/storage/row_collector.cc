#include "storage/row_collector.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <numeric>

#include "base/status_macros.h"
#include "column/dispatch.h"
#include "column/predicate.h"
#include "storage/encoding.h"

namespace vesto::storage {
namespace {

using column::Batch;
using column::kBatchRows;
using column::StringRef;
using column::Vector;
using types::PhysicalType;

// Batches with fewer rows are copied together: their buffers have room for 2048 rows each.
constexpr int kSmallBatchRows = 1024;
// Fewer strings than this stay raw: a dictionary would cost more than it saves.
constexpr int kDictionaryRows = 512;
constexpr size_t kPrefetchRows = 32;
// From here on a load counts its distinct values.
constexpr int64_t kSketchRows = kSmallGroupRows;

bool IsIntegerForm(PhysicalType physical) {
  return physical != PhysicalType::kFloat && physical != PhysicalType::kDouble &&
         physical != PhysicalType::kString;
}

// The same rows, flat, in the default form of `type`.
absl::StatusOr<Vector> Normalize(const Vector& vector, const Type& type, int rows) {
  const PhysicalType wanted = types::DefaultPhysicalType(type);
  Vector flat = vector.Flatten(rows);
  if (flat.physical() == wanted) return flat;
  if (!IsIntegerForm(flat.physical()) || !IsIntegerForm(wanted)) {
    return SqlError(SqlState::kInternalError, "rows to store have another form than their column");
  }
  Vector result = Vector::Flat(type, wanted, std::max(rows, 1));
  bool fits = true;
  column::DispatchPhysical(flat.physical(), [&](auto from_tag) {
    using From = decltype(from_tag);
    column::DispatchPhysical(wanted, [&](auto to_tag) {
      using To = decltype(to_tag);
      if constexpr (!std::is_same_v<From, StringRef> && !std::is_same_v<To, StringRef>) {
        const From* source = flat.data<From>();
        To* target = result.mutable_data<To>();
        for (int i = 0; i < rows; ++i) {
          target[i] = static_cast<To>(source[i]);
          fits &= static_cast<From>(target[i]) == source[i];
        }
      }
    });
  });
  if (!fits) {
    return SqlError(SqlState::kNumericValueOutOfRange, "Numeric data overflow (result precision)");
  }
  if (flat.has_nulls()) std::memcpy(result.MutableNulls(rows), flat.nulls(), rows);
  return result;
}

// Order-preserving unsigned key of a row's sort column, NULL last.
uint64_t UnsignedKey(int64_t image) { return static_cast<uint64_t>(image) ^ (1ULL << 63); }

struct KeyedRow {
  uint64_t key;
  uint32_t row;
};

// Stable sort by key: least significant digit first, over the digits in which keys differ.
void RadixSort(std::vector<KeyedRow>* rows) {
  uint64_t low = UINT64_MAX;
  uint64_t high = 0;
  bool sorted = true;
  for (size_t i = 0; i < rows->size(); ++i) {
    low = std::min(low, (*rows)[i].key);
    high = std::max(high, (*rows)[i].key);
    sorted &= i == 0 || (*rows)[i - 1].key <= (*rows)[i].key;
  }
  if (sorted) return;
  constexpr int kDigitBits = 11;
  constexpr uint64_t kDigits = 1 << kDigitBits;
  if (rows->size() < 2 * kDigits) {
    std::stable_sort(rows->begin(), rows->end(),
                     [](const KeyedRow& a, const KeyedRow& b) { return a.key < b.key; });
    return;
  }
  std::vector<KeyedRow> other(rows->size());
  for (int shift = 0; shift < 64 && (high - low) >> shift != 0; shift += kDigitBits) {
    std::vector<uint32_t> starts(kDigits + 1);
    for (const KeyedRow& row : *rows) ++starts[((row.key - low) >> shift & (kDigits - 1)) + 1];
    std::partial_sum(starts.begin(), starts.end(), starts.begin());
    for (const KeyedRow& row : *rows) {
      other[starts[(row.key - low) >> shift & (kDigits - 1)]++] = row;
    }
    rows->swap(other);
  }
}

}  // namespace

void ExtendBounds(const ColumnBlock& block, ColumnBounds* bounds) {
  bounds->has_nulls |= block.null_count > 0;
  if (block.form != BlockForm::kOffset && block.form != BlockForm::kInt128) {
    bounds->known = false;
    return;
  }
  if (block.null_count == block.rows) return;
  const int128_t low = block.form == BlockForm::kInt128 ? block.min_wide : block.min_image;
  const int128_t high = block.form == BlockForm::kInt128 ? block.max_wide : block.max_image;
  if (!bounds->any || low < bounds->min) bounds->min = low;
  if (!bounds->any || high > bounds->max) bounds->max = high;
  bounds->any = true;
}

void MergeBounds(const ColumnBounds& from, ColumnBounds* into) {
  into->known &= from.known;
  into->has_nulls |= from.has_nulls;
  if (!from.any) return;
  if (!into->any || from.min < into->min) into->min = from.min;
  if (!into->any || from.max > into->max) into->max = from.max;
  into->any = true;
}

RowCollector::RowCollector(Options options) : options_(std::move(options)), charge_(options_.pool) {
  result_.bounds.resize(options_.shape->columns.size());
}

absl::Status RowCollector::Add(const Batch& batch) {
  const std::vector<Type>& types = options_.shape->columns;
  if (batch.columns.size() != types.size()) {
    return SqlError(SqlState::kInternalError, "rows to store have another number of columns");
  }
  for (int begin = 0; begin < batch.rows; begin += kBatchRows) {
    const int rows = std::min(kBatchRows, batch.rows - begin);
    Batch part;
    part.rows = rows;
    part.columns.reserve(types.size());
    for (size_t c = 0; c < types.size(); ++c) {
      const bool whole = rows == batch.rows;
      VESTO_ASSIGN_OR_RETURN(
          Vector column, Normalize(whole ? batch.columns[c] : batch.columns[c].Slice(begin, rows),
                                   types[c], rows));
      part.columns.push_back(std::move(column));
    }
    VESTO_RETURN_IF_ERROR(Collect(std::move(part)));
  }
  return absl::OkStatus();
}

absl::Status RowCollector::Collect(Batch batch) {
  VESTO_RETURN_IF_ERROR(charge_.Grow(batch.ByteSize()));
  const int rows = batch.rows;
  if (rows < kSmallBatchRows && !batches_.empty()) {
    if (!last_is_open_ || batches_.back().rows + rows > kBatchRows) {
      Batch open;
      for (const Type& type : options_.shape->columns) open.columns.push_back(Vector::Flat(type));
      batches_.push_back(std::move(open));
      last_is_open_ = true;
    }
    Batch& open = batches_.back();
    for (size_t c = 0; c < batch.columns.size(); ++c) {
      column::AppendRows(batch.columns[c], {}, rows, &open.columns[c], open.rows);
    }
    open.rows += rows;
  } else {
    batches_.push_back(std::move(batch));
    last_is_open_ = false;
  }
  pending_rows_ += rows;
  result_.rows += rows;
  if (!options_.sort && pending_rows_ >= kRowGroupRows) return EncodeSpans();
  return absl::OkStatus();
}

absl::Status RowCollector::EncodeSpans() {
  while (pending_rows_ > 0) {
    const int wanted = static_cast<int>(std::min<int64_t>(pending_rows_, kRowGroupRows));
    spans_.clear();
    int rows = 0;
    size_t used = 0;  // batches that are used up
    int next_first = first_row_;
    for (size_t b = 0; b < batches_.size() && rows < wanted; ++b) {
      const int begin = b == 0 ? first_row_ : 0;
      const int count = std::min(batches_[b].rows - begin, wanted - rows);
      if (count > 0) spans_.push_back({static_cast<int>(b), begin, count});
      rows += count;
      next_first = begin + count;
      if (next_first == batches_[b].rows) {
        used = b + 1;
        next_first = 0;
      }
    }
    VESTO_RETURN_IF_ERROR(EncodeGroup({}, rows));
    batches_.erase(batches_.begin(), batches_.begin() + static_cast<ptrdiff_t>(used));
    if (batches_.empty()) last_is_open_ = false;
    first_row_ = next_first;
    pending_rows_ -= rows;
    if (pending_rows_ < kRowGroupRows) break;
  }
  if (pending_rows_ == 0) charge_.Clear();
  return absl::OkStatus();
}

template <typename T>
void RowCollector::GatherValues(int column, std::span<const Place> places, T* out) const {
  if (places.empty()) {
    for (const Span& span : spans_) {
      std::memcpy(static_cast<void*>(out),
                  batches_[span.batch].columns[column].template data<T>() + span.begin,
                  sizeof(T) * span.count);
      out += span.count;
    }
    return;
  }
  std::vector<const T*> sources(batches_.size());
  for (size_t b = 0; b < batches_.size(); ++b) {
    sources[b] = batches_[b].columns[column].template data<T>();
  }
  // Rows in sort order lie anywhere: ask for them well ahead.
  const size_t ahead = std::min(places.size(), kPrefetchRows);
  const size_t steady = places.size() - ahead;
  auto at = [&](size_t i) { return sources[places[i] >> 16] + (places[i] & 0xffff); };
  for (size_t i = 0; i < ahead; ++i) __builtin_prefetch(at(i));
  for (size_t i = 0; i < steady; ++i) {
    __builtin_prefetch(at(i + ahead));
    out[i] = *at(i);
  }
  for (size_t i = steady; i < places.size(); ++i) out[i] = *at(i);
}

bool RowCollector::GatherNulls(int column, std::span<const Place> places, int rows) {
  bool any = false;
  if (places.empty()) {
    for (const Span& span : spans_) any |= batches_[span.batch].columns[column].has_nulls();
  } else {
    for (const Batch& batch : batches_) any |= batch.columns[column].has_nulls();
  }
  if (!any) return false;
  nulls_.assign(rows, 0);
  if (places.empty()) {
    uint8_t* out = nulls_.data();
    for (const Span& span : spans_) {
      const uint8_t* nulls = batches_[span.batch].columns[column].nulls();
      if (nulls != nullptr) std::memcpy(out, nulls + span.begin, span.count);
      out += span.count;
    }
  } else {
    for (size_t i = 0; i < places.size(); ++i) {
      const uint8_t* nulls = batches_[places[i] >> 16].columns[column].nulls();
      if (nulls != nullptr) nulls_[i] = nulls[places[i] & 0xffff];
    }
  }
  return true;
}

absl::Status RowCollector::EncodeGroup(std::span<const Place> places, int rows) {
  const std::vector<Type>& types = options_.shape->columns;
  const bool sketch = result_.rows >= kSketchRows;
  if (sketch && result_.sketches.empty()) {
    for (size_t c = 0; c < types.size(); ++c) {
      result_.sketches.push_back(std::make_unique<column::DistinctSketch>());
    }
  }
  auto group = std::make_shared<RowGroup>();
  group->rows = rows;
  group->sketched = sketch;
  group->columns.reserve(types.size());
  if (rows > values_rows_) {
    values_rows_ = rows;
    values_ = column::AllocateBuffer(sizeof(StringRef) * static_cast<size_t>(rows));
  }
  for (size_t c = 0; c < types.size(); ++c) {
    FlatColumn flat;
    flat.physical = types::DefaultPhysicalType(types[c]);
    flat.rows = rows;
    flat.values = values_.get();
    column::DispatchPhysical(flat.physical, [&](auto tag) {
      using T = decltype(tag);
      T* values = reinterpret_cast<T*>(values_.get());
      GatherValues<T>(static_cast<int>(c), places, values);
      if constexpr (std::is_same_v<T, StringRef>) {
        if (types[c].id == TypeId::kChar) {
          for (int i = 0; i < rows; ++i) {
            std::string_view text = values[i].view();
            if (text.empty() || text.back() != ' ') continue;
            while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
            values[i] = StringRef(text);
          }
        }
      }
    });
    if (GatherNulls(static_cast<int>(c), places, rows)) flat.nulls = nulls_.data();
    EncodeOptions encode;
    encode.pool = options_.pool;
    if (rows >= kDictionaryRows) encode.dictionary = options_.dictionaries[c];
    if (sketch) encode.sketch = result_.sketches[c].get();
    VESTO_ASSIGN_OR_RETURN(auto block, EncodeBlock(flat, encode));
    ExtendBounds(*block, &result_.bounds[c]);
    group->columns.push_back(std::move(block));
  }
  result_.groups.push_back(std::move(group));
  return absl::OkStatus();
}

std::vector<RowCollector::Place> RowCollector::SortedPlaces() const {
  std::vector<Place> places;
  places.reserve(pending_rows_);
  for (size_t b = 0; b < batches_.size(); ++b) {
    for (int i = 0; i < batches_[b].rows; ++i) places.push_back(static_cast<Place>(b) << 16 | i);
  }
  const std::vector<int>& keys = options_.shape->sort_keys;
  std::vector<uint64_t> images(places.size());
  std::vector<KeyedRow> rows(places.size());
  for (size_t i = 0; i < rows.size(); ++i) rows[i].row = static_cast<uint32_t>(i);
  // Least significant key first: every pass is stable.
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    size_t at = 0;
    for (const Batch& batch : batches_) {
      const Vector& vector = batch.columns[*key];
      column::DispatchPhysical(vector.physical(), [&](auto tag) {
        using T = decltype(tag);
        const T* values = vector.data<T>();
        for (int i = 0; i < batch.rows; ++i) {
          int64_t image;
          if constexpr (std::is_same_v<T, StringRef>) {
            std::string_view text = values[i].view();
            while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
            image = column::StringImage(text);
          } else if constexpr (std::is_floating_point_v<T>) {
            image = column::DoubleImage(values[i]);
          } else {
            image = static_cast<int64_t>(
                std::clamp<int128_t>(values[i], column::kImageMin, column::kImageMax));
          }
          images[at + i] = vector.IsNull(i) ? UINT64_MAX : UnsignedKey(image);
        }
      });
      at += batch.rows;
    }
    for (KeyedRow& row : rows) row.key = images[row.row];
    RadixSort(&rows);
  }
  std::vector<Place> sorted(places.size());
  for (size_t i = 0; i < rows.size(); ++i) sorted[i] = places[rows[i].row];
  return sorted;
}

absl::StatusOr<CollectedRows> RowCollector::Finish() {
  if (options_.sort && !options_.shape->sort_keys.empty() && pending_rows_ > 1) {
    if (pending_rows_ > UINT32_MAX) {
      return SqlError(SqlState::kProgramLimitExceeded, "too many rows for one slice to sort");
    }
    VESTO_RETURN_IF_ERROR(
        charge_.Grow(pending_rows_ * static_cast<int64_t>(sizeof(Place) * 2 + 24 + 8)));
    const std::vector<Place> places = SortedPlaces();
    for (size_t begin = 0; begin < places.size(); begin += kRowGroupRows) {
      const size_t rows = std::min<size_t>(kRowGroupRows, places.size() - begin);
      VESTO_RETURN_IF_ERROR(
          EncodeGroup(std::span(places).subspan(begin, rows), static_cast<int>(rows)));
    }
  } else {
    while (pending_rows_ > 0) VESTO_RETURN_IF_ERROR(EncodeSpans());
  }
  batches_.clear();
  charge_.Clear();
  return std::move(result_);
}

}  // namespace vesto::storage
