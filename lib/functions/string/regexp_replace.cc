#include "functions/kernel_loops.h"
#include "functions/regexp_call.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

// $1 and \1 stand for the first parenthesis, $0 and \0 for the match.
void AppendRegexpReplacement(std::string_view with, const std::vector<std::string_view>& groups,
                             std::string* out) {
  for (size_t i = 0; i < with.size(); ++i) {
    const char c = with[i];
    const bool reference =
        (c == '$' || c == '\\') && i + 1 < with.size() && with[i + 1] >= '0' && with[i + 1] <= '9';
    if (!reference) {
      if (c == '\\' && i + 1 < with.size() && (with[i + 1] == '\\' || with[i + 1] == '$')) ++i;
      out->push_back(with[i]);
      continue;
    }
    const auto index = static_cast<size_t>(with[++i] - '0');
    if (index < groups.size()) out->append(groups[index]);
  }
}

absl::Status RegexpReplaceKernel(const KernelCall& call, Vector* result) {
  const Argument<StringRef> text(call.args[0]);
  RegexpArgument regexps(call, 4);
  base::CancellationPoll poll(call.context.cancellation);
  const bool has_replacement = call.args.size() > 2;
  const Argument<std::string_view> replacement(call.args[has_replacement ? 2 : 1]);
  result->AddPinsOf(call.args[0]);
  StringRef* out = result->mutable_data<StringRef>();
  std::string replaced;
  for (int row = 0; row < call.rows; ++row) {
    out[row] = text[row];
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const PreparedRegexp* regexp, regexps.At(row));
    const std::string_view with = has_replacement ? replacement[row] : std::string_view();
    const bool needs_groups = with.find_first_of("$\\") != std::string_view::npos;
    const int32_t position = call.args.size() > 3 ? Argument<int32_t>(call.args[3])[row] : 1;
    const std::string_view all = text[row].view();
    RegexpMatches matches(*regexp, all, position, poll);
    replaced.clear();
    size_t copied = 0;
    bool any = false;
    while (true) {
      VESTO_ASSIGN_OR_RETURN(const bool found, matches.Next(needs_groups ? 9 : 0));
      if (!found) break;
      any = true;
      replaced.append(all.substr(copied, matches.begin() - copied));
      AppendRegexpReplacement(with, matches.groups(), &replaced);
      copied = matches.end();
      VESTO_RETURN_IF_ERROR(CheckTextSize(replaced));
    }
    if (!any) continue;
    replaced.append(all.substr(copied));
    out[row] = result->heap().Add(std::string_view(replaced));
  }
  return absl::OkStatus();
}

}  // namespace

void Register_string_regexp_replace(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "regexp_replace",
      .documentation = "The string with every match of a regular expression replaced: (string, "
                       "pattern [, replacement [, position [, parameters]]]).",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, ReturnsLongVarchar(), RegexpReplaceKernel,
                              PrepareRegexpAt<4>),
                    Signature({kAnyVarchar, kAnyVarchar, kAnyVarchar}, ReturnsLongVarchar(),
                              RegexpReplaceKernel, PrepareRegexpAt<4>),
                    Signature({kAnyVarchar, kAnyVarchar, kAnyVarchar, Type::Integer()},
                              ReturnsLongVarchar(), RegexpReplaceKernel, PrepareRegexpAt<4>),
                    Signature({kAnyVarchar, kAnyVarchar, kAnyVarchar, Type::Integer(), kAnyVarchar},
                              ReturnsLongVarchar(), RegexpReplaceKernel, PrepareRegexpAt<4>)}});
}

}  // namespace vesto::functions
