#include "functions/kernel_loops.h"
#include "functions/regexp_call.h"

namespace vesto::functions {
namespace {

absl::Status RegexpSubstrKernel(const KernelCall& call, Vector* result) {
  const Argument<StringRef> text(call.args[0]);
  RegexpArgument regexps(call, 4);
  base::CancellationPoll poll(call.context.cancellation);
  auto integer = [&call](size_t index, int row, int32_t otherwise) {
    return call.args.size() > index ? Argument<int32_t>(call.args[index])[row] : otherwise;
  };
  result->AddPinsOf(call.args[0]);
  StringRef* out = result->mutable_data<StringRef>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const PreparedRegexp* regexp, regexps.At(row));
    const int32_t occurrence = integer(3, row, 1);
    if (occurrence < 1) {
      SetNullRow<StringRef>(result, call.rows, row);
      continue;
    }
    const bool group = regexp->parameters.extract_group && regexp->pattern.num_groups() > 0;
    RegexpMatches matches(*regexp, text[row].view(), integer(2, row, 1), poll);
    bool found = true;
    int32_t count = 0;
    while (found && count < occurrence) {
      VESTO_ASSIGN_OR_RETURN(found, matches.Next(group ? 1 : 0));
      count += found;
    }
    if (found) {
      out[row] = StringRef(matches.groups()[group ? 1 : 0]);
    } else if (count > 0) {
      // No match at all is the empty string, too few matches are NULL.
      SetNullRow<StringRef>(result, call.rows, row);
    }
  }
  return absl::OkStatus();
}

}  // namespace

void Register_string_regexp_substr(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "regexp_substr",
      .documentation = "A match of a regular expression: (string, pattern [, position [, "
                       "occurrence [, parameters]]]).",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarchar, kAnyVarchar}, ReturnsVarcharOf(0), RegexpSubstrKernel,
                    PrepareRegexpAt<4>),
          Signature({kAnyVarchar, kAnyVarchar, Type::Integer()}, ReturnsVarcharOf(0),
                    RegexpSubstrKernel, PrepareRegexpAt<4>),
          Signature({kAnyVarchar, kAnyVarchar, Type::Integer(), Type::Integer()},
                    ReturnsVarcharOf(0), RegexpSubstrKernel, PrepareRegexpAt<4>),
          Signature({kAnyVarchar, kAnyVarchar, Type::Integer(), Type::Integer(), kAnyVarchar},
                    ReturnsVarcharOf(0), RegexpSubstrKernel, PrepareRegexpAt<4>)}});
}

}  // namespace vesto::functions
