#pragma once

#include <optional>
#include <string>

#include "functions/datetime_format.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {

// A pattern given in an argument; compiled again only when it changes from row to row.
class DateTimeFormatArgument {
 public:
  DateTimeFormatArgument(const KernelCall& call, int index) : patterns_(call.args[index]) {}
  const DateTimeFormat& At(int row) {
    const std::string_view pattern = patterns_[row];
    if (!format_.has_value() || pattern_ != pattern) {
      pattern_ = pattern;
      format_.emplace(pattern);
    }
    return *format_;
  }

 private:
  Argument<std::string_view> patterns_;
  std::string pattern_;
  std::optional<DateTimeFormat> format_;
};

}  // namespace vesto::functions
