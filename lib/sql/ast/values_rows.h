#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "sql/ast/expression.h"

namespace vesto::sql {

// The rows of a VALUES list. A plain literal (a number with or without a sign, a string, NULL, TRUE,
// FALSE) and DEFAULT are packed into 16 bytes and their text, since an INSERT may bring millions of
// them and an Expression has hundreds of bytes; any other value keeps its tree. Who reads values as
// trees asks At().
// Thread-safety: thread-compatible.
class ValuesRows {
 public:
  // Appends a value to the row that EndRow() will close.
  void Add(ExpressionPtr value);
  void EndRow() { row_ends_.push_back(static_cast<uint32_t>(cells_.size())); }

  bool empty() const { return row_ends_.empty(); }
  size_t size() const { return row_ends_.size(); }
  // How many values row `row` has.
  size_t width(size_t row) const { return row_ends_[row] - Begin(row); }

  int offset(size_t row, size_t column) const { return At(row, column).offset; }
  // The value as the parser made it. `*room` is where a packed one is unpacked: the answer may be
  // `*room`, and lives until the next call with it.
  const Expression& Tree(size_t row, size_t column, ExpressionPtr* room) const;
  // The tree of a value that is not packed, else null.
  const Expression* Unpacked(size_t row, size_t column) const;
  // A packed value's parts: its kind, its sign ("" = none) and its text (kNumber, kString).
  struct Literal {
    ExpressionKind kind = ExpressionKind::kNull;
    bool boolean = false;
    std::string_view sign, text;
  };
  Literal Packed(size_t row, size_t column) const;

  // The trees of all values that are not packed, for who frees them.
  std::vector<ExpressionPtr>& trees() { return trees_; }

 private:
  struct Cell {
    int offset;
    uint32_t begin;  // in text_; an unpacked value: its place in trees_
    uint32_t size;
    ExpressionKind kind;
    bool packed;
    bool boolean;
    char sign;  // '+', '-' or 0
  };
  static_assert(sizeof(Cell) == 16);

  size_t Begin(size_t row) const { return row == 0 ? 0 : row_ends_[row - 1]; }
  const Cell& At(size_t row, size_t column) const { return cells_[Begin(row) + column]; }

  // Deques: growing does not hold two copies.
  std::deque<Cell> cells_;
  std::deque<uint32_t> row_ends_;
  std::string text_;
  std::vector<ExpressionPtr> trees_;
};

}  // namespace vesto::sql
