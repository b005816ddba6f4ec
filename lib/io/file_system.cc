#include "io/file_system.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::io {

absl::StatusOr<bool> PathExists(FileSystem& files, const std::string& path) {
  auto info = files.Stat(path);
  if (info.ok()) return true;
  if (SqlStateOf(info.status()) == SqlState::kUndefinedFile) return false;
  return info.status();
}

absl::StatusOr<std::string> ReadWholeFile(FileSystem& files, const std::string& path,
                                          uint64_t bytes_max) {
  VESTO_ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  VESTO_ASSIGN_OR_RETURN(const uint64_t size, file->Size());
  if (size > bytes_max) {
    return SqlError(SqlState::kProgramLimitExceeded,
                    absl::StrCat("file \"", path, "\" has ", size, " bytes; at most ", bytes_max,
                                 " are expected"));
  }
  std::string contents(size, '\0');
  VESTO_ASSIGN_OR_RETURN(const size_t read, file->ReadAt(0, contents.data(), contents.size()));
  contents.resize(read);
  return contents;
}

absl::Status ReplaceFile(FileSystem& files, const std::string& path, std::string_view contents) {
  const std::string temporary = absl::StrCat(path, ".new");
  {
    VESTO_ASSIGN_OR_RETURN(std::unique_ptr<File> file, files.Open(temporary, OpenMode::kTruncate));
    absl::Status status = file->WriteAt(0, contents);
    if (status.ok()) status = file->Sync();
    if (!status.ok()) {
      file.reset();
      files.Remove(temporary).IgnoreError();
      return status;
    }
  }
  VESTO_RETURN_IF_ERROR(files.Rename(temporary, path));
  return files.SyncDirectory(std::string(DirectoryOf(path)));
}

absl::Status RemoveTree(FileSystem& files, const std::string& directory) {
  // Children are listed after their parents, so removing backwards empties every folder first.
  std::vector<std::string> folders = {directory};
  for (size_t i = 0; i < folders.size(); ++i) {
    const std::string folder = folders[i];
    VESTO_ASSIGN_OR_RETURN(const std::vector<DirectoryEntry> entries, files.List(folder));
    for (const DirectoryEntry& entry : entries) {
      const std::string path = JoinPath(folder, entry.name);
      if (entry.kind == FileKind::kDirectory) {
        folders.push_back(path);
      } else {
        VESTO_RETURN_IF_ERROR(files.Remove(path));
      }
    }
  }
  for (size_t i = folders.size(); i-- > 0;) VESTO_RETURN_IF_ERROR(files.Remove(folders[i]));
  return absl::OkStatus();
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  if (directory.back() == '/') return absl::StrCat(sv(directory), sv(name));
  return absl::StrCat(sv(directory), "/", sv(name));
}

std::string_view DirectoryOf(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  if (slash == 0) return "/";
  return path.substr(0, slash);
}

}  // namespace vesto::io
