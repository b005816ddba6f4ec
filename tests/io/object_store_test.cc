#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "io/local_directory.h"
#include "io/mounts.h"
#include "support/memory_file_system.h"
#include "support/memory_object_store.h"
#include "support/object_store_conformance.h"
#include "support/status.h"

namespace vesto::io {
namespace {

namespace fs = std::filesystem;

// A fresh folder that goes away with the test.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string pattern = (fs::temp_directory_path() / "vesto_io_XXXXXX").string();
    REQUIRE(::mkdtemp(pattern.data()) != nullptr);
    path_ = pattern;
  }
  ~ScratchFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }
  void Write(const std::string& name, const std::string& text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << text;
  }

 private:
  fs::path path_;
};

TEST_CASE("every object store keeps the promises of the seam", "[io]") {
  SECTION("memory") {
    test::MemoryObjectStore store;
    test::CheckObjectStore(store);
  }
  SECTION("local directory") {
    const ScratchFolder scratch;
    test::CheckObjectStore(*LocalDirectory(scratch.path()));
  }
  SECTION("local directory that does not exist yet") {
    const ScratchFolder scratch;
    test::CheckObjectStore(*LocalDirectory(scratch.path() / "new" / "folder/"));
  }
  SECTION("directory of a memory file system") {
    test::CheckObjectStore(*LocalDirectoryOn(std::make_shared<test::MemoryFileSystem>(), "/store"));
  }
}

