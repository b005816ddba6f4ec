#include "functions/regexp_call.h"

#include "absl/strings/str_cat.h"
#include "functions/utf8.h"

namespace vesto::functions {

absl::StatusOr<RegexpParameters> ParseRegexpParameters(std::string_view text) {
  RegexpParameters result;
  for (char c : text) {
    switch (c) {
      case 'c':
        result.options.ignore_case = false;
        break;
      case 'i':
        result.options.ignore_case = true;
        break;
      case 'e':
        result.extract_group = true;
        break;
      case 'p':
        result.options.perl = true;
        break;
      default:
        return SqlError(SqlState::kInvalidParameterValue,
                        absl::StrCat("invalid regular expression parameter: \"",
                                     sv(std::string_view(&c, 1)), "\""));
    }
  }
  return result;
}

namespace {

absl::StatusOr<PreparedRegexp> CompileRegexp(std::string_view pattern,
                                             std::string_view parameters) {
  PreparedRegexp result;
  VESTO_ASSIGN_OR_RETURN(result.parameters, ParseRegexpParameters(parameters));
  VESTO_ASSIGN_OR_RETURN(result.pattern, RegexPattern::Compile(pattern, result.parameters.options));
  return result;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const void>> PrepareRegexp(const BindCall& call,
                                                          int parameters_index) {
  const auto pattern = ConstantText(call, 1);
  const bool has_parameters = static_cast<int>(call.types.size()) > parameters_index;
  const auto parameters = has_parameters ? ConstantText(call, parameters_index) : "";
  if (!pattern.has_value() || !parameters.has_value()) return std::shared_ptr<const void>();
  VESTO_ASSIGN_OR_RETURN(PreparedRegexp compiled, CompileRegexp(*pattern, *parameters));
  return std::shared_ptr<const void>(std::make_shared<PreparedRegexp>(std::move(compiled)));
}

RegexpArgument::RegexpArgument(const KernelCall& call, int parameters_index)
    : call_(call),
      parameters_index_(parameters_index),
      prepared_(static_cast<const PreparedRegexp*>(call.state)) {}

absl::StatusOr<const PreparedRegexp*> RegexpArgument::At(int row) {
  if (prepared_ != nullptr) return prepared_;
  const Argument<std::string_view> patterns(call_.args[1]);
  const std::string_view pattern = patterns[row];
  std::string_view parameters;
  if (static_cast<int>(call_.args.size()) > parameters_index_) {
    parameters = Argument<std::string_view>(call_.args[parameters_index_])[row];
  }
  if (!known_ || pattern_ != pattern || parameters_ != parameters) {
    VESTO_ASSIGN_OR_RETURN(compiled_, CompileRegexp(pattern, parameters));
    pattern_ = pattern;
    parameters_ = parameters;
    known_ = true;
  }
  return &compiled_;
}

RegexpMatches::RegexpMatches(const PreparedRegexp& regexp, std::string_view text, int64_t position,
                             base::CancellationPoll& poll)
    : regexp_(regexp), poll_(poll), text_(text.data() == nullptr ? std::string_view("") : text) {
  if (position > 1) {
    start_ = CharacterOffset(text_, position - 1);
    position_in_text_ = start_ < text_.size();
  }
  next_ = start_;
}

absl::StatusOr<bool> RegexpMatches::Next(int groups_max) {
  if (!position_in_text_ || next_ > text_.size()) return false;
  VESTO_ASSIGN_OR_RETURN(const bool found,
                         regexp_.pattern.Find(text_, next_, &groups_, groups_max, poll_));
  if (!found) {
    next_ = text_.size() + 1;
    return false;
  }
  // An empty match moves on by a character, or the walk would never end.
  next_ = groups_[0].empty() ? NextCharacterAt(text_, end()) : end();
  return true;
}

}  // namespace vesto::functions
