#include "column/distinct_sketch.h"

#include <cmath>

namespace vesto::column {

double DistinctSketch::Estimate() const {
  double sum = 0;
  int zeros = 0;
  for (uint8_t rank : registers_) {
    sum += std::ldexp(1.0, -rank);
    zeros += rank == 0;
  }
  constexpr double kCount = kRegisters;
  constexpr double kAlpha = 0.7213 / (1 + 1.079 / kCount);
  const double raw = kAlpha * kCount * kCount / sum;
  // Few values leave registers empty: linear counting is exact there.
  if (raw <= 2.5 * kCount && zeros > 0) return kCount * std::log(kCount / zeros);
  return raw;
}

}  // namespace vesto::column
