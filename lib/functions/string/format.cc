#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "functions/kernel_loops.h"
#include "functions/sql_quoting.h"
#include "functions/utf8.h"
#include "types/text.h"

// FORMAT(text, ...): %s, %I and %L, with %n$, a width and a left-aligning "-". Source: PostgreSQL
// manual, "String Functions and Operators", format. Redshift has no such function.
namespace vesto::functions {
namespace {

absl::Status FormatRefused(std::string message) {
  return SqlError(SqlState::kInvalidParameterValue, std::move(message));
}

// One row of a call: reads the text from left to right and takes the arguments as it names them.
class FormatRow {
 public:
  FormatRow(const KernelCall& call, int row, std::string* out) : call_(call), row_(row), out_(*out) {}

  absl::Status Write(std::string_view text) {
    text_ = text;
    while (at_ < text_.size()) {
      const size_t percent = std::min(text_.find('%', at_), text_.size());
      out_.append(text_.substr(at_, percent - at_));
      at_ = percent + 1;
      if (percent < text_.size()) VESTO_RETURN_IF_ERROR(Specifier());
      VESTO_RETURN_IF_ERROR(CheckTextSize(out_));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Unterminated() const {
    return SqlError(SqlState::kInvalidParameterValue, "unterminated format() type specifier")
        .Hint("For a single \"%\" use \"%%\".");
  }

  // Digits from here on; nullopt where there are none.
  absl::StatusOr<std::optional<int>> Number() {
    constexpr int64_t kNumberMax = 2'147'483'647;
    const size_t start = at_;
    int64_t number = 0;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      number = number * 10 + (text_[at_] - '0');
      if (number > kNumberMax) {
        return SqlError(SqlState::kNumericValueOutOfRange, "number is out of range");
      }
    }
    if (at_ == start) return std::nullopt;
    return static_cast<int>(number);
  }

  bool Accept(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  // The vector of argument `position`, counted from 1.
  absl::StatusOr<const Vector*> ArgumentAt(int position) const {
    if (position == 0) {
      return FormatRefused(
          "format specifies argument 0, but arguments are numbered from 1");
    }
    if (static_cast<size_t>(position) >= call_.args.size()) {
      return FormatRefused("too few arguments for format()");
    }
    return &call_.args[static_cast<size_t>(position)];
  }

  // After '*': the width is an argument's value; NULL is none.
  absl::StatusOr<int> WidthArgument() {
    VESTO_ASSIGN_OR_RETURN(const std::optional<int> position, Number());
    if (position.has_value() && !Accept('$')) {
      return FormatRefused("width argument position must be ended by \"$\"");
    }
    last_ = position.value_or(last_ + 1);
    VESTO_ASSIGN_OR_RETURN(const Vector* argument, ArgumentAt(last_));
    if (argument->IsNull(row_)) return 0;
    const std::string text = types::ValueToText(argument->ValueAt(row_), call_.context.text);
    int width = 0;
    if (!absl::SimpleAtoi(text, &width) || width == std::numeric_limits<int>::min()) {
      return SqlError(SqlState::kInvalidTextRepresentation,
                      absl::StrCat("invalid input syntax for integer: \"", text, "\""));
    }
    return width;
  }

  absl::Status Specifier() {
    if (Accept('%')) {
      out_.push_back('%');
      return absl::OkStatus();
    }
    // The first digits are a position where "$" follows, and the width where it does not.
    int position = -1, width = 0;
    VESTO_ASSIGN_OR_RETURN(const std::optional<int> number, Number());
    bool has_width = false;
    if (number.has_value()) {
      if (Accept('$')) {
        position = *number;
        if (position == 0) return ArgumentAt(0).status();
      } else {
        width = *number;
        has_width = true;
      }
    }
    bool left = false;
    if (!has_width) {
      while (Accept('-')) left = true;
      if (Accept('*')) {
        VESTO_ASSIGN_OR_RETURN(width, WidthArgument());
      } else {
        VESTO_ASSIGN_OR_RETURN(const std::optional<int> digits, Number());
        width = digits.value_or(0);
      }
    }
    if (at_ >= text_.size()) return Unterminated();
    const char kind = text_[at_];
    if (kind != 's' && kind != 'I' && kind != 'L') {
      const size_t end = NextCharacterAt(text_, at_);
      return SqlError(SqlState::kInvalidParameterValue,
                      absl::StrCat("unrecognized format() type specifier \"",
                                   sv(text_.substr(at_, end - at_)), "\""))
          .Hint("For a single \"%\" use \"%%\".");
    }
    ++at_;
    last_ = position > 0 ? position : last_ + 1;
    VESTO_ASSIGN_OR_RETURN(const Vector* argument, ArgumentAt(last_));
    std::string piece;
    VESTO_RETURN_IF_ERROR(Convert(kind, *argument, &piece));
    return Pad(piece, width, left);
  }

  absl::Status Convert(char kind, const Vector& argument, std::string* piece) const {
    if (argument.IsNull(row_)) {
      if (kind == 'I') {
        return FormatRefused("null values cannot be formatted as an SQL identifier");
      }
      if (kind == 'L') *piece = "NULL";
      return absl::OkStatus();
    }
    const std::string text = types::ValueToText(argument.ValueAt(row_), call_.context.text);
    if (kind == 's') *piece = text;
    if (kind == 'I') AppendIdentifier(text, piece);
    if (kind == 'L') AppendLiteral(text, piece);
    return absl::OkStatus();
  }

  // A negative width aligns to the left as "-" does.
  absl::Status Pad(std::string_view piece, int width, bool left) {
    left = left || width < 0;
    const int64_t blanks = std::abs(int64_t{width}) - CountCharacters(piece);
    const uint64_t padding = blanks > 0 ? static_cast<uint64_t>(blanks) : 0;
    VESTO_RETURN_IF_ERROR(CheckTextSize(out_.size() + piece.size() + padding));
    if (!left) out_.append(padding, ' ');
    out_.append(piece);
    if (left) out_.append(padding, ' ');
    return absl::OkStatus();
  }

  const KernelCall& call_;
  const int row_;
  std::string& out_;
  std::string_view text_;
  size_t at_ = 0;
  int last_ = 0;  // the argument that was taken last
};

absl::Status FormatKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> texts(call.args[0]);
  std::string out;
  for (int row = 0; row < call.rows; ++row) {
    if (call.args[0].IsNull(row)) {
      SetNullRow<StringRef>(result, call.rows, row);
      continue;
    }
    out.clear();
    VESTO_RETURN_IF_ERROR(FormatRow(call, row, &out).Write(texts[row]));
    result->mutable_data<StringRef>()[row] = result->heap().Add(std::string_view(out));
  }
  return absl::OkStatus();
}

}  // namespace

void Register_string_format(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "format",
      .documentation = "The text with its %s, %I and %L replaced by arguments: as text, as SQL "
                       "identifiers and as SQL literals.",
      .null_rule = NullRule::kCustom,
      .volatility = Volatility::kStable,  // dates and times are written as the session does
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar}, ReturnsLongVarchar(), FormatKernel),
                    VariadicSignature({kAnyVarchar, Type::Unknown()}, ReturnsLongVarchar(),
                                      FormatKernel)}});
}

}  // namespace vesto::functions
