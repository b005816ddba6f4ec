#include "sql/keyword.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace vesto::sql {
namespace {

enum class Category : uint8_t { kReserved, kFree };

struct Entry {
  std::string_view text;
  Category category;
};

constexpr Entry kEntries[] = {
#define VESTO_SQL_ENTRY(name, text, category) {text, Category::category},
    VESTO_SQL_KEYWORDS(VESTO_SQL_ENTRY)
#undef VESTO_SQL_ENTRY
};

constexpr bool IsSorted() {
  for (size_t i = 1; i < std::size(kEntries); ++i) {
    if (kEntries[i - 1].text >= kEntries[i].text) return false;
  }
  return true;
}
static_assert(IsSorted(), "FindKeyword searches the table by halving");

constexpr size_t LongestKeyword() {
  size_t longest = 0;
  for (const Entry& entry : kEntries) longest = std::max(longest, entry.text.size());
  return longest;
}

const Entry* EntryOf(Keyword keyword) {
  return keyword == Keyword::kNone ? nullptr : &kEntries[static_cast<size_t>(keyword) - 1];
}

}  // namespace

Keyword FindKeyword(std::string_view word) {
  if (word.size() > LongestKeyword() || word.size() < 2) return Keyword::kNone;
  std::array<char, LongestKeyword()> folded;
  for (size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    folded[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view key(folded.data(), word.size());
  const Entry* entry =
      std::lower_bound(std::begin(kEntries), std::end(kEntries), key,
                       [](const Entry& left, std::string_view right) { return left.text < right; });
  if (entry == std::end(kEntries) || entry->text != key) return Keyword::kNone;
  return static_cast<Keyword>(entry - std::begin(kEntries) + 1);
}

bool IsReserved(Keyword keyword) {
  const Entry* entry = EntryOf(keyword);
  return entry != nullptr && entry->category == Category::kReserved;
}

std::string_view KeywordText(Keyword keyword) {
  const Entry* entry = EntryOf(keyword);
  return entry == nullptr ? std::string_view() : entry->text;
}

}  // namespace vesto::sql
