#include "shell/mount_flag.h"

#include <filesystem>
#include <system_error>

#include "vesto/cluster.h"
#include "vesto/object_store.h"

namespace vesto::shell {

std::string MountFolder(Cluster& cluster, const std::string& flag) {
  constexpr std::string_view kScheme = "s3://";
  const auto problem = [&flag](const std::string& what) { return "--mount " + flag + ": " + what; };
  const size_t equals = flag.find('=');
  if (equals == std::string::npos) return problem("a mount is s3://bucket=FOLDER");
  const std::string url = flag.substr(0, equals), folder = flag.substr(equals + 1);
  if (!url.starts_with(kScheme) || url.size() == kScheme.size()) {
    return problem("COPY and UNLOAD know s3://bucket, not " + url);
  }
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return problem("there is no folder " + folder);
  const Status status = cluster.Mount(url, LocalDirectory(folder));
  return status.ok() ? "" : problem(std::string(status.message()));
}

}  // namespace vesto::shell
