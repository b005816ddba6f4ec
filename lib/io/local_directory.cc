#include "io/local_directory.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"

namespace vesto::io {
namespace {

// Objects that are being written; List does not show them.
constexpr std::string_view kUploadPrefix = ".vesto-upload-";
constexpr size_t kWriteBufferBytes = 256 * 1024;

absl::Status NoSuchObject(std::string_view key) {
  return SqlError(SqlState::kUndefinedFile,
                  absl::StrCat("object \"", sv(key), "\" does not exist"));
}

absl::Status LeadsOut(std::string_view key) {
  return SqlError(SqlState::kInsufficientPrivilege,
                  absl::StrCat("object \"", sv(key), "\" is a link out of its folder"))
      .Hint("Mount the folder that the link leads to, and name the object by that mount's URL.");
}

bool IsMissing(const absl::Status& status) {
  return SqlStateOf(status) == SqlState::kUndefinedFile;
}

bool IsInside(std::string_view root, std::string_view path) {
  if (root == "/") return true;
  return path.size() >= root.size() && path.substr(0, root.size()) == root &&
         (path.size() == root.size() || path[root.size()] == '/');
}

class LocalReader : public ObjectReader {
 public:
  LocalReader(std::unique_ptr<File> file, uint64_t size) : file_(std::move(file)), size_(size) {}

  uint64_t size() const override { return size_; }

  StatusOr<size_t> ReadAt(uint64_t offset, void* buffer, size_t length) const override {
    if (offset >= size_) return size_t{0};
    // A file that grows meanwhile still looks as it did when it was opened.
    length = static_cast<size_t>(std::min<uint64_t>(length, size_ - offset));
    auto read = file_->ReadAt(offset, buffer, length);
    if (!read.ok()) return ToPublic(read.status());
    return *read;
  }

 private:
  const std::unique_ptr<File> file_;
  const uint64_t size_;
};

class LocalWriter : public ObjectWriter {
 public:
  LocalWriter(std::shared_ptr<FileSystem> files, std::unique_ptr<File> file, std::string upload,
              std::string target)
      : files_(std::move(files)),
        file_(std::move(file)),
        upload_(std::move(upload)),
        target_(std::move(target)) {}
  ~LocalWriter() override { Abandon(); }

  Status Append(std::string_view data) override {
    if (file_ == nullptr) return Closed();
    if (buffer_.size() + data.size() >= kWriteBufferBytes) {
      if (absl::Status status = Flush(); !status.ok()) return ToPublic(status);
      if (data.size() >= kWriteBufferBytes) {
        if (absl::Status status = Write(data); !status.ok()) return ToPublic(status);
        return OkStatus();
      }
    }
    buffer_.append(data);
    return OkStatus();
  }

  Status Close() override {
    if (file_ == nullptr) return Closed();
    absl::Status status = Flush();
    if (status.ok()) status = file_->Sync();
    if (!status.ok()) {
      Abandon();
      return ToPublic(status);
    }
    file_.reset();
    status = files_->Rename(upload_, target_);
    if (!status.ok()) {
      files_->Remove(upload_).IgnoreError();
      return ToPublic(status);
    }
    return ToPublic(files_->SyncDirectory(std::string(DirectoryOf(target_))));
  }

  void Abandon() override {
    if (file_ == nullptr) return;
    file_.reset();
    files_->Remove(upload_).IgnoreError();
  }

 private:
  static Status Closed() {
    return Status(SqlState::kObjectNotInPrerequisiteState, "the object is closed");
  }

  absl::Status Write(std::string_view data) {
    VESTO_RETURN_IF_ERROR(file_->WriteAt(written_, data));
    written_ += data.size();
    return absl::OkStatus();
  }

  absl::Status Flush() {
    VESTO_RETURN_IF_ERROR(Write(buffer_));
    buffer_.clear();
    return absl::OkStatus();
  }

  const std::shared_ptr<FileSystem> files_;
  std::unique_ptr<File> file_;  // null once closed or abandoned
  const std::string upload_;
  const std::string target_;
  std::string buffer_;
  uint64_t written_ = 0;
};

class LocalStore : public ObjectStore {
 public:
  LocalStore(std::shared_ptr<FileSystem> files, std::string root)
      : files_(std::move(files)), root_(std::move(root)) {}

  StatusOr<std::vector<ObjectInfo>> List(std::string_view prefix) override {
    if (Status status = ValidateObjectPrefix(prefix); !status.ok()) return status;
    auto objects = ListObjects(prefix);
    if (!objects.ok()) return ToPublic(objects.status());
    return *std::move(objects);
  }

