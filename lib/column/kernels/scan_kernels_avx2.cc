#if defined(__x86_64__)
#include <immintrin.h>

#include "column/kernels/scan_kernels.h"

namespace vesto::column::kernels {
namespace {
#include "column/kernels/scan_kernels_inl.h"

constexpr ScanKernels kAvx2 = MakeKernels("avx2");
}  // namespace

const ScanKernels& Avx2ScanKernels() { return kAvx2; }

}  // namespace vesto::column::kernels

#endif
