#pragma once

#include <string>
#include <string_view>

#include "vesto/type.h"

// How Redshift words a text that is no number of a type: COPY in STL_LOAD_ERRORS, and the slices in
// their errors. The leader uses PostgreSQL's words (text.h).
// Source: redshift/errors.md §2 and "Row-level run-time errors on compute nodes".
namespace vesto::types {

// "Invalid digit, Value 'a', Pos 0, Type: Integer": the first byte that cannot be there, and where it
// is, from 0; at the end of `text` there is no value.
std::string InvalidDigit(const Type& type, std::string_view text);

// "Overflow (Integer valid range -2147483648 to 2147483647)". `type` is one of the integers.
std::string_view IntegerOverflow(const Type& type);
// "Value: '12415410808', Character: '8'": the digit with which an integer in `text` grew too large.
std::string OverflowContext(const Type& type, std::string_view text);

}  // namespace vesto::types
