#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/cancellation.h"

// Compiled text patterns: LIKE and ILIKE, SIMILAR TO, POSIX and Perl regular expressions.
// Used by expr for the operators and by the REGEXP_ functions. Source: functions.md §§1 and 10.
namespace vesto::functions {

// LIKE and ILIKE over a whole string. % and _ are compiled into literal segments, so that the
// usual forms ('abc', 'abc%', '%abc', '%abc%', '%abc%def%') are comparisons and byte searches.
// Trailing blanks count. ILIKE folds ASCII letters only.
// Thread-safety: immutable.
class LikePattern {
 public:
  struct Options {
    // ESCAPE: absent means backslash, "" means that no character escapes.
    std::optional<std::string_view> escape = std::nullopt;
    bool ignore_case = false;
  };
  // Errors 22025: an escape of several characters, or a pattern that ends with the escape.
  static absl::StatusOr<LikePattern> Compile(std::string_view pattern, const Options& options);

  // Fails when cancelled: segments with _ and ILIKE take text times pattern at worst.
  absl::StatusOr<bool> Matches(std::string_view text, base::CancellationPoll& poll) const;

  // The string that the pattern equals, where it has no wildcard and respects case.
  std::optional<std::string_view> exact() const;
  // The literal bytes with which every match begins; "" where there are none or case is ignored.
  std::string_view prefix() const;
  // Whether the pattern is its prefix and a %: then it is a range of strings.
  bool is_prefix_only() const { return shape_ == Shape::kPrefix; }

 private:
  enum class Shape { kExact, kPrefix, kSuffix, kContains, kSegments };

  // Characters between two %. Bytes of kAnyCharacter stand for _, listed in `wild`.
  struct Segment {
    std::string bytes;
    std::vector<bool> wild;  // empty: no _ in the segment
    bool has_wild() const { return !wild.empty(); }
  };

  LikePattern() = default;
  absl::StatusOr<size_t> Find(const Segment& segment, std::string_view text, size_t from,
                              size_t* end, base::CancellationPoll& poll) const;
  bool MatchesAt(const Segment& segment, std::string_view text, size_t at, size_t* end) const;
  bool MatchesBackwards(const Segment& segment, std::string_view text, size_t* begin) const;

  Shape shape_ = Shape::kExact;
  bool ignore_case_ = false;
  bool anchored_front_ = true;  // no % before the first segment
  bool anchored_back_ = true;   // no % after the last segment
  std::vector<Segment> segments_;
};

// The position of `needle` in `text` at or after `from`, or npos. Faster than memmem on the short
// texts of a column: first and last byte are compared at 16 places at once. Linear in the text,
// whatever the needle.
size_t FindBytes(std::string_view text, std::string_view needle, size_t from);

struct RegexOptions {
  bool ignore_case = false;
  // PCRE dialect (flag p): look-around, lazy quantifiers, back references; runs under a match
  // limit. Otherwise POSIX extended syntax with \d \w \s \b, leftmost-longest, in time linear in
  // the text.
  bool perl = false;
};

// A regular expression. Matching can be cancelled, or is so short that it need not be: see
// kUninterruptedSteps.
// Thread-safety: immutable; matching from many threads is safe.
class RegexPattern {
 public:
  // Errors 2201B with the engine's reason.
  static absl::StatusOr<RegexPattern> Compile(std::string_view pattern,
                                              const RegexOptions& options);
  // SIMILAR TO: % _ | * + ? {m,n} () [] are special, the whole string must match.
  static absl::StatusOr<RegexPattern> CompileSimilarTo(std::string_view pattern,
                                                       std::optional<std::string_view> escape);

  // Operator ~ (anywhere) and SIMILAR TO (whole).
  absl::StatusOr<bool> Matches(std::string_view text, base::CancellationPoll& poll) const;

  // The first match at or after byte `from`: groups[0] is the match, groups[i] the i-th
  // parenthesis (null data where it took no part), up to `groups_max` of them; asking for the
  // match alone is several times faster. False where there is none. An error when a Perl pattern
  // exceeds its match limit (2201B) or another is too complex for so long a text (54000).
  absl::StatusOr<bool> Find(std::string_view text, size_t from,
                            std::vector<std::string_view>* groups, int groups_max,
                            base::CancellationPoll& poll) const;
  int num_groups() const;

 private:
  struct Engine;
  absl::StatusOr<bool> FindPerl(std::string_view text, size_t from,
                                std::vector<std::string_view>* groups,
                                base::CancellationPoll& poll) const;

  std::shared_ptr<const Engine> engine_;
  bool whole_ = false;
};

}  // namespace vesto::functions
