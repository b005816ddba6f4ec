#include "support/memory_file_system.h"

#include <algorithm>
#include <cstring>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::test {
namespace {

absl::Status Missing(const std::string& path) {
  return SqlError(SqlState::kUndefinedFile, absl::StrCat("\"", path, "\" does not exist"));
}

std::string WithoutSlash(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

class MemoryFile : public io::File {
 public:
  MemoryFile(std::shared_ptr<MemoryFileSystem::State> state,
             std::shared_ptr<MemoryFileSystem::Node> node, std::string path)
      : state_(std::move(state)), node_(std::move(node)), path_(std::move(path)) {}

  absl::StatusOr<size_t> ReadAt(uint64_t offset, void* buffer, size_t length) const override {
    base::MutexLock lock(state_->mutex);
    VESTO_RETURN_IF_ERROR(state_->Count("read", path_));
    if (offset >= node_->bytes.size()) return size_t{0};
    length = std::min<size_t>(length, node_->bytes.size() - offset);
    std::memcpy(buffer, node_->bytes.data() + offset, length);
    return length;
  }

  absl::Status WriteAt(uint64_t offset, std::string_view data) override {
    base::MutexLock lock(state_->mutex);
    absl::Status status = state_->Count("write", path_);
    if (!status.ok()) data = data.substr(0, data.size() / 2);
    const uint64_t end = offset + data.size();
    if (end > node_->bytes.size()) {
      if (state_->BytesUsed() + (end - node_->bytes.size()) > state_->capacity) {
        return SqlError(SqlState::kDiskFull, "no space left");
      }
      node_->bytes.resize(end, '\0');
    }
    node_->bytes.replace(offset, data.size(), data);
    return status;
  }

  absl::Status Sync() override {
    base::MutexLock lock(state_->mutex);
    VESTO_RETURN_IF_ERROR(state_->Count("sync", path_));
    node_->synced = node_->bytes;
    return absl::OkStatus();
  }

  absl::Status Truncate(uint64_t bytes) override {
    base::MutexLock lock(state_->mutex);
    VESTO_RETURN_IF_ERROR(state_->Count("truncate", path_));
    node_->bytes.resize(bytes, '\0');
    return absl::OkStatus();
  }

  absl::StatusOr<uint64_t> Size() const override {
    base::MutexLock lock(state_->mutex);
    return node_->bytes.size();
  }

 private:
  const std::shared_ptr<MemoryFileSystem::State> state_;
  const std::shared_ptr<MemoryFileSystem::Node> node_;
  const std::string path_;
};

class MemoryFileLock : public io::FileLock {
 public:
  MemoryFileLock(std::shared_ptr<MemoryFileSystem::State> state, std::string path)
      : state_(std::move(state)), path_(std::move(path)) {}
  ~MemoryFileLock() override {
    base::MutexLock lock(state_->mutex);
    state_->locks.erase(path_);
  }

 private:
  const std::shared_ptr<MemoryFileSystem::State> state_;
  const std::string path_;
};

absl::Status MemoryFileSystem::State::Count(const char* action, const std::string& path) {
  const int64_t operation = operations++;
  const bool fails =
      fail_at >= 0 && (operation == fail_at || (fail_for_ever && operation > fail_at));
  if (!fails) return absl::OkStatus();
  return SqlError(fail_state, absl::StrCat("could not ", action, " \"", path, "\": injected"));
}

uint64_t MemoryFileSystem::State::BytesUsed() const {
  uint64_t bytes = 0;
  for (const auto& [path, node] : files) bytes += node->bytes.size();
  return bytes;
}

MemoryFileSystem::MemoryFileSystem() : state_(std::make_shared<State>()) {
  base::MutexLock lock(state_->mutex);
  state_->folders = {"/", "."};
}

absl::StatusOr<std::unique_ptr<io::File>> MemoryFileSystem::Open(const std::string& path,
                                                                 io::OpenMode mode) {
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("open", path));
  if (state_->folders.contains(path)) {
    return SqlError(SqlState::kInvalidParameterValue,
                    absl::StrCat("\"", path, "\" is not a regular file"));
  }
  auto found = state_->files.find(path);
  const bool exists = found != state_->files.end();
  const bool creates = mode == io::OpenMode::kCreateNew || mode == io::OpenMode::kOpenOrCreate ||
                       mode == io::OpenMode::kTruncate;
  if (!exists && (!creates || !state_->folders.contains(std::string(io::DirectoryOf(path))))) {
    return Missing(path);
  }
  if (exists && mode == io::OpenMode::kCreateNew) {
    return SqlError(SqlState::kDuplicateObject, absl::StrCat("\"", path, "\" exists"));
  }
  if (!exists) found = state_->files.emplace(path, std::make_shared<Node>()).first;
  if (mode == io::OpenMode::kTruncate) found->second->bytes.clear();
  return std::unique_ptr<io::File>(std::make_unique<MemoryFile>(state_, found->second, path));
}

absl::StatusOr<io::FileInfo> MemoryFileSystem::Stat(const std::string& raw_path) {
  const std::string path = WithoutSlash(raw_path);
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("stat", path));
  if (state_->folders.contains(path)) return io::FileInfo{io::FileKind::kDirectory, 0};
  const auto found = state_->files.find(path);
  if (found == state_->files.end()) return Missing(path);
  return io::FileInfo{io::FileKind::kFile, found->second->bytes.size()};
}

