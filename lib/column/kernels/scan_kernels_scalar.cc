#include "column/kernels/scan_kernels.h"

namespace vesto::column::kernels {
namespace {
#include "column/kernels/scan_kernels_inl.h"

constexpr ScanKernels kScalar = MakeKernels("scalar");
}  // namespace

const ScanKernels& ScalarScanKernels() { return kScalar; }

}  // namespace vesto::column::kernels
