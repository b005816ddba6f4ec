#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "io/file_system.h"

// The one file of the library that calls the operating system's file functions.
namespace vesto::io {
namespace {

SqlState StateOfErrno(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      return SqlState::kUndefinedFile;
    case EEXIST:
      return SqlState::kDuplicateObject;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return SqlState::kDiskFull;
    case EACCES:
    case EPERM:
    case EROFS:
      return SqlState::kInsufficientPrivilege;
    case ENOMEM:
      return SqlState::kOutOfMemory;
    case ELOOP:
    case ENAMETOOLONG:
      return SqlState::kInvalidParameterValue;
    default:
      return SqlState::kIoError;
  }
}

absl::Status PosixError(const char* action, const std::string& path, int error) {
  return SqlError(StateOfErrno(error), absl::StrCat("could not ", action, " \"", path,
                                                    "\": ", std::system_category().message(error)));
}

// A path that the C interface would silently cut.
absl::Status CheckPath(const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) {
    return SqlError(SqlState::kInvalidParameterValue, "a file path is empty or holds a NUL byte");
  }
  return absl::OkStatus();
}

FileKind KindOfMode(mode_t mode) {
  if (S_ISREG(mode)) return FileKind::kFile;
  if (S_ISDIR(mode)) return FileKind::kDirectory;
  if (S_ISLNK(mode)) return FileKind::kLink;
  return FileKind::kOther;
}

class PosixFile : public File {
 public:
  PosixFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  ~PosixFile() override { ::close(descriptor_); }
  PosixFile(const PosixFile&) = delete;
  PosixFile& operator=(const PosixFile&) = delete;

  absl::StatusOr<size_t> ReadAt(uint64_t offset, void* buffer, size_t length) const override {
    char* out = static_cast<char*>(buffer);
    size_t done = 0;
    while (done < length) {
      const ssize_t got =
          ::pread(descriptor_, out + done, length - done, static_cast<off_t>(offset + done));
      if (got < 0) {
        if (errno == EINTR) continue;
        return PosixError("read file", path_, errno);
      }
      if (got == 0) break;
      done += static_cast<size_t>(got);
    }
    return done;
  }

  absl::Status WriteAt(uint64_t offset, std::string_view data) override {
    size_t done = 0;
    while (done < data.size()) {
      const ssize_t put = ::pwrite(descriptor_, data.data() + done, data.size() - done,
                                   static_cast<off_t>(offset + done));
      if (put < 0) {
        if (errno == EINTR) continue;
        return PosixError("write file", path_, errno);
      }
      done += static_cast<size_t>(put);
    }
    return absl::OkStatus();
  }

  absl::Status Sync() override {
    // fdatasync also writes the size, which is all that reading the data back needs.
    while (::fdatasync(descriptor_) != 0) {
      if (errno != EINTR) return PosixError("sync file", path_, errno);
    }
    return absl::OkStatus();
  }

  absl::Status Truncate(uint64_t bytes) override {
    while (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) {
      if (errno != EINTR) return PosixError("truncate file", path_, errno);
    }
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Size() const override {
    struct stat status;
    if (::fstat(descriptor_, &status) != 0) return PosixError("stat file", path_, errno);
    return static_cast<uint64_t>(status.st_size);
  }

 private:
  const int descriptor_;
  const std::string path_;
};

class PosixFileLock : public FileLock {
 public:
  explicit PosixFileLock(int descriptor) : descriptor_(descriptor) {}
  ~PosixFileLock() override { ::close(descriptor_); }
  PosixFileLock(const PosixFileLock&) = delete;
  PosixFileLock& operator=(const PosixFileLock&) = delete;

 private:
  const int descriptor_;
};

class Posix : public FileSystem {
 public:
  absl::StatusOr<std::unique_ptr<File>> Open(const std::string& path, OpenMode mode) override {
    VESTO_RETURN_IF_ERROR(CheckPath(path));
    int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
    switch (mode) {
      case OpenMode::kRead:
        flags |= O_RDONLY;
        break;
      case OpenMode::kReadWrite:
        flags |= O_RDWR;
        break;
      case OpenMode::kCreateNew:
        flags |= O_RDWR | O_CREAT | O_EXCL;
        break;
      case OpenMode::kOpenOrCreate:
        flags |= O_RDWR | O_CREAT;
        break;
      case OpenMode::kTruncate:
        flags |= O_RDWR | O_CREAT | O_TRUNC;
        break;
    }
    int descriptor;
    do {
      descriptor = ::open(path.c_str(), flags, 0600);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) return PosixError("open file", path, errno);
    auto file = std::make_unique<PosixFile>(descriptor, path);
    struct stat status;
    if (::fstat(descriptor, &status) != 0) return PosixError("stat file", path, errno);
    if (!S_ISREG(status.st_mode)) {
      return SqlError(SqlState::kInvalidParameterValue,
                      absl::StrCat("\"", path, "\" is not a regular file"));
    }
    return std::unique_ptr<File>(std::move(file));
  }

