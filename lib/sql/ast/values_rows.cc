#include "sql/ast/values_rows.h"

#include <utility>

namespace vesto::sql {
namespace {

bool IsLiteral(const Expression& value) {
  switch (value.kind) {
    case ExpressionKind::kNull:
    case ExpressionKind::kBoolean:
    case ExpressionKind::kNumber:
    case ExpressionKind::kString:
    case ExpressionKind::kDefault: return true;
    default: return false;
  }
}

// A sign directly before its number, so that one offset tells both.
bool IsSignedNumber(const Expression& value) {
  return value.kind == ExpressionKind::kUnary && (value.op == "-" || value.op == "+") &&
         value.args[0]->kind == ExpressionKind::kNumber &&
         value.args[0]->offset == value.offset + 1;
}

}  // namespace

void ValuesRows::Add(ExpressionPtr value) {
  Cell cell{.offset = value->offset,
            .begin = static_cast<uint32_t>(text_.size()),
            .size = 0,
            .kind = value->kind,
            .packed = true,
            .boolean = value->boolean,
            .sign = 0};
  const Expression* literal = value.get();
  if (IsSignedNumber(*value)) {
    cell.sign = value->op[0];
    literal = value->args[0].get();
  }
  if (IsLiteral(*literal)) {
    cell.kind = literal->kind;
    cell.size = static_cast<uint32_t>(literal->text.size());
    text_.append(literal->text);
  } else {
    cell.packed = false;
    cell.begin = static_cast<uint32_t>(trees_.size());
    trees_.push_back(std::move(value));
  }
  cells_.push_back(cell);
}

const Expression* ValuesRows::Unpacked(size_t row, size_t column) const {
  const Cell& cell = At(row, column);
  return cell.packed ? nullptr : trees_[cell.begin].get();
}

ValuesRows::Literal ValuesRows::Packed(size_t row, size_t column) const {
  const Cell& cell = At(row, column);
  return {.kind = cell.kind,
          .boolean = cell.boolean,
          .sign = cell.sign == 0 ? "" : cell.sign == '-' ? "-" : "+",
          .text = std::string_view(text_).substr(cell.begin, cell.size)};
}

const Expression& ValuesRows::Tree(size_t row, size_t column, ExpressionPtr* room) const {
  if (const Expression* tree = Unpacked(row, column); tree != nullptr) return *tree;
  const Literal literal = Packed(row, column);
  if (*room == nullptr) *room = std::make_unique<Expression>();
  Expression* node = room->get();
  node->offset = offset(row, column);
  if (literal.sign.empty()) {
    node->args.clear();
  } else {
    node->kind = ExpressionKind::kUnary;
    node->op = literal.sign;
    if (node->args.empty()) node->args.push_back(std::make_unique<Expression>());
    node = node->args[0].get();
    node->offset = offset(row, column) + 1;
  }
  node->kind = literal.kind;
  node->boolean = literal.boolean;
  node->text = literal.text;
  return **room;
}

}  // namespace vesto::sql
