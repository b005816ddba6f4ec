#pragma once

#include <exception>
#include <new>
#include <utility>

#include "vesto/status.h"

namespace vesto::cluster {

// The body of a public function: what is thrown in it becomes its vesto::Status or StatusOr.
template <typename Body>
auto Guarded(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Status(SqlState::kOutOfMemory, "out of memory");
  } catch (const std::exception& failure) {
    return Status(SqlState::kInternalError, failure.what());
  }
}

// The same for a handle that `impl` stands behind: 55000 once that was moved from.
template <typename Impl, typename Body>
auto Guarded(const Impl& impl, Body&& body) -> decltype(body()) {
  if (impl == nullptr) {
    return Status(SqlState::kObjectNotInPrerequisiteState, "this handle was moved from");
  }
  return Guarded(std::forward<Body>(body));
}

}  // namespace vesto::cluster
