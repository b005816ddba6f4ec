#pragma once

#include <string>

#include "functions/date_arithmetic.h"

namespace vesto::functions {

// A time zone given by name in an argument; looked up again only when the name changes.
class TimeZoneArgument {
 public:
  TimeZoneArgument(const KernelCall& call, int index) : names_(call.args[index]) {}
  absl::StatusOr<absl::TimeZone> At(int row) {
    const std::string_view name = names_[row];
    if (!known_ || name_ != name) {
      VESTO_ASSIGN_OR_RETURN(zone_, types::FindTimeZone(name));
      name_ = name;
      known_ = true;
    }
    return zone_;
  }

 private:
  Argument<std::string_view> names_;
  bool known_ = false;
  std::string name_;
  absl::TimeZone zone_;
};

}  // namespace vesto::functions
