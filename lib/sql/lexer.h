#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sql/keyword.h"

namespace vesto::sql {

// An operator or punctuation mark of at most four characters, packed so that it compares as a
// number: "||"_symbol.
enum class Symbol : uint32_t { kNone = 0 };

constexpr Symbol MakeSymbol(std::string_view text) {
  uint32_t packed = 0;
  for (char c : text) packed = packed << 8 | static_cast<unsigned char>(c);
  return static_cast<Symbol>(packed);
}

consteval Symbol operator""_symbol(const char* text, size_t size) {
  return MakeSymbol(std::string_view(text, size));
}

enum class TokenKind : uint8_t {
  kEnd,
  kWord,        // keyword or unquoted identifier
  kQuotedWord,  // "identifier"
  kString,      // '...', E'...', $tag$...$tag$
  kNumber,
  kParameter,  // $1
  kSymbol,
  kError,  // unterminated quote or comment, stray character: Lexer::error() tells
};

// A token is a range of the text; Lexer decodes its value when the parser asks for it.
struct Token {
  TokenKind kind = TokenKind::kEnd;
  Keyword keyword = Keyword::kNone;  // kWord
  Symbol symbol = Symbol::kNone;     // kSymbol
  int offset = 0;
  int end = 0;  // one past the last byte
};

// Cuts SQL text into tokens, one at a time, without copying it. The text must outlive the lexer and
// be shorter than 2 GiB.
//
// Backslash is an escape in every string literal, as in PostgreSQL 8.0. "!=" is the symbol "<>".
// Source: redshift/types.md §2, functions.md §1. Thread-safety: one thread only.
class Lexer {
 public:
  explicit Lexer(std::string_view text);

  // The next token; kEnd for ever at the end of the text, kError for ever after an error.
  Token Next();

  std::string_view text() const { return text_; }
  // Why a kError token was returned; 42601.
  const absl::Status& error() const { return error_; }
  // True when the error is a quote or comment that the text's end cut off.
  bool unterminated() const { return unterminated_; }

  // The token as written.
  std::string_view Raw(const Token& token) const {
    return text_.substr(token.offset, token.end - token.offset);
  }
  // kWord, kQuotedWord: folded to lower case (ASCII letters only), cut at 127 bytes.
  std::string Identifier(const Token& token) const;
  // The same, but a quoted word keeps its case: user names.
  std::string UserName(const Token& token) const;
  // kString: without quotes, escapes resolved. 22021 when escapes make a NUL or invalid UTF-8.
  absl::StatusOr<std::string> String(const Token& token) const;
  // kString of COPY and UNLOAD options, whose backslash sequences (\t, \001, \N) the loader itself
  // reads: only '', \' and \\ are resolved.
  std::string OptionString(const Token& token) const;

 private:
  bool SkipBlanks();
  Token Make(TokenKind kind, size_t end);
  Token Fail(std::string_view what, size_t offset, bool unterminated);
  Token Word();
  Token QuotedWord();
  Token QuotedString(size_t quote);
  Token DollarString(size_t tag_end);
  Token Number();
  Token SymbolToken();
  char At(size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }

  std::string_view text_;
  size_t position_ = 0;
  size_t start_ = 0;
  bool failed_ = false;
  bool unterminated_ = false;
  absl::Status error_;
};

// The longest identifier in bytes; longer ones are cut.
inline constexpr size_t kMaxIdentifierBytes = 127;

}  // namespace vesto::sql
