#include "sql/lexer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/utf8.h"

namespace vesto::sql {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool IsWordPart(char c) { return IsWordStart(c) || IsDigit(c) || c == '$'; }
bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Where a quoted string's pieces lie: a literal may go on after blanks that hold a line break.
struct StringPieces {
  std::string_view text;
  size_t position;  // of the opening quote, then of the next one
};

// Offset of the quote that continues the literal which ended before `offset`, or npos.
size_t ContinuedAt(std::string_view text, size_t offset) {
  bool line_break = false;
  while (offset < text.size() && IsBlank(text[offset])) {
    line_break |= text[offset] == '\n' || text[offset] == '\r';
    ++offset;
  }
  return line_break && offset < text.size() && text[offset] == '\'' ? offset
                                                                    : std::string_view::npos;
}

// Offset of the closing quote of the piece whose opening quote is at `quote`, or npos.
size_t ClosingQuote(std::string_view text, size_t quote) {
  size_t i = quote + 1;
  while (i < text.size()) {
    if (text[i] == '\\') {
      i += 2;
    } else if (text[i] != '\'') {
      ++i;
    } else if (i + 1 < text.size() && text[i + 1] == '\'') {
      i += 2;
    } else {
      return i;
    }
  }
  return std::string_view::npos;
}

// Length of "$tag$" at the start of `text`, or 0.
size_t DollarTag(std::string_view text) {
  size_t i = 1;
  while (i < text.size() && IsWordPart(text[i]) && text[i] != '$') {
    if (i == 1 && IsDigit(text[i])) return 0;
    ++i;
  }
  return i < text.size() && text[i] == '$' ? i + 1 : 0;
}

std::string CutIdentifier(std::string name) {
  if (name.size() > kMaxIdentifierBytes) {
    size_t size = kMaxIdentifierBytes;
    while (size > 0 && IsContinuation(name[size])) --size;
    name.resize(size);
  }
  return name;
}

std::string Unquote(std::string_view raw) {
  std::string name;
  for (size_t i = 1; i + 1 < raw.size(); ++i) {
    if (raw[i] == '"') ++i;
    name.push_back(raw[i]);
  }
  return name;
}

int DigitBelow(char c, int base) {
  int digit = 99;
  if (IsDigit(c)) digit = c - '0';
  if (c >= 'a' && c <= 'f') digit = c - 'a' + 10;
  if (c >= 'A' && c <= 'F') digit = c - 'A' + 10;
  return digit < base ? digit : -1;
}

// Reads up to `max` digits of `base` at `*offset`.
int ReadEscapeDigits(std::string_view text, size_t* offset, int base, int max) {
  int value = 0;
  for (int i = 0; i < max && *offset < text.size(); ++i) {
    const int digit = DigitBelow(text[*offset], base);
    if (digit < 0) break;
    value = value * base + digit;
    ++*offset;
  }
  return value & 0xFF;
}

// Resolves escapes of the piece between quotes into `out`; true when a byte was spelled by number.
bool AppendUnescaped(std::string_view piece, std::string* out) {
  bool by_number = false;
  size_t i = 0;
  while (i < piece.size()) {
    const char c = piece[i];
    if (c == '\'') {
      out->push_back('\'');
      i += 2;
      continue;
    }
    if (c != '\\' || i + 1 >= piece.size()) {
      const size_t stop = std::min(piece.find_first_of("'\\", i + 1), piece.size());
      out->append(piece.substr(i, stop - i));
      i = stop;
      continue;
    }
    const char escape = piece[i + 1];
    i += 2;
    switch (escape) {
      case 'b':
        out->push_back('\b');
        break;
      case 'f':
        out->push_back('\f');
        break;
      case 'n':
        out->push_back('\n');
        break;
      case 'r':
        out->push_back('\r');
        break;
      case 't':
        out->push_back('\t');
        break;
      case '0':
      case '1':
      case '2':
      case '3':
      case '4':
      case '5':
      case '6':
      case '7':
        --i;
        out->push_back(static_cast<char>(ReadEscapeDigits(piece, &i, 8, 3)));
        by_number = true;
        break;
      case 'x':
        if (i < piece.size() && DigitBelow(piece[i], 16) >= 0) {
          out->push_back(static_cast<char>(ReadEscapeDigits(piece, &i, 16, 2)));
          by_number = true;
          break;
        }
        out->push_back(escape);
        break;
      default:
        out->push_back(escape);
    }
  }
  return by_number;
}

void AppendOption(std::string_view piece, std::string* out) {
  for (size_t i = 0; i < piece.size(); ++i) {
    const bool pair = i + 1 < piece.size();
    if (piece[i] == '\'' ||
        (piece[i] == '\\' && pair && (piece[i + 1] == '\\' || piece[i + 1] == '\'')))
      ++i;
    if (i < piece.size()) out->push_back(piece[i]);
  }
}

// Calls `piece` for the text between each pair of quotes of a quoted string token.
template <typename F>
void ForEachPiece(std::string_view raw, F piece) {
  size_t quote = raw.find('\'');
  while (quote != std::string_view::npos) {
    const size_t close = ClosingQuote(raw, quote);
    if (close == std::string_view::npos) return;
    piece(raw.substr(quote + 1, close - quote - 1));
    quote = ContinuedAt(raw, close + 1);
  }
}

}  // namespace