  StatusOr<std::unique_ptr<ObjectReader>> OpenRead(std::string_view key) override {
    if (Status status = ValidateObjectKey(key); !status.ok()) return status;
    auto reader = Open(key);
    if (!reader.ok()) return ToPublic(reader.status());
    return *std::move(reader);
  }

  StatusOr<std::unique_ptr<ObjectWriter>> OpenWrite(std::string_view key) override {
    if (Status status = ValidateObjectKey(key); !status.ok()) return status;
    auto writer = Create(key);
    if (!writer.ok()) return ToPublic(writer.status());
    return *std::move(writer);
  }

  Status Remove(std::string_view key) override {
    if (Status status = ValidateObjectKey(key); !status.ok()) return status;
    absl::Status status = RemoveObject(key);
    return IsMissing(status) ? OkStatus() : ToPublic(status);
  }

  StatusOr<bool> Exists(std::string_view key) override {
    if (Status status = ValidateObjectKey(key); !status.ok()) return status;
    auto info = StatObject(key);
    if (info.ok()) return info->kind == FileKind::kFile;
    if (IsMissing(info.status())) return false;
    return ToPublic(info.status());
  }

 private:
  // Where `key` really lies: inside the root, through no link.
  absl::StatusOr<std::string> Resolve(std::string_view key) {
    VESTO_ASSIGN_OR_RETURN(const std::string root, files_->Canonical(root_));
    if (key.empty()) return root;
    auto path = files_->Canonical(JoinPath(root, key));
    if (!path.ok()) return IsMissing(path.status()) ? NoSuchObject(key) : path.status();
    if (!IsInside(root, *path)) return LeadsOut(key);
    return *std::move(path);
  }

  absl::StatusOr<FileInfo> StatObject(std::string_view key) {
    VESTO_ASSIGN_OR_RETURN(const std::string path, Resolve(key));
    return files_->Stat(path);
  }

  absl::StatusOr<std::unique_ptr<ObjectReader>> Open(std::string_view key) {
    VESTO_ASSIGN_OR_RETURN(const std::string path, Resolve(key));
    VESTO_ASSIGN_OR_RETURN(const FileInfo info, files_->Stat(path));
    if (info.kind == FileKind::kDirectory) return NoSuchObject(key);
    VESTO_ASSIGN_OR_RETURN(std::unique_ptr<File> file, files_->Open(path, OpenMode::kRead));
    VESTO_ASSIGN_OR_RETURN(const uint64_t size, file->Size());
    return std::unique_ptr<ObjectReader>(std::make_unique<LocalReader>(std::move(file), size));
  }

  // The real folder that holds `key`; makes what is missing when `create`.
  absl::StatusOr<std::string> FolderOf(std::string_view key, bool create) {
    if (create) VESTO_RETURN_IF_ERROR(files_->CreateDirectories(root_));
    VESTO_ASSIGN_OR_RETURN(const std::string root, files_->Canonical(root_));
    std::string folder = root;
    size_t start = 0;
    for (size_t slash; (slash = key.find('/', start)) != std::string_view::npos;
         start = slash + 1) {
      std::string next = JoinPath(folder, key.substr(start, slash - start));
      auto info = files_->Stat(next);
      if (!info.ok()) {
        if (!create || !IsMissing(info.status())) return info.status();
        VESTO_RETURN_IF_ERROR(files_->CreateDirectories(next));
        VESTO_RETURN_IF_ERROR(files_->SyncDirectory(folder));
      } else if (info->kind == FileKind::kLink) {
        VESTO_ASSIGN_OR_RETURN(next, files_->Canonical(next));
        if (!IsInside(root, next)) return LeadsOut(key);
      }
      folder = std::move(next);
    }
    return folder;
  }

  absl::StatusOr<std::unique_ptr<ObjectWriter>> Create(std::string_view key) {
    VESTO_ASSIGN_OR_RETURN(const std::string folder, FolderOf(key, /*create=*/true));
    const std::string target = JoinPath(folder, key.substr(key.rfind('/') + 1));
    auto existing = files_->Stat(target);
    if (existing.ok() && existing->kind != FileKind::kFile && existing->kind != FileKind::kLink) {
      return SqlError(SqlState::kInvalidParameterValue,
                      absl::StrCat("\"", sv(key), "\" is a folder or a device, not an object"));
    }
    while (true) {
      std::string upload = JoinPath(folder, absl::StrCat(sv(kUploadPrefix), next_upload_++));
      auto file = files_->Open(upload, OpenMode::kCreateNew);
      if (file.ok()) {
        return std::unique_ptr<ObjectWriter>(
            std::make_unique<LocalWriter>(files_, *std::move(file), std::move(upload), target));
      }
      if (SqlStateOf(file.status()) != SqlState::kDuplicateObject) return file.status();
    }
  }

