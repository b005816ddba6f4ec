#include "base/hash.h"

#include <xxhash.h>

namespace vesto::base {

uint64_t HashBytes(const void* data, size_t size) { return XXH3_64bits(data, size); }

}  // namespace vesto::base