absl::StatusOr<std::vector<io::DirectoryEntry>> MemoryFileSystem::List(
    const std::string& raw_directory) {
  const std::string directory = WithoutSlash(raw_directory);
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("list", directory));
  if (!state_->folders.contains(directory)) return Missing(directory);
  std::vector<io::DirectoryEntry> entries;
  const auto add = [&](const std::string& path, io::FileKind kind) {
    if (path == directory || path == "." || io::DirectoryOf(path) != directory) return;
    entries.push_back({path.substr(path.rfind('/') + 1), kind});
  };
  for (const auto& [path, node] : state_->files) add(path, io::FileKind::kFile);
  for (const std::string& path : state_->folders) add(path, io::FileKind::kDirectory);
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return entries;
}

absl::Status MemoryFileSystem::CreateDirectories(const std::string& raw_directory) {
  std::string directory = WithoutSlash(raw_directory);
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("create directory", directory));
  while (state_->folders.insert(directory).second) {
    directory = std::string(io::DirectoryOf(directory));
  }
  return absl::OkStatus();
}

absl::Status MemoryFileSystem::Rename(const std::string& from, const std::string& to) {
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("rename", from));
  const auto found = state_->files.find(from);
  if (found != state_->files.end()) {
    if (!state_->folders.contains(std::string(io::DirectoryOf(to)))) return Missing(to);
    auto node = found->second;
    state_->files.erase(found);
    state_->files[to] = std::move(node);
    return absl::OkStatus();
  }
  if (!state_->folders.contains(from)) return Missing(from);
  // A folder moves with everything below it, durable at once.
  const std::string prefix = from + "/";
  const auto move_all = [&](auto& map) {
    for (auto it = map.lower_bound(prefix);
         it != map.end() && it->first.compare(0, prefix.size(), prefix) == 0;) {
      map[to + "/" + it->first.substr(prefix.size())] = it->second;
      it = map.erase(it);
    }
  };
  move_all(state_->files);
  move_all(state_->synced_files);
  std::set<std::string> folders;
  for (const std::string& folder : state_->folders) {
    const bool moves = folder == from || folder.compare(0, prefix.size(), prefix) == 0;
    folders.insert(moves ? to + folder.substr(from.size()) : folder);
  }
  state_->folders = std::move(folders);
  return absl::OkStatus();
}

absl::Status MemoryFileSystem::Remove(const std::string& path) {
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("remove", path));
  if (state_->files.erase(path) > 0) return absl::OkStatus();
  if (!state_->folders.contains(path)) return Missing(path);
  const std::string prefix = path + "/";
  const auto file = state_->files.lower_bound(prefix);
  const auto folder = state_->folders.lower_bound(prefix);
  if ((file != state_->files.end() && file->first.compare(0, prefix.size(), prefix) == 0) ||
      (folder != state_->folders.end() && folder->compare(0, prefix.size(), prefix) == 0)) {
    return SqlError(SqlState::kIoError, absl::StrCat("\"", path, "\" is not empty"));
  }
  state_->folders.erase(path);
  return absl::OkStatus();
}

