#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/ast/statement.h"

namespace vesto::sql {

// What is common to texts of one query that differ in the integers that its WHERE compares with:
// WHERE id = 4711. Equal keys mean equal trees but for those numbers, every token in its place.
struct TextShape {
  struct Number {
    int offset = 0;
    int32_t value = 0;
  };
  std::string key;  // the text, with '?' for the numbers' digits
  std::vector<Number> numbers;
};

// nullopt for what is no single plain SELECT, or long. In doubt a number belongs to the key.
std::optional<TextShape> ShapeOf(std::string_view text);

// Makes $1, $2, ... of the shape's numbers in the tree of its text. False, and the tree is of no more
// use, when one of them is not found.
bool MakeParameters(const TextShape& shape, Statement* statement);

}  // namespace vesto::sql
