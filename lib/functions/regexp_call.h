#pragma once

#include <memory>
#include <string>
#include <vector>

#include "functions/kernel_loops.h"
#include "functions/pattern.h"

// What REGEXP_COUNT, REGEXP_INSTR, REGEXP_REPLACE and REGEXP_SUBSTR share: argument 1 is the
// pattern, one of the others holds the parameters (letters c, i, e, p).
namespace vesto::functions {

struct RegexpParameters {
  RegexOptions options;
  bool extract_group = false;  // e: the first parenthesis instead of the match
};
// 22023 for an unknown letter.
absl::StatusOr<RegexpParameters> ParseRegexpParameters(std::string_view text);

// A pattern with its parameters: what `prepare` makes.
struct PreparedRegexp {
  RegexPattern pattern;
  RegexpParameters parameters;
};

// `parameters_index` is the argument with the parameters in the longest signature.
absl::StatusOr<std::shared_ptr<const void>> PrepareRegexp(const BindCall& call,
                                                          int parameters_index);
template <int parameters_index>
absl::StatusOr<std::shared_ptr<const void>> PrepareRegexpAt(const BindCall& call) {
  return PrepareRegexp(call, parameters_index);
}

// The pattern of each row: the prepared one, or compiled when it changes.
class RegexpArgument {
 public:
  RegexpArgument(const KernelCall& call, int parameters_index);
  absl::StatusOr<const PreparedRegexp*> At(int row);

 private:
  const KernelCall& call_;
  const int parameters_index_;
  const PreparedRegexp* prepared_;
  PreparedRegexp compiled_;
  bool known_ = false;
  std::string pattern_, parameters_;
};

// Walks over the matches of a text from a position in characters (below 1: 1).
class RegexpMatches {
 public:
  RegexpMatches(const PreparedRegexp& regexp, std::string_view text, int64_t position,
                base::CancellationPoll& poll);
  // False at the end. `groups_max` as in RegexPattern::Find.
  absl::StatusOr<bool> Next(int groups_max);
  // False when the position was beyond the text.
  bool position_in_text() const { return position_in_text_; }
  const std::vector<std::string_view>& groups() const { return groups_; }
  size_t begin() const { return static_cast<size_t>(groups_[0].data() - text_.data()); }
  size_t end() const { return begin() + groups_[0].size(); }
  // Where the search began, in bytes.
  size_t start() const { return start_; }

 private:
  const PreparedRegexp& regexp_;
  base::CancellationPoll& poll_;
  std::string_view text_;
  size_t start_ = 0, next_ = 0;
  bool position_in_text_ = true;
  std::vector<std::string_view> groups_;
};

}  // namespace vesto::functions
