#include "base/stack_guard.h"

#include <pthread.h>

#include <cstdint>

namespace vesto::base {
namespace {

// Lowest usable address of this thread's stack; 0 where the system does not tell.
uintptr_t StackFloor() {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0) return 0;
  void* address = nullptr;
  size_t size = 0;
  const bool known = pthread_attr_getstack(&attributes, &address, &size) == 0;
  pthread_attr_destroy(&attributes);
  return known ? reinterpret_cast<uintptr_t>(address) : 0;
}

}  // namespace

bool HasStack(size_t bytes_needed) {
  thread_local const uintptr_t floor = StackFloor();
  const auto here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  return floor == 0 || here - floor > bytes_needed;
}

}  // namespace vesto::base
