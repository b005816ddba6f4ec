#include "support/object_store_conformance.h"

#include <string>
#include <vector>

#include "support/status.h"

namespace vesto::test {
namespace {

void Put(ObjectStore& store, std::string_view key, std::string_view contents) {
  auto writer = store.OpenWrite(key);
  REQUIRE_OK(writer);
  REQUIRE_OK((*writer)->Append(contents));
  REQUIRE_OK((*writer)->Close());
}

std::string Get(ObjectStore& store, std::string_view key) {
  auto reader = store.OpenRead(key);
  REQUIRE_OK(reader);
  std::string contents((*reader)->size(), '\0');
  auto read = (*reader)->ReadAt(0, contents.data(), contents.size());
  REQUIRE_OK(read);
  CHECK(*read == contents.size());
  return contents;
}

std::vector<std::string> Keys(ObjectStore& store, std::string_view prefix) {
  auto objects = store.List(prefix);
  REQUIRE_OK(objects);
  std::vector<std::string> keys;
  for (const ObjectInfo& object : *objects) keys.push_back(object.key);
  return keys;
}

using KeyList = std::vector<std::string>;

}  // namespace

void CheckObjectStore(ObjectStore& store) {
  // An empty store.
  CHECK(Keys(store, "").empty());
  CHECK(Keys(store, "no/such").empty());
  CHECK_SQL_ERROR(store.OpenRead("nothing"), SqlState::kUndefinedFile);
  CHECK_SQL_ERROR(store.OpenRead("no/thing"), SqlState::kUndefinedFile);
  CHECK(*store.Exists("nothing") == false);
  CHECK(store.Remove("no/thing").ok());

  // Objects appear whole, and prefixes need not end at a slash.
  Put(store, "orders/2024/part-0", "hello");
  Put(store, "orders/2024/part-1", "");
  Put(store, "orders-old", "x");
  Put(store, ".hidden", "y");
  CHECK(Get(store, "orders/2024/part-0") == "hello");
  CHECK(Get(store, "orders/2024/part-1").empty());
  CHECK(Keys(store, "") ==
        KeyList{".hidden", "orders-old", "orders/2024/part-0", "orders/2024/part-1"});
  CHECK(Keys(store, "orders") == KeyList{"orders-old", "orders/2024/part-0", "orders/2024/part-1"});
  CHECK(Keys(store, "orders/") == KeyList{"orders/2024/part-0", "orders/2024/part-1"});
  CHECK(Keys(store, "orders/2024/part-0") == KeyList{"orders/2024/part-0"});
  CHECK(Keys(store, "orders/2024/part-0/").empty());
  CHECK(Keys(store, "orders/2025").empty());
  CHECK((*store.List("orders/2"))[0].bytes == 5);
  CHECK(*store.Exists("orders/2024/part-0"));
  CHECK(*store.Exists("orders/2024") == false);
  CHECK_SQL_ERROR(store.OpenRead("orders/2024"), SqlState::kUndefinedFile);

  // Reads anywhere, also past the end.
  auto reader = store.OpenRead("orders/2024/part-0");
  REQUIRE_OK(reader);
  char buffer[8] = {};
  CHECK(*(*reader)->ReadAt(1, buffer, 3) == 3);
  CHECK(std::string(buffer) == "ell");
  CHECK(*(*reader)->ReadAt(4, buffer, 8) == 1);
  CHECK(*(*reader)->ReadAt(5, buffer, 8) == 0);
  CHECK(*(*reader)->ReadAt(uint64_t{1} << 60, buffer, 8) == 0);

  // What is not closed is not there; what is replaced was whole before and is whole after.
  {
    auto writer = store.OpenWrite("pending");
    REQUIRE_OK(writer);
    REQUIRE_OK((*writer)->Append("abc"));
    CHECK(*store.Exists("pending") == false);
    CHECK(Keys(store, "p").empty());
    (*writer)->Abandon();
    (*writer)->Abandon();
    CHECK_SQL_ERROR((*writer)->Append("d"), SqlState::kObjectNotInPrerequisiteState);
    CHECK_SQL_ERROR((*writer)->Close(), SqlState::kObjectNotInPrerequisiteState);
    auto dropped = store.OpenWrite("pending");
    REQUIRE_OK(dropped);
    REQUIRE_OK((*dropped)->Append("abc"));
  }
  CHECK(Keys(store, "").size() == 4);
  {
    auto writer = store.OpenWrite("orders-old");
    REQUIRE_OK(writer);
    const std::string large(3'000'000, 'z');
    REQUIRE_OK((*writer)->Append("a"));
    REQUIRE_OK((*writer)->Append(large));
    REQUIRE_OK((*writer)->Append("b"));
    CHECK(Get(store, "orders-old") == "x");
    REQUIRE_OK((*writer)->Close());
    CHECK_SQL_ERROR((*writer)->Close(), SqlState::kObjectNotInPrerequisiteState);
    (*writer)->Abandon();
    CHECK(Get(store, "orders-old") == "a" + large + "b");
  }

  // Keys that must not reach a file system.
  const std::string long_key(1025, 'k');
  for (const std::string_view key :
       {std::string_view(""), std::string_view("/etc/passwd"), std::string_view("../x"),
        std::string_view("a/../../x"), std::string_view("a/.."), std::string_view("a/./b"),
        std::string_view("a//b"), std::string_view("a/"), std::string_view("."),
        std::string_view("a\0b", 3), std::string_view(long_key)}) {
    CAPTURE(key);
    CHECK_SQL_ERROR(store.OpenRead(key), SqlState::kInvalidParameterValue);
    CHECK_SQL_ERROR(store.OpenWrite(key), SqlState::kInvalidParameterValue);
    CHECK_SQL_ERROR(store.Remove(key), SqlState::kInvalidParameterValue);
    CHECK_SQL_ERROR(store.Exists(key), SqlState::kInvalidParameterValue);
  }
  for (const std::string_view prefix :
       {std::string_view("/etc"), std::string_view(".."), std::string_view("a/../b"),
        std::string_view("a//"), std::string_view("a\0", 2)}) {
    CAPTURE(prefix);
    CHECK_SQL_ERROR(store.List(prefix), SqlState::kInvalidParameterValue);
  }

  for (const std::string& key : Keys(store, "")) CHECK(store.Remove(key).ok());
  CHECK(Keys(store, "").empty());
}

}  // namespace vesto::test
