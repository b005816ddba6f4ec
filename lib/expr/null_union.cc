#include "expr/null_union.h"

#include <cstring>

#include "column/dispatch.h"

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

void ZeroNulls(int rows, column::Vector* vector) {
  const uint8_t* nulls = vector->nulls();
  if (nulls == nullptr) return;
  column::DispatchPhysical(vector->physical(), [&](auto tag) {
    using T = decltype(tag);
    T* out = vector->mutable_data<T>();
    for (int i = 0; i < rows; ++i) out[i] = nulls[i] != 0 ? T{} : out[i];
  });
}

}  // namespace vesto::expr
