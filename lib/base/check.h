#pragma once

#include <stdexcept>
#include <string>

namespace vesto {

// A broken promise of our own code. Public entry points, the slice-task loop and I/O tasks catch
// it, so that the host process lives; user input must never reach one.
class CheckFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

// Throws CheckFailure in release builds and aborts in debug builds.
[[noreturn]] void FailCheck(const char* file, int line, const char* condition);

}  // namespace vesto

#define VESTO_CHECK(condition) \
  ((condition) ? (void)0 : ::vesto::FailCheck(__FILE__, __LINE__, #condition))

#ifdef NDEBUG
#define VESTO_DCHECK(condition) ((void)0)
#else
#define VESTO_DCHECK(condition) VESTO_CHECK(condition)
#endif
