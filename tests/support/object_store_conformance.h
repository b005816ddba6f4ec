#pragma once

#include "vesto/object_store.h"

namespace vesto::test {

// Checks every promise of vesto/object_store.h against an empty store. Call it from a TEST_CASE of
// each implementation.
void CheckObjectStore(ObjectStore& store);

}  // namespace vesto::test
