#if defined(__x86_64__)
#include <immintrin.h>

#include "column/kernels/scan_kernels.h"

namespace vesto::column::kernels {
namespace {
#include "column/kernels/scan_kernels_inl.h"

constexpr ScanKernels kAvx512 = MakeKernels("avx512");
}  // namespace

const ScanKernels& Avx512ScanKernels() { return kAvx512; }

}  // namespace vesto::column::kernels

#endif
