#include "functions/kernel_loops.h"
#include "functions/pattern.h"

namespace vesto::functions {
namespace {

absl::Status SplitPartKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  const Argument<std::string_view> delimiter(call.args[1]);
  const Argument<int32_t> part(call.args[2]);
  result->AddPinsOf(call.args[0]);
  StringRef* out = result->mutable_data<StringRef>();
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    VESTO_RETURN_IF_ERROR(poll.After(text[row].size()));
    const std::string_view all = text[row];
    const std::string_view cut = delimiter[row];
    if (part[row] <= 0) {
      return SqlError(SqlState::kInvalidParameterValue, "field position must be greater than zero");
    }
    if (cut.empty()) {
      if (part[row] == 1) out[row] = StringRef(all);
      continue;
    }
    size_t begin = 0;
    size_t end = FindBytes(all, cut, 0);
    int32_t number = 1;
    while (number < part[row] && end != std::string_view::npos) {
      begin = end + cut.size();
      end = FindBytes(all, cut, begin);
      ++number;
    }
    if (number == part[row]) out[row] = StringRef(all.substr(begin, end - begin));
  }
  return absl::OkStatus();
}

}  // namespace

void Register_string_split_part(Registry& registry) {
  registry.Add(ScalarFunction{.name = "split_part",
                              .documentation = "The n-th part (from 1) of a string that a "
                                               "delimiter divides; empty where there are fewer.",
                              .can_fail = true,
                              .overloads = {Signature({kAnyVarchar, kAnyVarchar, Type::Integer()},
                                                      ReturnsVarcharOf(0), SplitPartKernel)}});
}

}  // namespace vesto::functions
