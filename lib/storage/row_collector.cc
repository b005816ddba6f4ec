#include "storage/row_collector.h"

#include <algorithm>
#include <cstring>

#include "base/status_macros.h"
#include "column/dispatch.h"
#include "column/predicate.h"
#include "storage/encoding.h"
#include "storage/run_merge.h"
#include "storage/sort_order.h"

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
  while (pending_rows_ >= kRowGroupRows) VESTO_RETURN_IF_ERROR(EncodePending());
  return absl::OkStatus();
}

absl::Status RowCollector::EncodePending() {
  const int rows = static_cast<int>(std::min<int64_t>(pending_rows_, kRowGroupRows));
  spans_.clear();
  int found = 0;
  size_t used = 0;  // batches that are used up
  int next_first = first_row_;
  for (size_t b = 0; b < batches_.size() && found < rows; ++b) {
    const int begin = b == 0 ? first_row_ : 0;
    const int count = std::min(batches_[b].rows - begin, rows - found);
    if (count > 0) spans_.push_back({static_cast<int>(b), begin, count});
    found += count;
    next_first = begin + count;
    if (next_first == batches_[b].rows) {
      used = b + 1;
      next_first = 0;
    }
  }
  std::vector<Place> places;
  if (options_.sort) places = SortedPlaces(rows);
  VESTO_RETURN_IF_ERROR(EncodeGroup(places, rows));
  batches_.erase(batches_.begin(), batches_.begin() + static_cast<ptrdiff_t>(used));
  if (batches_.empty()) last_is_open_ = false;
  first_row_ = next_first;
  pending_rows_ -= rows;
  charge_.Clear();
  int64_t bytes = 0;
  for (const Batch& batch : batches_) bytes += batch.ByteSize();
  return charge_.Grow(bytes);
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
  // Rows in sort order lie anywhere: ask for them ahead.
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

std::vector<RowCollector::Place> RowCollector::SortedPlaces(int rows) const {
  const std::vector<int>& keys = options_.shape->sort_keys;
  std::vector<uint64_t> images(rows);
  SortOrder order;
  // Least significant key first: every sort is stable.
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    uint64_t* out = images.data();
    for (const Span& span : spans_) {
      const Vector& vector = batches_[span.batch].columns[*key];
      column::DispatchPhysical(vector.physical(), [&](auto tag) {
        using T = decltype(tag);
        const T* values = vector.data<T>() + span.begin;
        for (int i = 0; i < span.count; ++i) {
          int64_t image;
          if constexpr (std::is_same_v<T, StringRef>) {
            std::string_view text = values[i].view();
            while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
            image = column::StringImage(text);
          } else if constexpr (std::is_floating_point_v<T>) {
            image = column::DoubleImage(values[i]);
          } else if constexpr (std::is_same_v<T, int128_t>) {
            image = static_cast<int64_t>(
                std::clamp<int128_t>(values[i], column::kImageMin, column::kImageMax));
          } else {
            image = values[i];
          }
          out[i] = vector.IsNull(span.begin + i) ? kNullSortKey : SortKeyOf(image);
        }
      });
      out += span.count;
    }
    order.SortBy(images);
  }
  if (order.rows().empty()) return {};
  std::vector<Place> natural;
  natural.reserve(rows);
  for (const Span& span : spans_) {
    const Place begin = static_cast<Place>(span.batch) << 16 | static_cast<Place>(span.begin);
    for (int i = 0; i < span.count; ++i) natural.push_back(begin + static_cast<Place>(i));
  }
  std::vector<Place> sorted(rows);
  for (int i = 0; i < rows; ++i) sorted[i] = natural[order.rows()[i]];
  return sorted;
}

absl::StatusOr<CollectedRows> RowCollector::Finish() {
  while (pending_rows_ > 0) VESTO_RETURN_IF_ERROR(EncodePending());
  values_.reset();
  if (options_.sort && result_.groups.size() > 1) {
    VESTO_ASSIGN_OR_RETURN(
        result_.groups,
        MergeRuns(std::move(result_.groups),
                  {options_.shape, std::move(options_.dictionaries), options_.pool}));
  }
  return std::move(result_);
}

}  // namespace vesto::storage
