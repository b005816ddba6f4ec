#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sql/lexer.h"

namespace vesto::sql {

// The few token primitives that every grammar rule is written with: look ahead, accept, expect.
// Thread-safety: one thread only.
class TokenStream {
 public:
  explicit TokenStream(std::string_view text) : lexer_(text) {}

  // The token `ahead` places after the next one; at most kLookAhead - 1 places.
  const Token& Peek(size_t ahead = 0) {
    while (size_ <= ahead) {
      ring_[(first_ + size_) % kLookAhead] = lexer_.Next();
      ++size_;
    }
    return ring_[(first_ + ahead) % kLookAhead];
  }
  // Consumes the next token. The end of the text is never consumed.
  Token Take() {
    const Token token = Peek();
    if (token.kind != TokenKind::kEnd && token.kind != TokenKind::kError) {
      first_ = (first_ + 1) % kLookAhead;
      --size_;
      last_end_ = token.end;
    }
    return token;
  }

  bool Is(Keyword keyword, size_t ahead = 0) { return Peek(ahead).keyword == keyword; }
  bool Is(Symbol symbol, size_t ahead = 0) { return Peek(ahead).symbol == symbol; }
  bool Is(TokenKind kind, size_t ahead = 0) { return Peek(ahead).kind == kind; }
  // Any unquoted word, keyword or not; `word` in lower case.
  bool IsWord(std::string_view word, size_t ahead = 0);

  template <typename T>
  bool Accept(T what) {
    if (!Is(what)) return false;
    Take();
    return true;
  }
  bool AcceptWord(std::string_view word) {
    if (!IsWord(word)) return false;
    Take();
    return true;
  }
  // Both words or none.
  bool AcceptWords(std::string_view first, std::string_view second) {
    if (!IsWord(first) || !IsWord(second, 1)) return false;
    Take();
    Take();
    return true;
  }

  template <typename T>
  absl::Status Expect(T what) {
    if (!Is(what)) return Unexpected();
    Take();
    return absl::OkStatus();
  }
  absl::Status ExpectWord(std::string_view word) {
    if (!IsWord(word)) return Unexpected();
    Take();
    return absl::OkStatus();
  }

  // `syntax error at or near "x"` for the token `ahead`, or the lexer's own complaint.
  absl::Status Unexpected(size_t ahead = 0);

  int offset() { return Peek().offset; }
  // One past the last consumed token.
  int last_end() const { return last_end_; }
  const Lexer& lexer() const { return lexer_; }
  std::string_view text() const { return lexer_.text(); }
  // The text from `offset` to the end of the last consumed token.
  std::string TextFrom(int offset) const {
    return std::string(text().substr(offset, last_end_ - offset));
  }

 private:
  static constexpr size_t kLookAhead = 8;

  Lexer lexer_;
  std::array<Token, kLookAhead> ring_;
  size_t first_ = 0;
  size_t size_ = 0;
  int last_end_ = 0;
};

}  // namespace vesto::sql
