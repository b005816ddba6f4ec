#pragma once

#include <memory>
#include <string>

#include "io/file_system.h"
#include "vesto/object_store.h"

namespace vesto::io {

// What vesto::LocalDirectory returns, over any file system (tests pass one that fails).
std::shared_ptr<ObjectStore> LocalDirectoryOn(std::shared_ptr<FileSystem> files, std::string path);

}  // namespace vesto::io