Lexer::Lexer(std::string_view text) : text_(text) {
  if (text_.substr(0, 3) == "\xEF\xBB\xBF") position_ = 3;  // byte order mark
}

Token Lexer::Make(TokenKind kind, size_t end) {
  position_ = end;
  return Token{kind, Keyword::kNone, Symbol::kNone, static_cast<int>(start_),
               static_cast<int>(end)};
}

Token Lexer::Fail(std::string_view what, size_t offset, bool unterminated) {
  failed_ = true;
  unterminated_ = unterminated;
  size_t size = std::min<size_t>(text_.size() - offset, 64);
  while (size > 0 && offset + size < text_.size() && IsContinuation(text_[offset + size])) --size;
  error_ = SqlError(SqlState::kSyntaxError,
                    absl::StrCat(sv(what), " at or near \"", sv(text_.substr(offset, size)), "\""))
               .At(static_cast<int>(offset));
  start_ = offset;
  return Make(TokenKind::kError, text_.size());
}

// Skips blanks and comments; false when a comment does not end (start_ is then at its start).
bool Lexer::SkipBlanks() {
  while (position_ < text_.size()) {
    const char c = text_[position_];
    if (IsBlank(c)) {
      ++position_;
    } else if (c == '-' && At(position_ + 1) == '-') {
      position_ = std::min(text_.find_first_of("\n\r", position_), text_.size());
    } else if (c == '/' && At(position_ + 1) == '*') {
      start_ = position_;
      int depth = 0;
      do {
        if (position_ + 1 >= text_.size()) return false;
        if (text_[position_] == '/' && text_[position_ + 1] == '*') {
          ++depth;
          position_ += 2;
        } else if (text_[position_] == '*' && text_[position_ + 1] == '/') {
          --depth;
          position_ += 2;
        } else {
          ++position_;
        }
      } while (depth > 0);
    } else {
      break;
    }
  }
  return true;
}

Token Lexer::Next() {
  if (failed_) return Make(TokenKind::kError, text_.size());
  if (!SkipBlanks()) return Fail("unterminated /* comment", start_, true);
  start_ = position_;
  if (position_ >= text_.size()) return Make(TokenKind::kEnd, text_.size());
  const char c = text_[position_];
  if (IsWordStart(c)) {
    if ((c == 'e' || c == 'E') && At(position_ + 1) == '\'') return QuotedString(position_ + 1);
    return Word();
  }
  if (IsDigit(c) || (c == '.' && IsDigit(At(position_ + 1)))) return Number();
  if (c == '\'') return QuotedString(position_);
  if (c == '"') return QuotedWord();
  if (c == '$') {
    if (IsDigit(At(position_ + 1))) {
      size_t end = position_ + 1;
      while (IsDigit(At(end))) ++end;
      return Make(TokenKind::kParameter, end);
    }
    const size_t tag = DollarTag(text_.substr(position_));
    if (tag > 0) return DollarString(position_ + tag);
  }
  // "#name" is a temporary table's name where it cannot be the operator: a#b, a # b.
  if (c == '#' && IsWordStart(At(position_ + 1)) &&
      (position_ == 0 || IsBlank(text_[position_ - 1]) || text_[position_ - 1] == '(' ||
       text_[position_ - 1] == ',' || text_[position_ - 1] == '.')) {
    return Word();
  }
  return SymbolToken();
}

Token Lexer::Word() {
  size_t end = position_ + 1;
  while (end < text_.size() && IsWordPart(text_[end])) ++end;
  Token token = Make(TokenKind::kWord, end);
  token.keyword = FindKeyword(Raw(token));
  return token;
}

