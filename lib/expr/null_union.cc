#include "expr/null_union.h"

#include <cstring>

namespace vesto::expr {

void UnionNulls(std::span<const column::Vector* const> inputs, int rows, column::Vector* result) {
  for (const column::Vector* input : inputs) {
    if (!input->has_nulls()) continue;
    if (input->is_constant()) {
      if (input->IsNull(0)) std::memset(result->MutableNulls(rows), 1, rows);
      continue;
    }
    const uint8_t* in = input->nulls();
    uint8_t* out = result->MutableNulls(rows);
    for (int i = 0; i < rows; ++i) out[i] |= in[i];
  }
}

}  // namespace vesto::expr
