#include "sql/text_shape.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/status_bridge.h"

namespace vesto::sql {
namespace {

constexpr size_t kTextBytesMax = 1024;
// Any number of so many digits is an INTEGER.
constexpr size_t kDigitsMax = 9;

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_isalnum(byte) || c == '_' || c == '$' || byte >= 0x80;
}

// Behind these words equal numbers may have to stay equal (GROUP BY repeats expressions), or what
// looks like the query's WHERE is not.
bool EndsNumbers(std::string_view word) {
  static constexpr std::string_view kWords[] = {"select", "group", "having", "qualify", "union",
                                                "intersect", "except", "minus", "connect",
                                                "start", "pivot", "unpivot", "over"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

// Reads a text from left to right and notes what may be left out.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) { shape_.key = std::string(text); }

  std::optional<TextShape> Read() {
    if (text_.size() > kTextBytesMax) return std::nullopt;
    while (SkipBlanks()) {
      const char c = text_[at_];
      if (words_ == 0 && !IsWordByte(c)) return std::nullopt;
      if (c == '\'' || c == '"') {
        if (!Quoted(c)) return std::nullopt;
      } else if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
        Number();
      } else if (IsWordByte(c)) {
        if (c == '$' || !Word()) return std::nullopt;
      } else if (c == ';') {
        ++at_;
        if (SkipBlanks()) return std::nullopt;
      } else {
        if (c == '\\' || text_.substr(at_).starts_with("--") ||
            text_.substr(at_).starts_with("/*")) {
          return std::nullopt;
        }
        compares_ = c == '=' && (at_ == 0 || !IsOperator(text_[at_ - 1]));
        ++at_;
      }
    }
    if (words_ == 0) return std::nullopt;
    if (!numbers_stay_) return std::move(shape_);
    return TextShape{std::string(text_), {}};
  }

 private:
  static bool IsOperator(char c) {
    return std::string_view("<>!=~*^|&@#%+-/:`?").find(c) != std::string_view::npos;
  }

  // False at the end.
  bool SkipBlanks() {
    while (at_ < text_.size() && absl::ascii_isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
    return at_ < text_.size();
  }

  bool Quoted(char quote) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') return false;
      if (text_[at_] != quote) continue;
      if (at_ + 1 == text_.size() || text_[at_ + 1] != quote) break;
      ++at_;
    }
    compares_ = false;
    return at_++ < text_.size();
  }

  bool Word() {
    const size_t begin = at_;
    while (at_ < text_.size() && IsWordByte(text_[at_])) ++at_;
    const std::string word = absl::AsciiStrToLower(std::string(text_.substr(begin, at_ - begin)));
    compares_ = false;
    if (words_++ == 0) return word == "select";
    if (word == "into") return false;
    if (word == "where") in_where_ = true;
    if (word == "order" || word == "limit") in_where_ = false;
    numbers_stay_ = numbers_stay_ || EndsNumbers(word);
    return true;
  }

  void Number() {
    const size_t begin = at_;
    while (at_ < text_.size() && absl::ascii_isdigit(static_cast<unsigned char>(text_[at_]))) ++at_;
    const size_t end = at_;
    while (at_ < text_.size() && (IsWordByte(text_[at_]) || text_[at_] == '.')) ++at_;
    const bool compared = compares_;
    compares_ = false;
    if (!compared || !in_where_ || at_ != end || end - begin > kDigitsMax) return;
    // The comparison ends here: behind an operator the number would be a part of something else.
    if (SkipBlanks() && text_[at_] != ')' && text_[at_] != ';' && !IsWordByte(text_[at_])) return;
    int32_t value = 0;
    for (size_t i = begin; i < end; ++i) {
      value = 10 * value + (text_[i] - '0');
      shape_.key[i] = '?';
    }
    shape_.numbers.push_back({static_cast<int>(begin), value});
  }

  const std::string_view text_;
  size_t at_ = 0;
  int words_ = 0;
  bool in_where_ = false;
  bool compares_ = false;  // the last token was '='
  bool numbers_stay_ = false;
  TextShape shape_;
};

// Conditions only: what may hold a number of a shape.
void MakeParameters(const TextShape& shape, Expression* expression, size_t* found) {
  if (expression == nullptr) return;
  if (expression->kind == ExpressionKind::kNumber) {
    for (size_t i = 0; i < shape.numbers.size(); ++i) {
      if (shape.numbers[i].offset != expression->offset) continue;
      expression->kind = ExpressionKind::kParameter;
      expression->index = static_cast<int>(i + 1);
      ++*found;
    }
  }
  for (ExpressionPtr& arg : expression->args) MakeParameters(shape, arg.get(), found);
}

}  // namespace

std::optional<TextShape> ShapeOf(std::string_view text) { return Reader(text).Read(); }

bool MakeParameters(const TextShape& shape, Statement* statement) {
  auto* select = std::get_if<SelectStatement>(&statement->node);
  if (select == nullptr || select->query == nullptr || select->query->select == nullptr) {
    return false;
  }
  size_t found = 0;
  MakeParameters(shape, select->query->select->where.get(), &found);
  statement->num_parameters = static_cast<int>(found);
  return found == shape.numbers.size();
}

}  // namespace vesto::sql
