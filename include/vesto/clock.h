#pragma once

#include <cstdint>

namespace vesto {

// The time that a cluster believes in: SYSDATE, GETDATE, telemetry. A test may bring its own.
// Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  // Microseconds since 1970-01-01 00:00:00 UTC.
  virtual int64_t NowMicros() = 0;
};

}  // namespace vesto
