#pragma once

#include <cstdint>

#include "column/vector.h"

// Numbers of any physical form, seen as one C++ type.
namespace vesto::expr {

// Digits after the point: a DECIMAL's scale, 0 for integers.
int ScaleOf(const Type& type);

// `input` (integers, DECIMAL, dates, booleans) with int64 or int128 values, as a flat or constant
// vector; itself where it has that form already. An int128 value must fit when int64 is asked for.
column::Vector WidenTo(const column::Vector& input, int rows, types::PhysicalType physical);

// Any number as DOUBLE PRECISION, flat or constant.
column::Vector ToDoubles(const column::Vector& input, int rows);

}  // namespace vesto::expr