TEST_CASE("a link cannot lead out of a local directory", "[io]") {
  const ScratchFolder scratch;
  scratch.Write("outside/secret", "s");
  scratch.Write("root/real", "r");
  fs::create_symlink(scratch.path() / "outside/secret", scratch.path() / "root/link");
  fs::create_directory_symlink(scratch.path() / "outside", scratch.path() / "root/folder");
  fs::create_symlink("real", scratch.path() / "root/inner");
  fs::create_directory_symlink(".", scratch.path() / "root/loop");
  auto store = LocalDirectory(scratch.path() / "root");
  CHECK_SQL_ERROR(store->OpenRead("link"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(store->OpenRead("folder/secret"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(store->OpenWrite("folder/new"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(store->Exists("link"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(store->List("l"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(store->List("folder/"), SqlState::kInsufficientPrivilege);
  CHECK(store->OpenRead("inner").ok());
  CHECK(store->List("r")->size() == 1);
  CHECK(store->List("loop")->empty());
  // Removing a link never touches what it leads to.
  CHECK(store->Remove("link").ok());
  CHECK(fs::exists(scratch.path() / "outside/secret"));
}

TEST_CASE("devices and pipes are no objects", "[io]") {
  const ScratchFolder scratch;
  REQUIRE(::mkfifo((scratch.path() / "pipe").c_str(), 0600) == 0);
  auto store = LocalDirectory(scratch.path());
  CHECK_SQL_ERROR(store->OpenRead("pipe"), SqlState::kInvalidParameterValue);
  CHECK_SQL_ERROR(store->OpenWrite("pipe"), SqlState::kInvalidParameterValue);
  CHECK(store->List("")->empty());
  CHECK_SQL_ERROR(LocalDirectory("/")->OpenRead("dev/zero"), SqlState::kInvalidParameterValue);
}

TEST_CASE("an object is whole or absent whichever file operation fails", "[io]") {
  for (int64_t n = 0;; ++n) {
    auto files = std::make_shared<test::MemoryFileSystem>();
    auto store = LocalDirectoryOn(files, "/s");
    const std::string text(600'000, 'q');
    files->FailAfter(n);
    Status status;
    bool closed = false;
    if (auto writer = store->OpenWrite("a/b"); !writer.ok()) {
      status = writer.status();
    } else {
      status = (*writer)->Append(text);
      if (status.ok()) status = (*writer)->Close();
      closed = status.ok();
    }
    const bool failed = files->num_operations() > n;
    files->StopFailing();
    CAPTURE(n);
    if (closed) {
      CHECK(store->List("")->at(0).bytes == text.size());
    } else {
      CHECK(status.state() == SqlState::kIoError);
      // After the rename only the sync of the folder can fail: the object may be there, whole.
      const auto objects = store->List("");
      for (const ObjectInfo& object : *objects) CHECK(object.bytes == text.size());
    }
    if (!failed) break;
  }
}

TEST_CASE("a file that was replaced safely survives a power cut", "[io]") {
  for (int64_t n = 0; n < 20; ++n) {
    test::MemoryFileSystem files;
    REQUIRE_OK(ReplaceFile(files, "/f", "old"));
    files.FailAfter(n, SqlState::kIoError, /*for_ever=*/true);
    const bool replaced = ReplaceFile(files, "/f", "new").ok();
    files.CutPower(static_cast<uint64_t>(n));
    auto contents = ReadWholeFile(files, "/f", 100);
    REQUIRE_OK(contents);
    if (replaced) {
      CHECK(*contents == "new");
    } else {
      CHECK((*contents == "old" || *contents == "new"));
    }
  }
}

TEST_CASE("the operating system's files behave as the seam says", "[io]") {
  const ScratchFolder scratch;
  auto files = PosixFileSystem();
  const std::string path = scratch.path() / "x/y/file";
  CHECK_SQL_ERROR(files->Open(path, OpenMode::kOpenOrCreate), SqlState::kUndefinedFile);
  REQUIRE_OK(files->CreateDirectories(scratch.path() / "x/y"));
  auto file = files->Open(path, OpenMode::kCreateNew);
  REQUIRE_OK(file);
  CHECK_SQL_ERROR(files->Open(path, OpenMode::kCreateNew), SqlState::kDuplicateObject);
  REQUIRE_OK((*file)->WriteAt(4, "abc"));
  REQUIRE_OK((*file)->Sync());
  CHECK(*(*file)->Size() == 7);
  REQUIRE_OK((*file)->Truncate(5));
  char buffer[8];
  CHECK(*(*file)->ReadAt(3, buffer, 8) == 2);
  CHECK_SQL_ERROR(ReadWholeFile(*files, path, 4), SqlState::kProgramLimitExceeded);
  CHECK_SQL_ERROR(files->Open(scratch.path() / "x", OpenMode::kRead),
                  SqlState::kInvalidParameterValue);
  {
    auto lock = files->Lock(scratch.path() / "lock");
    REQUIRE_OK(lock);
    CHECK_SQL_ERROR(files->Lock(scratch.path() / "lock"), SqlState::kObjectInUse);
  }
  CHECK(files->Lock(scratch.path() / "lock").ok());
  REQUIRE_OK(files->SyncDirectory(scratch.path() / "x"));
  REQUIRE_OK(RemoveTree(*files, scratch.path() / "x"));
  CHECK(*PathExists(*files, scratch.path() / "x") == false);
  CHECK_SQL_ERROR(files->Open(std::string("a\0b", 3), OpenMode::kRead),
                  SqlState::kInvalidParameterValue);
}

TEST_CASE("URLs find the store with the longest mounted prefix", "[io]") {
  MountTable mounts;
  auto landing = std::make_shared<test::MemoryObjectStore>();
  auto deep = std::make_shared<test::MemoryObjectStore>();
  REQUIRE_OK(mounts.Mount("s3://landing", landing));
  REQUIRE_OK(mounts.Mount("S3://landing/deep/", deep));
  auto at = mounts.Resolve("s3://landing/orders/");
  REQUIRE_OK(at);
  CHECK(at->store == landing);
  CHECK(at->key == "orders/");
  CHECK(at->url_prefix == "s3://landing/");
  CHECK(mounts.Resolve("s3://landing/deep/x")->store == deep);
  CHECK(mounts.Resolve("s3://landing/deep/x")->key == "x");
  CHECK(mounts.Resolve("s3://landing/deeper")->key == "deeper");
  CHECK(mounts.Resolve("s3://landing")->key.empty());
  CHECK_SQL_ERROR(mounts.Resolve("s3://landing-zone/x"), SqlState::kInternalError,
                  "The specified S3 prefix 'x' does not exist");
  CHECK_SQL_ERROR(mounts.Mount("landing", landing), SqlState::kInvalidParameterValue);
  CHECK(mounts.Prefixes() == std::vector<std::string>{"s3://landing", "s3://landing/deep"});
  REQUIRE_OK(mounts.Unmount("s3://landing"));
  CHECK_SQL_ERROR(mounts.Unmount("s3://landing"), SqlState::kUndefinedObject);
}

TEST_CASE("local paths are refused unless a root holds them", "[io]") {
  const ScratchFolder scratch;
  scratch.Write("root/a.csv", "1");
  const std::string root = scratch.path() / "root";
  const MountTable none;
  CHECK_SQL_ERROR(none.Resolve(root + "/a.csv"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(none.Resolve("file://" + root + "/a.csv"), SqlState::kInsufficientPrivilege);
  const MountTable some({.roots = {root}, .allow_all = false});
  auto at = some.Resolve("file://" + root + "/a.csv");
  REQUIRE_OK(at);
  CHECK(at->key == "a.csv");
  CHECK(*at->store->Exists(at->key));
  CHECK_SQL_ERROR(some.Resolve(root + "/../other"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(some.Resolve(root + "-other/x"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(some.Resolve("/etc/passwd"), SqlState::kInsufficientPrivilege);
  CHECK_SQL_ERROR(some.Resolve(std::string("a\0b", 3)), SqlState::kInvalidParameterValue);
  const MountTable all({.roots = {}, .allow_all = true});
  auto anywhere = all.Resolve(root + "/x/../a.csv");
  REQUIRE_OK(anywhere);
  CHECK(*anywhere->store->Exists(anywhere->key));
  CHECK(anywhere->store->List(anywhere->key)->size() == 1);
}

}  // namespace
}  // namespace vesto::io
