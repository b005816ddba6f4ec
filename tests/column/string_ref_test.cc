#include "column/string_ref.h"

#include <catch2/catch.hpp>
#include <string>

namespace vesto::column {

TEST_CASE("a string reference shows its string, and equals only its equals", "[column]") {
  std::string text = "abcdefghijklmnopqrstuvwxyz";
  for (size_t size = 0; size <= 20; ++size) {
    // A copy of its own, so that reading past either end is seen by the sanitizers.
    const std::string exact = text.substr(0, size);
    const std::string same = exact;
    const StringRef ref{std::string_view(exact)};
    CHECK(ref.size() == size);
    CHECK(ref.is_inline() == (size <= StringRef::kInlineBytes));
    CHECK(ref.view() == exact);
    CHECK(ref == StringRef{std::string_view(same)});
    for (size_t i = 0; i < size; ++i) {
      std::string other = exact;
      other[i] = '\xff';
      CHECK(StringRef{std::string_view(other)}.view() == other);
      CHECK_FALSE(ref == StringRef{std::string_view(other)});
    }
    CHECK_FALSE(ref == StringRef{std::string_view(text).substr(0, size + 1)});
  }
}

}  // namespace vesto::column
