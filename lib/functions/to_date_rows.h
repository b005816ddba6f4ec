#pragma once

#include "functions/pattern_argument.h"
#include "types/datetime.h"

namespace vesto::functions {

// The rows of TO_DATE and TO_TIMESTAMP: args are the text, the pattern and, optionally, whether to
// be strict. Calls store(row, timestamp) for every row, with 0 for NULL ones.
template <typename Store>
absl::Status ReadPatternRows(const KernelCall& call, Store store) {
  const Argument<std::string_view> text(call.args[0]);
  PatternArgument<types::DateTimePattern> patterns(call, 1);
  const bool has_strict = call.args.size() == 3;
  const Argument<uint8_t> strict(call.args[has_strict ? 2 : 0]);
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    if (IsNullRow(call, row)) {
      store(row, int64_t{0});
      continue;
    }
    VESTO_RETURN_IF_ERROR(poll.After(text[row].size()));
    VESTO_ASSIGN_OR_RETURN(const types::DateTimePattern* pattern, patterns.At(row));
    if (pattern->has_zone()) {
      return SqlError(SqlState::kFeatureNotSupported, "\"TZ\"/\"tz\"/\"OF\" not supported");
    }
    VESTO_ASSIGN_OR_RETURN(const auto parsed,
                           pattern->Parse(text[row], has_strict && strict[row] != 0));
    store(row, parsed.timestamp());
  }
  return absl::OkStatus();
}

}  // namespace vesto::functions
