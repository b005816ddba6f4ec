#include "functions/kernel_loops.h"
#include "functions/regexp_call.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

absl::Status RegexpInstrKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  RegexpArgument regexps(call, 5);
  base::CancellationPoll poll(call.context.cancellation);
  auto integer = [&call](size_t index, int row, int32_t otherwise) {
    return call.args.size() > index ? Argument<int32_t>(call.args[index])[row] : otherwise;
  };
  int32_t* out = result->mutable_data<int32_t>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const PreparedRegexp* regexp, regexps.At(row));
    const int32_t occurrence = integer(3, row, 1);
    if (occurrence < 1) continue;
    const bool group = regexp->parameters.extract_group && regexp->pattern.num_groups() > 0;
    RegexpMatches matches(*regexp, text[row], integer(2, row, 1), poll);
    bool found = true;
    for (int32_t i = 0; i < occurrence && found; ++i) {
      VESTO_ASSIGN_OR_RETURN(found, matches.Next(group ? 1 : 0));
    }
    if (!found) continue;
    const std::string_view hit = matches.groups()[group ? 1 : 0];
    if (hit.data() == nullptr) continue;
    const std::string_view all = text[row];
    const auto offset = group ? static_cast<size_t>(hit.data() - all.data()) : matches.begin();
    const size_t at = integer(4, row, 0) == 0 ? offset : offset + hit.size();
    out[row] = static_cast<int32_t>(CountCharacters(all.substr(0, at)) + 1);
  }
  return absl::OkStatus();
}

}  // namespace

void Register_string_regexp_instr(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "regexp_instr",
      .documentation =
          "The position of a match of a regular expression: (string, pattern [, position [, "
          "occurrence [, option [, parameters]]]]); option 1 asks for the position after it.",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Integer()), RegexpInstrKernel,
                    PrepareRegexpAt<5>),
          Signature({kAnyVarchar, kAnyVarchar, Type::Integer()}, Returns(Type::Integer()),
                    RegexpInstrKernel, PrepareRegexpAt<5>),
          Signature({kAnyVarchar, kAnyVarchar, Type::Integer(), Type::Integer()},
                    Returns(Type::Integer()), RegexpInstrKernel, PrepareRegexpAt<5>),
          Signature({kAnyVarchar, kAnyVarchar, Type::Integer(), Type::Integer(), Type::Integer()},
                    Returns(Type::Integer()), RegexpInstrKernel, PrepareRegexpAt<5>),
          Signature({kAnyVarchar, kAnyVarchar, Type::Integer(), Type::Integer(), Type::Integer(),
                     kAnyVarchar},
                    Returns(Type::Integer()), RegexpInstrKernel, PrepareRegexpAt<5>)}});
}

}  // namespace vesto::functions
