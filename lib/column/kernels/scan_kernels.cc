#include "column/kernels/scan_kernels.h"

namespace vesto::column::kernels {
namespace {

const ScanKernels& Pick() {
#if defined(__x86_64__)
  // __builtin_cpu_supports asks the operating system too whether it saves the registers.
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2")) {
    return Avx512ScanKernels();
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return Avx2ScanKernels();
#endif
  return ScalarScanKernels();
}

}  // namespace

const ScanKernels& GetScanKernels() {
  static const ScanKernels& kernels = Pick();
  return kernels;
}

}  // namespace vesto::column::kernels