  absl::Status RemoveObject(std::string_view key) {
    VESTO_ASSIGN_OR_RETURN(const std::string folder, FolderOf(key, /*create=*/false));
    const std::string path = JoinPath(folder, key.substr(key.rfind('/') + 1));
    VESTO_ASSIGN_OR_RETURN(const FileInfo info, files_->Stat(path));
    if (info.kind == FileKind::kDirectory) return absl::OkStatus();
    return files_->Remove(path);
  }

  // A folder that is still to be listed. `parent` leads to the folder above, so that a link to one
  // of its own ancestors is found and not followed for ever.
  struct Folder {
    std::string path;  // real
    std::string key;   // "" or ends in '/'
    int parent;
  };

  absl::StatusOr<std::vector<ObjectInfo>> ListObjects(std::string_view prefix) {
    std::vector<ObjectInfo> objects;
    auto root = files_->Canonical(root_);
    if (!root.ok()) {
      if (IsMissing(root.status())) return objects;
      return root.status();
    }
    const size_t slash = prefix.rfind('/');
    const std::string_view start =
        slash == std::string_view::npos ? std::string_view() : prefix.substr(0, slash);
    auto start_path = Resolve(start);
    if (!start_path.ok()) {
      if (IsMissing(start_path.status())) return objects;
      return start_path.status();
    }
    std::vector<Folder> folders;
    folders.push_back({*start_path, start.empty() ? "" : absl::StrCat(sv(start), "/"), -1});
    for (size_t i = 0; i < folders.size(); ++i) {
      auto entries = files_->List(folders[i].path);
      if (!entries.ok()) {
        // Removed meanwhile, or the prefix goes through a file.
        if (IsMissing(entries.status())) continue;
        return entries.status();
      }
      for (const DirectoryEntry& entry : *entries) {
        const std::string key = absl::StrCat(folders[i].key, entry.name);
        if (i == 0 && !absl::StartsWith(key, sv(prefix))) continue;
        if (absl::StartsWith(entry.name, sv(kUploadPrefix))) continue;
        VESTO_RETURN_IF_ERROR(ListEntry(*root, static_cast<int>(i), entry, key, folders, objects));
      }
    }
    std::sort(objects.begin(), objects.end(),
              [](const ObjectInfo& a, const ObjectInfo& b) { return a.key < b.key; });
    return objects;
  }

  absl::Status ListEntry(const std::string& root, int parent, const DirectoryEntry& entry,
                         const std::string& key, std::vector<Folder>& folders,
                         std::vector<ObjectInfo>& objects) {
    std::string path = JoinPath(folders[parent].path, entry.name);
    if (entry.kind == FileKind::kLink) {
      auto target = files_->Canonical(path);
      if (!target.ok()) {
        // A link to nothing is no object.
        return IsMissing(target.status()) ? absl::OkStatus() : target.status();
      }
      // Leaving it out would lose rows in silence.
      if (!IsInside(root, *target)) return LeadsOut(key);
      path = *std::move(target);
    }
    auto info = files_->Stat(path);
    if (!info.ok()) return IsMissing(info.status()) ? absl::OkStatus() : info.status();
    if (info->kind == FileKind::kFile) {
      objects.push_back({key, info->bytes});
    } else if (info->kind == FileKind::kDirectory) {
      for (int i = parent; i >= 0; i = folders[i].parent) {
        if (folders[i].path == path) return absl::OkStatus();
      }
      folders.push_back({std::move(path), absl::StrCat(key, "/"), parent});
    }
    return absl::OkStatus();
  }

  const std::shared_ptr<FileSystem> files_;
  const std::string root_;
  std::atomic<uint64_t> next_upload_ = 0;  // pairs with nothing: any distinct numbers do
};

}  // namespace

std::shared_ptr<ObjectStore> LocalDirectoryOn(std::shared_ptr<FileSystem> files, std::string path) {
  if (path.empty() || path.front() != '/') {
    auto here = files->Canonical(".");
    if (here.ok()) path = path.empty() ? *here : JoinPath(*here, path);
  }
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return std::make_shared<LocalStore>(std::move(files), std::move(path));
}

}  // namespace vesto::io

namespace vesto {

std::shared_ptr<ObjectStore> LocalDirectory(std::string path) {
  return io::LocalDirectoryOn(io::PosixFileSystem(), std::move(path));
}

}  // namespace vesto
