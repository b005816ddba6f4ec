#include "column/predicate.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace vesto::column {
namespace {

std::string_view WithoutTrailingBlanks(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

int64_t DoubleImage(double value) {
  if (value != value) return kImageMax;
  value += 0.0;  // -0 becomes 0
  int64_t raw;
  std::memcpy(&raw, &value, sizeof(raw));
  return raw ^ ((raw >> 63) & kImageMax);
}

int64_t StringImage(std::string_view text) {
  uint8_t first[8] = {};
  std::memcpy(first, text.data(), std::min<size_t>(text.size(), 8));
  uint64_t big_endian = 0;
  for (uint8_t byte : first) big_endian = big_endian << 8 | byte;
  return static_cast<int64_t>(big_endian ^ (1ULL << 63));
}

ColumnPredicate ColumnPredicate::Range(int column, int64_t lo, int64_t hi) {
  ColumnPredicate predicate;
  predicate.column = column;
  predicate.kind = PredicateKind::kRange;
  predicate.lo = lo;
  predicate.hi = hi;
  return predicate;
}

ColumnPredicate ColumnPredicate::NotEqual(int column, int64_t value) {
  ColumnPredicate predicate;
  predicate.column = column;
  predicate.kind = PredicateKind::kNotEqual;
  predicate.lo = predicate.hi = value;
  return predicate;
}

ColumnPredicate ColumnPredicate::In(int column, std::vector<int64_t> values, bool negated) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  ColumnPredicate predicate;
  predicate.column = column;
  predicate.kind = PredicateKind::kIn;
  predicate.values = std::move(values);
  predicate.negated = negated;
  return predicate;
}

ColumnPredicate ColumnPredicate::IsNull(int column, bool negated) {
  ColumnPredicate predicate;
  predicate.column = column;
  predicate.kind = negated ? PredicateKind::kIsNotNull : PredicateKind::kIsNull;
  return predicate;
}

ColumnPredicate ColumnPredicate::String(int column, StringTest test) {
  ColumnPredicate predicate;
  predicate.column = column;
  predicate.kind = PredicateKind::kString;
  predicate.strings = std::move(test);
  return predicate;
}

ColumnPredicate ColumnPredicate::StringEqual(int column, std::string_view text, bool negated) {
  std::string wanted(WithoutTrailingBlanks(text));
  const int64_t image = StringImage(wanted);
  ColumnPredicate predicate = String(
      column,
      [wanted = std::move(wanted), negated](std::span<const StringRef> strings, uint8_t* pass) {
        for (size_t i = 0; i < strings.size(); ++i) {
          const std::string_view raw = strings[i].view();
          const bool equal =
              raw.size() >= wanted.size() && WithoutTrailingBlanks(raw) == std::string_view(wanted);
          pass[i] = equal != negated;
        }
      });
  if (!negated) predicate.prefix_lo = predicate.prefix_hi = image;
  return predicate;
}

ColumnPredicate ColumnPredicate::Member(int column,
                                        std::shared_ptr<const MembershipFilter> filter) {
  ColumnPredicate predicate;
  predicate.column = column;
  predicate.kind = PredicateKind::kMembership;
  predicate.membership = std::move(filter);
  return predicate;
}

}  // namespace vesto::column
