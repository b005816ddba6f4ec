#include "io/mounts.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "io/file_system.h"

namespace vesto::io {
namespace {

constexpr std::string_view kFileScheme = "file://";

// "s3://bucket/x" -> "s3://bucket/x" with a lower-case scheme and no slash at the end; "" when it
// is no URL.
std::string NormalizedUrl(std::string_view url) {
  const size_t colon = url.find("://");
  if (colon == std::string_view::npos || colon == 0 || colon + 3 >= url.size()) return "";
  std::string result = absl::AsciiStrToLower(sv(url.substr(0, colon)));
  for (const char c : result) {
    if (!absl::ascii_isalnum(c) && c != '+' && c != '-' && c != '.') return "";
  }
  result.append(url.substr(colon));
  while (result.size() > colon + 3 && result.back() == '/') result.pop_back();
  return result.size() > colon + 3 ? result : "";
}

// Removes empty, "." and ".." segments from an absolute path, by its text alone. The folders of
// the result are checked for links when they are opened. A slash at the end stays: it says that a
// prefix names a folder.
std::string NormalizedPath(std::string_view path) {
  std::vector<std::string_view> segments;
  size_t start = 0;
  while (start <= path.size()) {
    size_t slash = path.find('/', start);
    if (slash == std::string_view::npos) slash = path.size();
    const std::string_view segment = path.substr(start, slash - start);
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
    start = slash + 1;
  }
  std::string result;
  for (const std::string_view segment : segments) absl::StrAppend(&result, "/", sv(segment));
  if (result.empty() || path.back() == '/') result += '/';
  return result;
}

absl::StatusOr<std::string> AbsolutePath(std::string_view path) {
  if (!path.empty() && path.front() == '/') return NormalizedPath(path);
  VESTO_ASSIGN_OR_RETURN(const std::string here, PosixFileSystem()->Canonical("."));
  return NormalizedPath(absl::StrCat(here, "/", sv(path)));
}

}  // namespace

MountTable::MountTable(LocalPathOptions local) : local_(std::move(local)) {}

absl::Status MountTable::Mount(std::string_view url_prefix, std::shared_ptr<ObjectStore> store) {
  std::string prefix = NormalizedUrl(url_prefix);
  if (prefix.empty() || store == nullptr) {
    return SqlError(SqlState::kInvalidParameterValue,
                    absl::StrCat("cannot mount \"", sv(url_prefix),
                                 "\": a mount needs a URL and a store"))
        .Hint("Use a URL such as s3://bucket.");
  }
  base::MutexLock lock(mutex_);
  for (Entry& entry : entries_) {
    if (entry.prefix == prefix) {
      entry.store = std::move(store);
      return absl::OkStatus();
    }
  }
  entries_.push_back({std::move(prefix), std::move(store)});
  return absl::OkStatus();
}

absl::Status MountTable::Unmount(std::string_view url_prefix) {
  const std::string prefix = NormalizedUrl(url_prefix);
  base::MutexLock lock(mutex_);
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& e) { return e.prefix == prefix; });
  if (entry == entries_.end()) {
    return SqlError(SqlState::kUndefinedObject,
                    absl::StrCat("\"", sv(url_prefix), "\" is not mounted"));
  }
  entries_.erase(entry);
  return absl::OkStatus();
}

std::vector<std::string> MountTable::Prefixes() const {
  std::vector<std::string> prefixes;
  {
    base::MutexLock lock(mutex_);
    for (const Entry& entry : entries_) prefixes.push_back(entry.prefix);
  }
  std::sort(prefixes.begin(), prefixes.end());
  return prefixes;
}

absl::StatusOr<ObjectLocation> MountTable::Resolve(std::string_view url) const {
  if (url.empty() || url.find('\0') != std::string_view::npos) {
    return SqlError(SqlState::kInvalidParameterValue,
                    "a source or destination is empty or holds "
                    "a NUL byte");
  }
  const std::string normalized = NormalizedUrl(url);
  if (normalized.empty() && url.find("://") == std::string_view::npos) return ResolveLocal(url);
  if (!normalized.empty()) {
    ObjectLocation location;
    size_t longest = 0;
    base::MutexLock lock(mutex_);
    for (const Entry& entry : entries_) {
      if (entry.prefix.size() <= longest || !absl::StartsWith(normalized, entry.prefix)) continue;
      if (normalized.size() > entry.prefix.size() && normalized[entry.prefix.size()] != '/') {
        continue;
      }
      longest = entry.prefix.size();
      location.store = entry.store;
      location.url_prefix = absl::StrCat(entry.prefix, "/");
      // The slash at the end of the URL is part of the key: s3://b/orders/ is not s3://b/orders-2.
      location.key = url.size() > longest ? std::string(url.substr(longest + 1)) : "";
    }
    if (location.store != nullptr) return location;
  }
  if (absl::StartsWithIgnoreCase(sv(url), sv(kFileScheme))) {
    return ResolveLocal(url.substr(kFileScheme.size()));
  }
  const size_t bucket = url.find("://");
  const size_t slash = url.find('/', bucket + 3);
  return SqlError(SqlState::kInternalError,
                  absl::StrCat("The specified S3 prefix '",
                               slash == std::string_view::npos ? "" : sv(url.substr(slash + 1)),
                               "' does not exist"))
      .Detail(absl::StrCat("Nothing is mounted at ", sv(url.substr(0, slash)), "."))
      .Hint(absl::StrCat("Mount a folder or an object store there first: Cluster::Mount(\"",
                         sv(url.substr(0, slash)), "\", ...), or --mount in the shell."));
}

absl::StatusOr<ObjectLocation> MountTable::ResolveLocal(std::string_view path) const {
  absl::Status refused =
      SqlError(SqlState::kInsufficientPrivilege,
               absl::StrCat("access to the local path \"", sv(path), "\" is not allowed"))
          .Hint(
              "Mount its folder with Cluster::Mount (or --mount in the shell) and use the "
              "mount's URL.");
  if (!local_.allow_all) {
    if (local_.roots.empty()) return refused;
    if (absl::StrContains(absl::StrCat("/", sv(path), "/"), "/../")) return refused;
  }
  VESTO_ASSIGN_OR_RETURN(const std::string absolute, AbsolutePath(path));
  for (const std::string& root : local_.roots) {
    VESTO_ASSIGN_OR_RETURN(std::string folder, AbsolutePath(root));
    if (folder.back() != '/') folder += '/';
    if (absl::StartsWith(absolute, folder)) {
      return ObjectLocation{LocalDirectory(folder), absolute.substr(folder.size()), folder};
    }
  }
  if (!local_.allow_all) return refused;
  return ObjectLocation{LocalDirectory("/"), absolute.substr(1), "/"};
}

absl::Status PrefixDoesNotExist(std::string_view url) {
  std::string_view prefix = url;
  if (const size_t colon = url.find("://"); colon != std::string_view::npos) {
    const size_t slash = url.find('/', colon + 3);
    prefix = slash == std::string_view::npos ? std::string_view() : url.substr(slash + 1);
  }
  return SqlError(SqlState::kInternalError,
                  absl::StrCat("The specified S3 prefix '", sv(prefix), "' does not exist"));
}

}  // namespace vesto::io
