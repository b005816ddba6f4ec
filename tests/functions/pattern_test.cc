#include "functions/pattern.h"

#include <string>

#include "support/status.h"

namespace vesto::functions {
namespace {

template <typename Pattern>
bool Matches(const Pattern& pattern, std::string_view text) {
  base::CancellationPoll poll(nullptr);
  const auto matches = pattern.Matches(text, poll);
  REQUIRE_OK(matches);
  return *matches;
}

bool Like(std::string_view text, std::string_view pattern,
          std::optional<std::string_view> escape = std::nullopt) {
  auto compiled = LikePattern::Compile(pattern, {.escape = escape});
  REQUIRE_OK(compiled);
  return Matches(*compiled, text);
}

bool ILike(std::string_view text, std::string_view pattern) {
  auto compiled = LikePattern::Compile(pattern, {.ignore_case = true});
  REQUIRE_OK(compiled);
  return Matches(*compiled, text);
}

bool Similar(std::string_view text, std::string_view pattern) {
  auto compiled = RegexPattern::CompileSimilarTo(pattern, std::nullopt);
  REQUIRE_OK(compiled);
  return Matches(*compiled, text);
}

bool Posix(std::string_view text, std::string_view pattern) {
  auto compiled = RegexPattern::Compile(pattern, {});
  REQUIRE_OK(compiled);
  return Matches(*compiled, text);
}

// LIKE by its definition, to check the compiled form against.
bool SlowLike(std::string_view text, std::string_view pattern) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '%') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (SlowLike(text.substr(i), pattern.substr(1))) return true;
    }
    return false;
  }
  if (text.empty() || (pattern[0] != '_' && pattern[0] != text[0])) return false;
  return SlowLike(text.substr(1), pattern.substr(1));
}

}  // namespace

TEST_CASE("LIKE matches the whole string", "[functions]") {
  CHECK(Like("abc", "abc"));
  CHECK_FALSE(Like("abc ", "abc"));  // trailing blanks count
  CHECK(Like("abc", "a%"));
  CHECK(Like("abc", "%c"));
  CHECK(Like("abc", "%b%"));
  CHECK(Like("", "%"));
  CHECK(Like("", ""));
  CHECK_FALSE(Like("a", ""));
  CHECK(Like("abc", "_b_"));
  CHECK_FALSE(Like("ab", "_b_"));
  CHECK(Like("a", "%a%"));
  CHECK_FALSE(Like("a", "a%a"));
  CHECK(Like("forest green special packages requests", "%special%requests%"));
}

TEST_CASE("_ stands for a character, not for a byte", "[functions]") {
  CHECK(Like("é", "_"));
  CHECK_FALSE(Like("é", "__"));
  CHECK(Like("日本語", "_本_"));
  CHECK(Like("xx日", "%_日"));
  CHECK(Like("日x", "%_x"));
}

TEST_CASE("LIKE escapes", "[functions]") {
  CHECK(Like("50%", "50\\%"));
  CHECK_FALSE(Like("50x", "50\\%"));
  CHECK(Like("a_b", "a^_b", "^"));
  CHECK(Like("a\\b", "a\\b", ""));
  CHECK(IsSqlError(SqlState::kInvalidEscapeSequence).Matches(LikePattern::Compile("a\\", {})));
  CHECK(IsSqlError(SqlState::kInvalidEscapeSequence)
            .Matches(LikePattern::Compile("a", {.escape = "xy"})));
}

TEST_CASE("ILIKE folds ASCII letters only", "[functions]") {
  CHECK(ILike("AbC", "aBc"));
  CHECK(ILike("xxHELLOyy", "%hello%"));
  CHECK_FALSE(ILike("É", "é"));
}

TEST_CASE("the compiled LIKE agrees with its definition", "[functions]") {
  const std::string alphabet = "ab%_";
  for (int p = 0; p < 4 * 4 * 4 * 4; ++p) {
    std::string pattern;
    for (int rest = p, i = 0; i < 4; ++i, rest /= 4) pattern.push_back(alphabet[rest % 4]);
    for (int t = 0; t < 32; ++t) {
      for (size_t length = 0; length <= 5; ++length) {
        std::string text;
        for (size_t i = 0; i < length; ++i) text.push_back(t >> i & 1 ? 'b' : 'a');
        INFO(text << " LIKE " << pattern);
        REQUIRE(Like(text, pattern) == SlowLike(text, pattern));
      }
    }
  }
}

TEST_CASE("byte search agrees with std::string", "[functions]") {
  std::string text;
  for (int i = 0; i < 200; ++i) text.push_back("abc"[i * i % 3]);
  text += "needle";
  for (size_t begin = 0; begin < text.size(); begin += 7) {
    for (size_t size = 0; size < 20 && begin + size <= text.size(); ++size) {
      const std::string needle = text.substr(begin, size);
      for (size_t from = 0; from < text.size(); from += 31) {
        REQUIRE(FindBytes(text, needle, from) == text.find(needle, from));
      }
    }
  }
  CHECK(FindBytes("abc", "abcd", 0) == std::string_view::npos);
  CHECK(FindBytes("", "", 0) == 0);
}

TEST_CASE("exact and prefix patterns are known to the planner", "[functions]") {
  CHECK(LikePattern::Compile("abc", {})->exact() == "abc");
  CHECK_FALSE(LikePattern::Compile("ab_", {})->exact().has_value());
  CHECK(LikePattern::Compile("ab_c%", {})->prefix() == "ab");
  CHECK(LikePattern::Compile("ab%", {})->is_prefix_only());
  CHECK(LikePattern::Compile("%ab", {})->prefix().empty());
}

TEST_CASE("SIMILAR TO has its own metacharacters", "[functions]") {
  CHECK(Similar("abc", "a%"));
  CHECK(Similar("abc", "(a|x)b(c|d)"));
  CHECK_FALSE(Similar("abcd", "(a|x)b(c|d)"));
  CHECK(Similar("aaa", "a{2,3}"));
  CHECK(Similar("a.c", "a.c"));
  CHECK_FALSE(Similar("abc", "a.c"));  // the point is a point
  CHECK(Similar("a%", "a\\%"));
  CHECK(Similar("x7", "[a-z][0-9]"));
}

TEST_CASE("~ finds a pattern anywhere", "[functions]") {
  CHECK(Posix("Amazon Redshift", "R.d"));
  CHECK_FALSE(Posix("Amazon Redshift", "^R"));
  CHECK(Posix("abc123", "[[:digit:]]{3}$"));
  CHECK(Posix("abc 1", "\\d"));
  CHECK(Posix("one\ntwo", "e.t"));
  CHECK_FALSE(Posix("one\ntwo", "^two"));
  CHECK(IsSqlError(SqlState::kInvalidRegularExpression).Matches(RegexPattern::Compile("(", {})));
  CHECK(
      IsSqlError(SqlState::kInvalidRegularExpression).Matches(RegexPattern::Compile("a(?=b)", {})));
}

TEST_CASE("a Perl pattern that backtracks for ever is given up", "[functions]") {
  auto pattern = RegexPattern::Compile("(a+)+$", {.perl = true});
  REQUIRE_OK(pattern);
  std::vector<std::string_view> groups;
  base::CancellationPoll poll(nullptr);
  const std::string text = std::string(40, 'a') + "b";
  CHECK(IsSqlError(SqlState::kInvalidRegularExpression).Matches(pattern->Find(text, 0, &groups, 0, poll)));
}

}  // namespace vesto::functions
