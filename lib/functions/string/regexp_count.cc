#include "functions/kernel_loops.h"
#include "functions/regexp_call.h"

namespace vesto::functions {
namespace {

absl::Status RegexpCountKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  RegexpArgument regexps(call, 3);
  base::CancellationPoll poll(call.context.cancellation);
  int32_t* out = result->mutable_data<int32_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const PreparedRegexp* regexp, regexps.At(row));
    const int32_t position = call.args.size() > 2 ? Argument<int32_t>(call.args[2])[row] : 1;
    RegexpMatches matches(*regexp, text[row], position, poll);
    while (true) {
      VESTO_ASSIGN_OR_RETURN(const bool found, matches.Next(0));
      if (!found) break;
      ++out[row];
    }
  }
  return absl::OkStatus();
}

}  // namespace

void Register_string_regexp_count(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "regexp_count",
      .documentation = "How often a regular expression matches in a string: (string, pattern [, "
                       "position [, parameters]]).",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Integer()),
                              RegexpCountKernel, PrepareRegexpAt<3>),
                    Signature({kAnyVarchar, kAnyVarchar, Type::Integer()}, Returns(Type::Integer()),
                              RegexpCountKernel, PrepareRegexpAt<3>),
                    Signature({kAnyVarchar, kAnyVarchar, Type::Integer(), kAnyVarchar},
                              Returns(Type::Integer()), RegexpCountKernel, PrepareRegexpAt<3>)}});
}

}  // namespace vesto::functions