  absl::StatusOr<FileInfo> Stat(const std::string& path) override {
    VESTO_RETURN_IF_ERROR(CheckPath(path));
    struct stat status;
    if (::lstat(path.c_str(), &status) != 0) return PosixError("stat", path, errno);
    return FileInfo{KindOfMode(status.st_mode), static_cast<uint64_t>(status.st_size)};
  }

  absl::StatusOr<std::vector<DirectoryEntry>> List(const std::string& directory) override {
    VESTO_RETURN_IF_ERROR(CheckPath(directory));
    struct Closer {
      void operator()(DIR* stream) const { ::closedir(stream); }
    };
    std::unique_ptr<DIR, Closer> stream(::opendir(directory.c_str()));
    if (stream == nullptr) return PosixError("open directory", directory, errno);
    std::vector<DirectoryEntry> entries;
    while (true) {
      errno = 0;
      const struct dirent* entry = ::readdir(stream.get());
      if (entry == nullptr) {
        if (errno != 0) return PosixError("read directory", directory, errno);
        break;
      }
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      FileKind kind = FileKind::kOther;
      switch (entry->d_type) {
        case DT_REG:
          kind = FileKind::kFile;
          break;
        case DT_DIR:
          kind = FileKind::kDirectory;
          break;
        case DT_LNK:
          kind = FileKind::kLink;
          break;
        case DT_UNKNOWN: {
          auto info = Stat(JoinPath(directory, name));
          if (info.ok()) kind = info->kind;
          break;
        }
        default:
          break;
      }
      entries.push_back({std::string(name), kind});
    }
    std::sort(entries.begin(), entries.end(),
              [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
    return entries;
  }

  absl::Status CreateDirectories(const std::string& directory) override {
    VESTO_RETURN_IF_ERROR(CheckPath(directory));
    for (size_t end = 1; end <= directory.size(); ++end) {
      if (end != directory.size() && directory[end] != '/') continue;
      const std::string part = directory.substr(0, end);
      if (::mkdir(part.c_str(), 0700) == 0) continue;
      const int error = errno;
      struct stat status;
      if (::stat(part.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) continue;
      return PosixError("create directory", part, error);
    }
    return absl::OkStatus();
  }

  absl::Status Rename(const std::string& from, const std::string& to) override {
    VESTO_RETURN_IF_ERROR(CheckPath(from));
    VESTO_RETURN_IF_ERROR(CheckPath(to));
    if (::rename(from.c_str(), to.c_str()) != 0) return PosixError("rename file to", to, errno);
    return absl::OkStatus();
  }

  absl::Status Remove(const std::string& path) override {
    VESTO_RETURN_IF_ERROR(CheckPath(path));
    if (::remove(path.c_str()) != 0) return PosixError("remove", path, errno);
    return absl::OkStatus();
  }

  absl::Status SyncDirectory(const std::string& directory) override {
    VESTO_RETURN_IF_ERROR(CheckPath(directory));
    const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return PosixError("open directory", directory, errno);
    int result;
    do {
      result = ::fsync(descriptor);
    } while (result != 0 && errno == EINTR);
    const int error = errno;
    ::close(descriptor);
    // Some file systems cannot sync a folder and say so; there is nothing more to ask of them.
    if (result != 0 && error != EINVAL) return PosixError("sync directory", directory, error);
    return absl::OkStatus();
  }

  absl::StatusOr<std::unique_ptr<FileLock>> Lock(const std::string& path) override {
    VESTO_RETURN_IF_ERROR(CheckPath(path));
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return PosixError("open lock file", path, errno);
    auto lock = std::make_unique<PosixFileLock>(descriptor);
    // flock belongs to the open file, so that two holders in one process exclude each other too.
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) {
        return SqlError(SqlState::kObjectInUse,
                        absl::StrCat("\"", path, "\" is locked by another process"))
            .Hint("Close the other process, or the other cluster of this one, that uses it.");
      }
      return PosixError("lock", path, errno);
    }
    return std::unique_ptr<FileLock>(std::move(lock));
  }

  absl::StatusOr<std::string> Canonical(const std::string& path) override {
    VESTO_RETURN_IF_ERROR(CheckPath(path));
    struct Freer {
      void operator()(char* text) const { std::free(text); }
    };
    std::unique_ptr<char, Freer> resolved(::realpath(path.c_str(), nullptr));
    if (resolved == nullptr) return PosixError("resolve", path, errno);
    return std::string(resolved.get());
  }
};

}  // namespace

std::shared_ptr<FileSystem> PosixFileSystem() { return std::make_shared<Posix>(); }

}  // namespace vesto::io
