#pragma once

#include <optional>
#include <string>

#include "functions/kernel_loops.h"
#include "types/format_pattern.h"

namespace vesto::functions {

// A pattern given in an argument; compiled again only when it changes from row to row. Pattern is
// types::DateTimePattern or types::NumericPattern.
template <typename Pattern>
class PatternArgument {
 public:
  PatternArgument(const KernelCall& call, int index) : texts_(call.args[index]) {}
  absl::StatusOr<const Pattern*> At(int row) {
    const std::string_view text = texts_[row];
    if (!pattern_.has_value() || text_ != text) {
      VESTO_ASSIGN_OR_RETURN(pattern_, Pattern::Compile(text));
      text_ = text;
    }
    return &*pattern_;
  }

 private:
  Argument<std::string_view> texts_;
  std::string text_;
  std::optional<Pattern> pattern_;
};

}  // namespace vesto::functions
