#include "cluster/slice_error.h"

#include <string_view>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"

namespace vesto::cluster {
namespace {

// By the beginning of the message.
int CodeOf(absl::string_view message) {
  static constexpr std::pair<std::string_view, int> kCodes[] = {
      {"Invalid digit", 1207},
      {"Overflow (", 1207},
      {"Numeric data overflow", 1058},
      {"Divide by zero", 1014},
  };
  for (const auto& [beginning, code] : kCodes) {
    if (absl::StartsWith(message, sv(beginning))) return code;
  }
  constexpr int kGeneric = 8001;
  return kGeneric;
}

}  // namespace

absl::Status SliceError(const absl::Status& error, int64_t query, int32_t pid) {
  if (error.ok()) return error;
  const SqlState state = SqlStateOf(error);
  const bool of_data = SqlStateCode(state).starts_with("22") ||
                       absl::StartsWith(error.message(), "Result size exceeds");
  if (!of_data) return error;
  const Status said = ToPublic(error);
  constexpr std::string_view kLine = "\n  -----------------------------------------------";
  return SqlError(state, std::string(error.message()))
      .At(OffsetOf(error))
      .Detail(absl::StrCat(sv(kLine), "\n  error:  ", error.message(),           //
                           "\n  code:      ", CodeOf(error.message()),          //
                           "\n  context:   ", sv(said.detail()),                //
                           "\n  query:     ", query,                            //
                           "\n  location:  ",                                   //
                           "\n  process:   query0_", query, " [pid=", pid, "]", sv(kLine)))
      .Hint(std::string(said.hint()))
      .Context(std::string(said.context()));
}

}  // namespace vesto::cluster
