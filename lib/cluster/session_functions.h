#pragma once

#include <memory>

#include "functions/function.h"

namespace vesto::cluster {

// The built-in functions and those that read a session: CURRENT_SCHEMA, CURRENT_SETTING,
// PG_LAST_COPY_COUNT, ... Immutable, one per process: it holds no cluster's state.
std::shared_ptr<const functions::Registry> AllFunctions();

}  // namespace vesto::cluster