absl::Status MemoryFileSystem::SyncDirectory(const std::string& raw_directory) {
  const std::string directory = WithoutSlash(raw_directory);
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("sync directory", directory));
  if (!state_->folders.contains(directory)) return Missing(directory);
  auto& synced = state_->synced_files;
  for (auto it = synced.begin(); it != synced.end();) {
    const bool gone = io::DirectoryOf(it->first) == directory && !state_->files.contains(it->first);
    it = gone ? synced.erase(it) : std::next(it);
  }
  for (const auto& [path, node] : state_->files) {
    if (io::DirectoryOf(path) == directory) synced[path] = node;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<io::FileLock>> MemoryFileSystem::Lock(const std::string& path) {
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("lock", path));
  if (!state_->locks.insert(path).second) {
    return SqlError(SqlState::kObjectInUse,
                    absl::StrCat("\"", path, "\" is locked by another process"));
  }
  if (!state_->files.contains(path)) state_->files[path] = std::make_shared<Node>();
  return std::unique_ptr<io::FileLock>(std::make_unique<MemoryFileLock>(state_, path));
}

absl::StatusOr<std::string> MemoryFileSystem::Canonical(const std::string& raw_path) {
  const std::string path = WithoutSlash(raw_path);
  if (path == ".") return std::string("/");
  base::MutexLock lock(state_->mutex);
  VESTO_RETURN_IF_ERROR(state_->Count("resolve", path));
  if (!state_->folders.contains(path) && !state_->files.contains(path)) return Missing(path);
  return path;
}

int64_t MemoryFileSystem::num_operations() const {
  base::MutexLock lock(state_->mutex);
  return state_->operations;
}

void MemoryFileSystem::FailAfter(int64_t successes, SqlState state, bool for_ever) {
  base::MutexLock lock(state_->mutex);
  state_->fail_at = state_->operations + successes;
  state_->fail_state = state;
  state_->fail_for_ever = for_ever;
}

void MemoryFileSystem::StopFailing() {
  base::MutexLock lock(state_->mutex);
  state_->fail_at = -1;
}

void MemoryFileSystem::SetCapacity(uint64_t bytes) {
  base::MutexLock lock(state_->mutex);
  state_->capacity = bytes;
}

void MemoryFileSystem::CutPower(uint64_t seed) {
  std::mt19937_64 random(seed);
  base::MutexLock lock(state_->mutex);
  std::map<std::string, std::shared_ptr<Node>> survivors;
  for (const auto& [path, node] : state_->synced_files) {
    auto survivor = std::make_shared<Node>();
    survivor->bytes = node->synced;
    // Sectors that were written after the last sync may or may not have reached the disk.
    for (size_t sector = 0; sector < node->bytes.size(); sector += 512) {
      if (random() % 2 == 0) continue;
      const size_t length = std::min<size_t>(512, node->bytes.size() - sector);
      if (survivor->bytes.size() < sector) break;  // no holes in a file that was appended to
      survivor->bytes.resize(std::max(survivor->bytes.size(), sector + length), '\0');
      survivor->bytes.replace(sector, length, node->bytes, sector, length);
    }
    survivor->synced = survivor->bytes;
    survivors[path] = std::move(survivor);
  }
  state_->files = survivors;
  state_->synced_files = std::move(survivors);
  state_->locks.clear();
  state_->fail_at = -1;
}

bool MemoryFileSystem::FlipBit(const std::string& path, uint64_t bit) {
  base::MutexLock lock(state_->mutex);
  const auto found = state_->files.find(path);
  if (found == state_->files.end() || bit / 8 >= found->second->bytes.size()) return false;
  Node& node = *found->second;
  node.bytes[bit / 8] = static_cast<char>(node.bytes[bit / 8] ^ (1 << (bit % 8)));
  if (bit / 8 < node.synced.size()) {
    node.synced[bit / 8] = static_cast<char>(node.synced[bit / 8] ^ (1 << (bit % 8)));
  }
  return true;
}

std::string MemoryFileSystem::Contents(const std::string& path) const {
  base::MutexLock lock(state_->mutex);
  const auto found = state_->files.find(path);
  return found == state_->files.end() ? "" : found->second->bytes;
}

}  // namespace vesto::test
