#pragma once

#include <cstddef>

namespace vesto::base {

// True while the current thread has comfortably more stack than a recursive pass needs for its
// next level. Recursive code over user input asks at every level and answers 54001 when false:
//   if (!base::HasStack()) return StatementTooComplex(offset);
bool HasStack(size_t bytes_needed = 96 * 1024);

}  // namespace vesto::base
