#include "storage/block_filter.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/hash.h"

namespace vesto::storage {
namespace {

using column::ColumnPredicate;
using column::kBatchRows;
using column::kImageMax;
using column::kImageMin;
using column::MembershipFilter;
using column::PredicateKind;
using column::StringRef;
using column::kernels::GetScanKernels;

// The smallest number of values of an IN list inside [min, max], as an index range.
std::pair<size_t, size_t> ValuesWithin(const std::vector<int64_t>& values, int64_t min,
                                       int64_t max) {
  const auto first = std::lower_bound(values.begin(), values.end(), min);
  const auto last = std::upper_bound(first, values.end(), max);
  return {first - values.begin(), last - values.begin()};
}

}  // namespace

Verdict JudgeZone(const ColumnPredicate& predicate, int64_t min, int64_t max, bool has_nulls,
                  bool exact) {
  const bool all_null = min > max;
  if (predicate.kind == PredicateKind::kIsNull) {
    return all_null ? Verdict::kAll : has_nulls ? Verdict::kSome : Verdict::kNone;
  }
  if (all_null) return Verdict::kNone;
  const Verdict all = has_nulls ? Verdict::kSome : Verdict::kAll;
  switch (predicate.kind) {
    case PredicateKind::kIsNull:
      break;
    case PredicateKind::kIsNotNull:
      return all;
    case PredicateKind::kRange:
      if (max < predicate.lo || min > predicate.hi) return Verdict::kNone;
      return predicate.lo <= min && max <= predicate.hi ? all : Verdict::kSome;
    case PredicateKind::kNotEqual:
      if (predicate.lo < min || predicate.lo > max) return all;
      return min == max && exact ? Verdict::kNone : Verdict::kSome;
    case PredicateKind::kIn: {
      const auto [first, last] = ValuesWithin(predicate.values, min, max);
      if (first == last) return predicate.negated ? all : Verdict::kNone;
      if (min == max && exact) return predicate.negated ? Verdict::kNone : all;
      return Verdict::kSome;
    }
    case PredicateKind::kString:
      if (max < predicate.prefix_lo || min > predicate.prefix_hi) return Verdict::kNone;
      return Verdict::kSome;
    case PredicateKind::kMembership:
      return predicate.membership->MayContainRange(min, max) ? Verdict::kSome : Verdict::kNone;
  }
  return Verdict::kSome;
}

Verdict BlockFilter::JudgeBatch(int batch) const {
  if (block_->batch_min.empty() || undecidable_)
    return Verdict::kSome;  // one batch: judged with the block
  const bool exact = block_->form != BlockForm::kInt128 && block_->form != BlockForm::kDictionary &&
                     block_->form != BlockForm::kRawString;
  return JudgeZone(*predicate_, block_->batch_min[batch], block_->batch_max[batch],
                   (block_->batch_nulls >> batch) & 1, exact);
}

Verdict BlockFilter::Translate(const ColumnPredicate& predicate, const ColumnBlock& block,
                               const uint8_t* entry_pass, BlockFilter* filter) {
  const bool strings = block.form == BlockForm::kDictionary || block.form == BlockForm::kRawString;
  const bool exact = !strings && block.form != BlockForm::kInt128;
  const bool has_nulls = block.null_count > 0;
  // A filter over keys of another kind can decide nothing but NULLs.
  if (predicate.kind == PredicateKind::kMembership &&
      predicate.membership->form() != MembershipFilter::Form::kEmpty &&
      predicate.membership->of_strings() != strings) {
    filter->predicate_ = &predicate;
    filter->block_ = &block;
    filter->kind_ = Kind::kNotNull;
    filter->undecidable_ = true;
    return block.null_count == block.rows ? Verdict::kNone
           : has_nulls                    ? Verdict::kSome
                                          : Verdict::kAll;
  }
  const Verdict verdict = JudgeZone(predicate, block.min_image, block.max_image, has_nulls, exact);
  const bool image_predicate = predicate.kind == PredicateKind::kRange ||
                               predicate.kind == PredicateKind::kNotEqual ||
                               predicate.kind == PredicateKind::kIn;
  // Images of strings can only say "no": the caller keeps the exact condition.
  if (strings && image_predicate) {
    if (verdict == Verdict::kNone) return verdict;
    filter->predicate_ = &predicate;
    filter->block_ = &block;
    filter->kind_ = Kind::kNotNull;
    return has_nulls ? Verdict::kSome : Verdict::kAll;
  }
  if (verdict != Verdict::kSome) return verdict;

  *filter = BlockFilter();
  filter->predicate_ = &predicate;
  filter->block_ = &block;
  const Verdict not_null = has_nulls ? Verdict::kSome : Verdict::kAll;
  const uint64_t base = static_cast<uint64_t>(block.base);

  if (predicate.kind == PredicateKind::kIsNull || predicate.kind == PredicateKind::kIsNotNull) {
    filter->kind_ = predicate.kind == PredicateKind::kIsNull ? Kind::kNull : Kind::kNotNull;
    filter->cost_ = 0.2;
    return Verdict::kSome;
  }

  if (block.form == BlockForm::kDictionary) {
    // kString or a membership of strings: decided per entry.
    int passing = 0;
    int first = -1;
    int last = -1;
    for (int c = block.min_code; c <= block.max_code; ++c) {
      if (entry_pass[c] == 0) continue;
      ++passing;
      if (first < 0) first = c;
      last = c;
    }
    if (passing == 0) return Verdict::kNone;
    if (passing == block.max_code - block.min_code + 1) {
      filter->kind_ = Kind::kNotNull;
      return not_null;
    }
    if (passing == last - first + 1) {
      filter->kind_ = Kind::kCodeRange;
      filter->code_lo_ = first;
      filter->code_span_ = last - first;
      return Verdict::kSome;
    }
    filter->kind_ = Kind::kCodeTable;
    filter->table_ = entry_pass;
    filter->cost_ = block.width == 1 ? 1.2 : 4;
    return Verdict::kSome;
  }
  if (block.form == BlockForm::kRawString) {
    filter->kind_ = Kind::kStrings;
    filter->cost_ = predicate.literal.empty() ? 40 : 20;
    return Verdict::kSome;
  }
  if (block.form == BlockForm::kInt128) {
    filter->kind_ = Kind::kImageTest;
    filter->cost_ = 5;
    return Verdict::kSome;
  }
  if (block.form == BlockForm::kFloat || block.form == BlockForm::kDouble) {
    if (predicate.kind == PredicateKind::kRange || predicate.kind == PredicateKind::kNotEqual) {
      filter->kind_ = Kind::kFloatRange;
      filter->negate_ = predicate.kind == PredicateKind::kNotEqual;
      filter->cost_ = 3;
    } else {
      filter->kind_ = Kind::kImageTest;
      filter->cost_ = 8;
    }
    return Verdict::kSome;
  }

  // kOffset.
  if (block.width == 0) {
    // All values are the same, so only NULLs made the zone map say "some", or a Bloom filter.
    if (predicate.kind == PredicateKind::kMembership &&
        !predicate.membership->MayContain(block.base)) {
      return Verdict::kNone;
    }
    filter->kind_ = Kind::kNotNull;
    return not_null;
  }
  switch (predicate.kind) {
    case PredicateKind::kRange: {
      const int64_t lo = std::max(predicate.lo, block.min_image);
      const int64_t hi = std::min(predicate.hi, block.max_image);
      filter->kind_ = Kind::kCodeRange;
      filter->code_lo_ = static_cast<uint64_t>(lo) - base;
      filter->code_span_ = static_cast<uint64_t>(hi) - static_cast<uint64_t>(lo);
      filter->cost_ = block.width;
      return Verdict::kSome;
    }
    case PredicateKind::kNotEqual:
      filter->kind_ = Kind::kCodeRange;
      filter->negate_ = true;
      filter->code_lo_ = static_cast<uint64_t>(predicate.lo) - base;
      filter->code_span_ = 0;
      filter->cost_ = block.width;
      return Verdict::kSome;
    case PredicateKind::kIn: {
      const auto [first, last] = ValuesWithin(predicate.values, block.min_image, block.max_image);
      const uint64_t low = static_cast<uint64_t>(predicate.values[first]);
      const uint64_t span = static_cast<uint64_t>(predicate.values[last - 1]) - low;
      if (span == last - first - 1) {  // no gaps: a range
        filter->kind_ = Kind::kCodeRange;
        filter->negate_ = predicate.negated;
        filter->code_lo_ = low - base;
        filter->code_span_ = span;
        filter->cost_ = block.width;
        return Verdict::kSome;
      }
      if (block.width <= 2) {
        const size_t codes = block.width == 1 ? 256 : 65536;
        filter->own_table_.assign(codes + 4, predicate.negated ? 1 : 0);
        for (size_t i = first; i < last; ++i) {
          filter->own_table_[static_cast<uint64_t>(predicate.values[i]) - base] =
              predicate.negated ? 0 : 1;
        }
        filter->kind_ = Kind::kCodeTable;
        filter->cost_ = block.width == 1 ? 1.2 : 4;
        return Verdict::kSome;
      }
      filter->kind_ = Kind::kImageTest;
      filter->cost_ = 15;
      return Verdict::kSome;
    }
    case PredicateKind::kMembership: {
      const MembershipFilter& membership = *predicate.membership;
      filter->cost_ = 6;
      filter->kind_ = Kind::kImageTest;
      if (membership.form() != MembershipFilter::Form::kBitmap) {
        filter->cost_ = 12;
        return Verdict::kSome;
      }
      const uint64_t span =
          static_cast<uint64_t>(membership.max()) - static_cast<uint64_t>(membership.min());
      const uint64_t max_code = static_cast<uint64_t>(block.max_image) - base;
      // Exact differences: both are within 64 bits, judged in 128.
      const int128_t delta = static_cast<int128_t>(block.base) - membership.min();
      constexpr int64_t kLimit = std::numeric_limits<int32_t>::max();
      if (block.width == 8) {
        filter->kind_ = Kind::kMemberScalar;
      } else if (span <= kLimit && max_code <= kLimit && delta <= kLimit && -delta <= kLimit) {
        filter->kind_ = Kind::kMember;
        filter->delta_ = static_cast<int32_t>(delta);
      }
      return Verdict::kSome;
    }
    case PredicateKind::kIsNull:
    case PredicateKind::kIsNotNull:
    case PredicateKind::kString:
      break;
  }
  filter->kind_ = Kind::kNotNull;
  return not_null;
}

bool BlockFilter::IsSortedRange(int* first, int* last) const {
  if (kind_ != Kind::kCodeRange || negate_ || !block_->sorted ||
      block_->form != BlockForm::kOffset) {
    return false;
  }
  auto search = [&](auto code) {
    using T = decltype(code);
    const T* begin = block_->codes<T>();
    const T* end = begin + block_->rows;
    *first = static_cast<int>(std::lower_bound(begin, end, code_lo_) - begin);
    *last = static_cast<int>(std::upper_bound(begin, end, code_lo_ + code_span_) - begin);
  };
  switch (block_->width) {
    case 1:
      search(uint8_t{});
      return true;
    case 2:
      search(uint16_t{});
      return true;
    case 4:
      search(uint32_t{});
      return true;
    case 8:
      search(uint64_t{});
      return true;
    default:
      return false;
  }
}

template <typename Test>
void BlockFilter::TestSetBits(int rows, uint64_t* bits, Test test) const {
  for (int w = 0; w < (rows + 63) / 64; ++w) {
    uint64_t kept = bits[w];
    for (uint64_t left = bits[w]; left != 0; left &= left - 1) {
      const int i = std::countr_zero(left);
      if (!test(w * 64 + i)) kept &= ~(1ULL << i);
    }
    bits[w] = kept;
  }
}

bool BlockFilter::ImagePasses(int64_t image) const {
  switch (predicate_->kind) {
    case PredicateKind::kRange:
      return predicate_->lo <= image && image <= predicate_->hi;
    case PredicateKind::kNotEqual:
      return image != predicate_->lo;
    case PredicateKind::kIn:
      return std::binary_search(predicate_->values.begin(), predicate_->values.end(), image) !=
             predicate_->negated;
    case PredicateKind::kMembership:
      return predicate_->membership->MayContain(image);
    default:
      return true;
  }
}

void BlockFilter::ApplyImages(int begin, int rows, uint64_t* bits) const {
  switch (block_->form) {
    case BlockForm::kInt128: {
      // A clamped image equals no constant but "no bound".
      const int128_t* values = block_->codes<int128_t>() + begin;
      TestSetBits(rows, bits, [&](int i) {
        const int128_t value = values[i];
        if (value >= kImageMin && value <= kImageMax) {
          return ImagePasses(static_cast<int64_t>(value));
        }
        switch (predicate_->kind) {
          case PredicateKind::kRange:
            return value < 0 ? predicate_->lo == kImageMin : predicate_->hi == kImageMax;
          case PredicateKind::kNotEqual:
            return true;
          case PredicateKind::kIn:
            return predicate_->negated;
          default:
            return false;
        }
      });
      return;
    }
    case BlockForm::kFloat: {
      const float* values = block_->codes<float>() + begin;
      TestSetBits(rows, bits, [&](int i) { return ImagePasses(column::DoubleImage(values[i])); });
      return;
    }
    case BlockForm::kDouble: {
      const double* values = block_->codes<double>() + begin;
      TestSetBits(rows, bits, [&](int i) { return ImagePasses(column::DoubleImage(values[i])); });
      return;
    }
    case BlockForm::kOffset: {
      const uint64_t base = static_cast<uint64_t>(block_->base);
      auto test = [&](const auto* codes) {
        TestSetBits(rows, bits, [&](int i) {
          return ImagePasses(static_cast<int64_t>(base + codes[begin + i]));
        });
      };
      switch (block_->width) {
        case 1:
          test(block_->codes<uint8_t>());
          return;
        case 2:
          test(block_->codes<uint16_t>());
          return;
        case 4:
          test(block_->codes<uint32_t>());
          return;
        case 8:
          test(block_->codes<uint64_t>());
          return;
        default:
          return;
      }
    }
    case BlockForm::kDictionary:
    case BlockForm::kRawString:
      return;
  }
}

void BlockFilter::ApplyStrings(int begin, int rows, uint64_t* bits) const {
  const uint32_t* offsets = block_->codes<uint32_t>() + begin;
  const char* heap = reinterpret_cast<const char*>(block_->heap.get());
  const int words = (rows + 63) / 64;
  const int selected = GetScanKernels().count(bits, words);
  if (selected == 0) return;

  if (predicate_->kind == PredicateKind::kMembership) {
    TestSetBits(rows, bits, [&](int i) {
      std::string_view text(heap + offsets[i], offsets[i + 1] - offsets[i]);
      while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
      return predicate_->membership->MayContainHash(base::HashString(text));
    });
    return;
  }

  // Search the batch's whole heap for the literal; strings without it are decided.
  uint64_t undecided[kBatchRows / 64];
  std::copy(bits, bits + words, undecided);
  const std::string& literal = predicate_->literal;
  if (!literal.empty() && selected * 8 >= rows) {
    uint64_t hits[kBatchRows / 64] = {};
    const auto find = GetScanKernels().find;
    uint32_t at = offsets[0];
    const uint32_t end = offsets[rows];
    int row = 0;
    while (at < end) {
      const size_t hit = find(heap + at, end - at, literal.data(), literal.size());
      if (hit == end - at) break;
      at += static_cast<uint32_t>(hit);
      while (offsets[row + 1] <= at) ++row;
      if (at + literal.size() <= offsets[row + 1]) {
        hits[row >> 6] |= 1ULL << (row & 63);
        at = offsets[row + 1];
      } else {
        ++at;  // it runs over the end of its string
      }
    }
    for (int w = 0; w < words; ++w) {
      undecided[w] &= hits[w];
      if (predicate_->without_literal_passes) {
        // Keep what has no hit; the others are decided below.
      } else {
        bits[w] &= hits[w];
      }
    }
  }
  StringRef strings[kBatchRows];
  uint16_t positions[kBatchRows + 64];
  uint8_t pass[kBatchRows];
  const int count = GetScanKernels().positions(undecided, rows, positions);
  if (count == 0) return;
  for (int i = 0; i < count; ++i) {
    const int row = positions[i];
    strings[i] = StringRef(heap + offsets[row], offsets[row + 1] - offsets[row]);
  }
  predicate_->strings(std::span<const StringRef>(strings, count), pass);
  for (int i = 0; i < count; ++i) {
    if (pass[i] == 0) bits[positions[i] >> 6] &= ~(1ULL << (positions[i] & 63));
  }
}

void BlockFilter::Apply(int begin, int rows, uint64_t* bits) const {
  const column::kernels::ScanKernels& kernels = GetScanKernels();
  const ColumnBlock& block = *block_;
  const int words = (rows + 63) / 64;
  if (block.nulls != nullptr) {
    const uint64_t* nulls = block.nulls.get() + begin / 64;
    if (kind_ == Kind::kNull) {
      for (int w = 0; w < words; ++w) bits[w] &= nulls[w];
      return;
    }
    for (int w = 0; w < words; ++w) bits[w] &= ~nulls[w];
  }
  switch (kind_) {
    case Kind::kNull:
      std::fill(bits, bits + words, 0);
      return;
    case Kind::kNotNull:
      return;
    case Kind::kCodeRange:
      switch (block.width) {
        case 1:
          kernels.range_u8(block.codes<uint8_t>() + begin, rows, static_cast<uint8_t>(code_lo_),
                           static_cast<uint8_t>(code_span_), negate_, bits);
          return;
        case 2:
          kernels.range_u16(block.codes<uint16_t>() + begin, rows, static_cast<uint16_t>(code_lo_),
                            static_cast<uint16_t>(code_span_), negate_, bits);
          return;
        case 4:
          kernels.range_u32(block.codes<uint32_t>() + begin, rows, static_cast<uint32_t>(code_lo_),
                            static_cast<uint32_t>(code_span_), negate_, bits);
          return;
        case 8:
          kernels.range_u64(block.codes<uint64_t>() + begin, rows, code_lo_, code_span_, negate_,
                            bits);
          return;
        default:
          return;
      }
    case Kind::kCodeTable: {
      const uint8_t* table = own_table_.empty() ? table_ : own_table_.data();
      if (block.width == 1) {
        kernels.table_u8(block.codes<uint8_t>() + begin, rows, table, bits);
      } else {
        kernels.table_u16(block.codes<uint16_t>() + begin, rows, table, bits);
      }
      return;
    }
    case Kind::kMember: {
      const MembershipFilter& membership = *predicate_->membership;
      const auto span = static_cast<uint32_t>(static_cast<uint64_t>(membership.max()) -
                                              static_cast<uint64_t>(membership.min()));
      if (block.width == 1) {
        kernels.member_u8(block.codes<uint8_t>() + begin, rows, delta_, membership.words(), span,
                          bits);
      } else if (block.width == 2) {
        kernels.member_u16(block.codes<uint16_t>() + begin, rows, delta_, membership.words(), span,
                           bits);
      } else {
        kernels.member_u32(block.codes<uint32_t>() + begin, rows, delta_, membership.words(), span,
                           bits);
      }
      return;
    }
    case Kind::kMemberScalar: {
      const MembershipFilter& membership = *predicate_->membership;
      const uint64_t min = static_cast<uint64_t>(membership.min());
      kernels.member_u64(block.codes<uint64_t>() + begin, rows,
                         static_cast<uint64_t>(block.base) - min, membership.words(),
                         static_cast<uint64_t>(membership.max()) - min, bits);
      return;
    }
    case Kind::kFloatRange: {
      const int64_t lo = predicate_->lo;
      const int64_t hi = negate_ ? predicate_->lo : predicate_->hi;
      if (block.form == BlockForm::kDouble) {
        kernels.range_f64(block.codes<double>() + begin, rows, lo, hi, negate_, bits);
      } else {
        kernels.range_f32(block.codes<float>() + begin, rows, lo, hi, negate_, bits);
      }
      return;
    }
    case Kind::kImageTest:
      ApplyImages(begin, rows, bits);
      return;
    case Kind::kStrings:
      ApplyStrings(begin, rows, bits);
      return;
  }
}

}  // namespace vesto::storage
