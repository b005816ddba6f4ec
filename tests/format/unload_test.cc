#include <string>
#include <vector>

#include "format/delimited_writer.h"
#include "format/manifest.h"
#include "io/compression.h"
#include "support/memory_object_store.h"
#include "support/status.h"

namespace vesto::format {
namespace {

std::string Line(const DelimitedWriterOptions& options, std::vector<OutputField> row) {
  std::string line;
  REQUIRE_OK(DelimitedWriter(options).AppendRow(row, &line));
  return line;
}

constexpr OutputField kNull = {"", true};

TEST_CASE("rows are written as the UNLOAD options say", "[format]") {
  DelimitedWriterOptions options;
  options.fields = {FieldKind::kOther, FieldKind::kVarchar, FieldKind::kVarchar};
  options.names = {"id", "a|b", "c"};
  CHECK(Line(options, {{"1"}, {"x|y"}, kNull}) == "1|x|y|\n");
  CHECK(DelimitedWriter(options).Header() == "id|a|b|c\n");
  options.escape = true;
  options.null_as = "\\N";
  CHECK(Line(options, {{"-1"}, {"x|\n\\"}, kNull}) == "-1|x\\|\\\n\\\\|\\N\n");
  options.add_quotes = true;
  CHECK(Line(options, {{"1"}, {"it's \"x\""}, kNull}) == "\"1\"|\"it\\'s \\\"x\\\"\"|\\N\n");
  options = {};
  options.layout = Layout::kCsv;
  options.delimiter = ',';
  options.fields.assign(3, FieldKind::kVarchar);
  options.names = {"id", "a,b", "c"};
  CHECK(Line(options, {{"plain"}, {"a,\"b\""}, {"l1\nl2"}}) ==
        "plain,\"a,\"\"b\"\"\",\"l1\nl2\"\n");
  CHECK(DelimitedWriter(options).Header() == "id,\"a,b\",c\n");
}

TEST_CASE("fixed-width columns are never cut", "[format]") {
  DelimitedWriterOptions options;
  options.layout = Layout::kFixedWidth;
  options.fields = {FieldKind::kOther, FieldKind::kVarchar};
  options.widths = {3, 5};
  options.names = {"n", "s"};
  CHECK(Line(options, {{"7"}, {"\xC3\xA9t\xC3\xA9"}}) == "7  \xC3\xA9t\xC3\xA9  \n");
  CHECK(Line(options, {kNull, kNull}) == "        \n");
  options.null_as = "NULL";
  CHECK(Line(options, {kNull, kNull}) == "   NULL \n");
  std::string line;
  const OutputField wide[] = {{"1234"}, {"x"}};
  CHECK_SQL_ERROR(DelimitedWriter(options).AppendRow(wide, &line),
                  SqlState::kStringDataRightTruncation, "\"n\"");
}

TEST_CASE("lines are spread over files of limited size", "[format]") {
  test::MemoryObjectStore store;
  const bool compressed = GENERATE(false, true);
  PartWriter::Options options;
  options.file_bytes_max = 100;
  options.is_compressed = compressed;
  options.header = "head\n";
  const auto name = [&](int part) {
    return UnloadFileName(3, part, /*is_serial=*/false, compressed ? ".gz" : "");
  };
  PartWriter writer(options, [&](int part) -> absl::StatusOr<std::unique_ptr<io::ByteSink>> {
    auto object = store.OpenWrite(name(part));
    REQUIRE_OK(object);
    return io::Compress(compressed ? io::Compression::kGzip : io::Compression::kNone,
                        io::WriteObject(*std::move(object)));
  });
  std::string expected;
  for (int i = 0; i < 30; ++i) {
    const std::string line = "line " + std::to_string(i) + "\n";
    expected += line;
    REQUIRE_OK(writer.AppendLine(line));
  }
  REQUIRE_OK(writer.Finish(true));
  std::string all;
  int64_t lines = 0;
  for (const UnloadedPart& part : writer.parts()) {
    const std::string stored = store.Get(name(part.part));
    CHECK(stored.size() == part.bytes);
    lines += part.num_lines;
    auto source = io::Decompress(compressed ? io::Compression::kGzip : io::Compression::kNone,
                                 io::ReadMemory(stored));
    REQUIRE_OK(source);
    const std::string text = *io::ReadAll(**source, 1 << 20);
    REQUIRE(text.substr(0, 5) == "head\n");
    all += text.substr(5);
    if (!compressed) CHECK(text.size() <= 100);
  }
  CHECK(all == expected);
  CHECK(lines == 30 + static_cast<int64_t>(writer.parts().size()));
  if (!compressed) CHECK(writer.parts().size() == 3);
}

TEST_CASE("an UNLOAD without rows may still make a file", "[format]") {
  std::string out = "untouched";
  const auto open = [&](int) -> absl::StatusOr<std::unique_ptr<io::ByteSink>> {
    out.clear();
    return io::WriteMemory(&out);
  };
  PartWriter none({}, open);
  REQUIRE_OK(none.Finish(false));
  CHECK(none.parts().empty());
  CHECK(out == "untouched");
  PartWriter one({.file_bytes_max = 10, .is_compressed = false, .header = "h\n"}, open);
  REQUIRE_OK(one.Finish(true));
  CHECK(one.parts().size() == 1);
  CHECK(out == "h\n");
}

TEST_CASE("file names follow slice and part", "[format]") {
  CHECK(UnloadFileName(0, 0, false, "") == "0000_part_00");
  CHECK(UnloadFileName(12, 3, false, ".gz") == "0012_part_03.gz");
  CHECK(UnloadFileName(0, 1, true, ".zst") == "001.zst");
}

TEST_CASE("manifests are read", "[format]") {
  auto entries = ParseManifest(R"({"entries":[
      {"url":"s3://b/k1","mandatory":true,"meta":{"content_length":9,"x":1}},
      {"url":"s3://b/k2"}],"schema":{"elements":[]},"meta":{}})");
  REQUIRE_OK(entries);
  REQUIRE(entries->size() == 2);
  CHECK((*entries)[0].url == "s3://b/k1");
  CHECK((*entries)[0].mandatory);
  CHECK((*entries)[0].content_length == 9);
  CHECK_FALSE((*entries)[1].mandatory);
  CHECK_FALSE((*entries)[1].content_length.has_value());
  for (const char* bad :
       {"", "x", "[]", "{}", R"({"entries":1})", R"({"entries":[1]})", R"({"entries":[{}]})",
        R"({"entries":[{"url":""}]})", R"({"entries":[{"url":7}]})",
        R"({"entries":[{"url":"u","mandatory":"yes"}]})",
        R"({"entries":[{"url":"u","meta":{"content_length":-1}}]})", R"({"entries":[)",
        "{\"entries\":[{\"url\":\"\xFF\"}]}"}) {
    CAPTURE(bad);
    CHECK_SQL_ERROR(ParseManifest(bad), SqlState::kInternalError, "Invalid manifest file");
  }
}

TEST_CASE("a manifest that UNLOAD wrote can be read by COPY", "[format]") {
  const std::vector<UnloadedFile> files = {{"s3://b/0000_part_00", 10, 2}, {"s3://b/\"q\"", 5, 1}};
  for (const bool verbose : {false, true}) {
    const std::string text = WriteManifest(
        files, {{"id", Type::Integer()}, {"name", Type::Varchar(25)}, {"d", Type::Decimal(8, 2)}},
        verbose);
    auto entries = ParseManifest(text);
    REQUIRE_OK(entries);
    REQUIRE(entries->size() == 2);
    CHECK((*entries)[1].url == "s3://b/\"q\"");
    CHECK((*entries)[0].content_length.has_value() == verbose);
    if (verbose) {
      CHECK(text.find(R"({"name": "name", "type": { "base": "character varying", )"
                      R"("max_length": 25 }})") != std::string::npos);
      CHECK(text.find(R"("record_count": 3)") != std::string::npos);
      CHECK(text.find(R"("name": "Amazon Redshift")") != std::string::npos);
    }
  }
}

}  // namespace
}  // namespace vesto::format
