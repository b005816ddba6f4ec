#pragma once

#include <string>

namespace vesto {
class Cluster;
}  // namespace vesto

namespace vesto::shell {

// Obeys one --mount s3://bucket=FOLDER. Returns what is wrong with it, or "". Unlike Cluster::Mount it
// takes no folder that is not there: on a command line that is a slip.
std::string MountFolder(Cluster& cluster, const std::string& flag);

}  // namespace vesto::shell