Token Lexer::QuotedWord() {
  size_t end = position_ + 1;
  while (true) {
    end = text_.find('"', end);
    if (end == std::string_view::npos) return Fail("unterminated quoted identifier", start_, true);
    if (At(end + 1) != '"') break;
    end += 2;
  }
  if (end == position_ + 1) return Fail("zero-length delimited identifier", start_, false);
  return Make(TokenKind::kQuotedWord, end + 1);
}

Token Lexer::QuotedString(size_t quote) {
  while (true) {
    const size_t close = ClosingQuote(text_, quote);
    if (close == std::string_view::npos) return Fail("unterminated quoted string", start_, true);
    quote = ContinuedAt(text_, close + 1);
    if (quote == std::string_view::npos) return Make(TokenKind::kString, close + 1);
  }
}

Token Lexer::DollarString(size_t tag_end) {
  const std::string_view tag = text_.substr(position_, tag_end - position_);
  const size_t close = text_.find(tag, tag_end);
  if (close == std::string_view::npos) {
    return Fail("unterminated dollar-quoted string", start_, true);
  }
  return Make(TokenKind::kString, close + tag.size());
}

Token Lexer::Number() {
  size_t end = position_;
  while (IsDigit(At(end))) ++end;
  // "1..5" is a range of PL/pgSQL, not the number "1." before another one.
  if (At(end) == '.' && At(end + 1) != '.') {
    ++end;
    while (IsDigit(At(end))) ++end;
  }
  if (At(end) == 'e' || At(end) == 'E') {
    size_t digits = end + 1;
    if (At(digits) == '+' || At(digits) == '-') ++digits;
    if (IsDigit(At(digits))) {
      while (IsDigit(At(digits))) ++digits;
      end = digits;
    }
  }
  return Make(TokenKind::kNumber, end);
}

Token Lexer::SymbolToken() {
  // Longest first. An operator that ends in "/" gives it back when "*" follows: a comment.
  static constexpr std::string_view kLong[] = {"!~~*", "||/", "!~~", "!~*", "~~*", "||", "|/",
                                               "<<",   ">>",  "<=",  ">=",  "<>",  "!=", "!~",
                                               "~~",   "~*",  "::",  ":=",  "..",  "=>"};
  const std::string_view rest = text_.substr(position_, 5);
  for (std::string_view candidate : kLong) {
    if (rest.substr(0, candidate.size()) != candidate) continue;
    if (candidate.back() == '/' && At(position_ + candidate.size()) == '*') continue;
    Token token = Make(TokenKind::kSymbol, position_ + candidate.size());
    token.symbol = candidate == "!=" ? "<>"_symbol : MakeSymbol(candidate);
    return token;
  }
  if (std::string_view("+-*/%^&|#~@<>=()[],;.:").find(rest[0]) == std::string_view::npos) {
    return Fail("syntax error", start_, false);
  }
  Token token = Make(TokenKind::kSymbol, position_ + 1);
  token.symbol = MakeSymbol(rest.substr(0, 1));
  return token;
}

std::string Lexer::Identifier(const Token& token) const {
  std::string name =
      token.kind == TokenKind::kQuotedWord ? Unquote(Raw(token)) : std::string(Raw(token));
  for (char& c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return CutIdentifier(std::move(name));
}

std::string Lexer::UserName(const Token& token) const {
  if (token.kind != TokenKind::kQuotedWord) return Identifier(token);
  return CutIdentifier(Unquote(Raw(token)));
}

absl::StatusOr<std::string> Lexer::String(const Token& token) const {
  const std::string_view raw = Raw(token);
  if (raw[0] == '$') {
    const size_t tag = DollarTag(raw);
    return std::string(raw.substr(tag, raw.size() - 2 * tag));
  }
  std::string value;
  bool by_number = false;
  ForEachPiece(raw, [&](std::string_view piece) { by_number |= AppendUnescaped(piece, &value); });
  if (!by_number) return value;
  if (const absl::Status clean = base::CheckUtf8(value); !clean.ok()) {
    return WithOffset(clean, token.offset);
  }
  return value;
}

std::string Lexer::OptionString(const Token& token) const {
  const std::string_view raw = Raw(token);
  if (raw[0] == '$') {
    const size_t tag = DollarTag(raw);
    return std::string(raw.substr(tag, raw.size() - 2 * tag));
  }
  std::string value;
  ForEachPiece(raw, [&](std::string_view piece) { AppendOption(piece, &value); });
  return value;
}

}  // namespace vesto::sql
