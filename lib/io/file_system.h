#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The seam between us and the operating system's files. Everything that touches a file goes through
// it, so that tests can fail the n-th call, tear a write or cut the power
// (tests/support/memory_file_system.h). Source: reliability.md §1.
//
// Errors carry the SQLSTATE of their cause: 58P01 a missing file, 42710 one that must not exist,
// 53100 a full disk or quota, 42501 missing rights, 53200 no memory, 58030 anything else; the
// message names the path.
namespace vesto::io {

enum class OpenMode {
  kRead,          // must exist
  kReadWrite,     // must exist
  kCreateNew,     // must not exist; for reading and writing
  kOpenOrCreate,  // for reading and writing
  kTruncate,      // created, or emptied; for reading and writing
};

// An open regular file. Closed by the destructor, which syncs nothing.
// Thread-safety: ReadAt may run beside other ReadAt calls; all else wants one thread at a time.
class File {
 public:
  virtual ~File() = default;

  // Reads up to `length` bytes and returns how many; fewer means the end of the file.
  virtual absl::StatusOr<size_t> ReadAt(uint64_t offset, void* buffer, size_t length) const = 0;
  // Writes all of `data` or fails; after a failure any part of it may have been written.
  virtual absl::Status WriteAt(uint64_t offset, std::string_view data) = 0;
  // Returns once every byte written so far survives a power cut. A failure is final: what was
  // unsynced may be lost even if a later Sync succeeds (reliability.md §2).
  virtual absl::Status Sync() = 0;
  // Cuts the file, or extends it with zero bytes.
  virtual absl::Status Truncate(uint64_t bytes) = 0;
  virtual absl::StatusOr<uint64_t> Size() const = 0;
};

// Held until destroyed; the operating system drops it when the process ends.
class FileLock {
 public:
  virtual ~FileLock() = default;
};

enum class FileKind { kFile, kDirectory, kLink, kOther };

struct FileInfo {
  FileKind kind = FileKind::kFile;
  uint64_t bytes = 0;  // of a regular file
};

struct DirectoryEntry {
  std::string name;  // without its folder
  FileKind kind = FileKind::kFile;
};

// Thread-safety: thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Opens a regular file. The last component must not be a symbolic link, and anything but a
  // regular file is refused (22023) without waiting for it.
  virtual absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) = 0;
  // What lies at `path`; a link is reported as a link.
  virtual absl::StatusOr<FileInfo> Stat(const std::string& path) = 0;
  // The entries of a folder, sorted by name, without "." and "..".
  virtual absl::StatusOr<std::vector<DirectoryEntry>> List(const std::string& directory) = 0;
  // The folder and its missing parents. Succeeds when it exists. Not synced.
  virtual absl::Status CreateDirectories(const std::string& directory) = 0;
  // Atomic; replaces a file at `to`. Durable after SyncDirectory of both parents.
  virtual absl::Status Rename(const std::string& from, const std::string& to) = 0;
  // A file, a link or an empty folder.
  virtual absl::Status Remove(const std::string& path) = 0;
  // Makes creations, renames and removals inside `directory` survive a power cut.
  virtual absl::Status SyncDirectory(const std::string& directory) = 0;
  // Takes the advisory lock of the file, which is created if missing. 55006 when another process,
  // or another holder in this one, has it.
  virtual absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path) = 0;
  // The absolute path without links, "." and "..". The path must exist.
  virtual absl::StatusOr<std::string> Canonical(const std::string& path) = 0;
};

// The operating system's files.
std::shared_ptr<FileSystem> PosixFileSystem();

// False where nothing lies at `path`.
absl::StatusOr<bool> PathExists(FileSystem& files, const std::string& path);
// The whole file, at most `bytes_max` bytes (54000 beyond).
absl::StatusOr<std::string> ReadWholeFile(FileSystem& files, const std::string& path,
                                          uint64_t bytes_max);
// Writes `path` so that it holds either its old or its new contents after a crash: a temporary file
// beside it, sync, rename, sync of the folder.
absl::Status ReplaceFile(FileSystem& files, const std::string& path, std::string_view contents);
// Removes a folder with everything in it. Links are removed, not followed.
absl::Status RemoveTree(FileSystem& files, const std::string& directory);

// "a/b" of ("a", "b"); the folder part and the last part of a path.
std::string JoinPath(std::string_view directory, std::string_view name);
std::string_view DirectoryOf(std::string_view path);

}  // namespace vesto::io
