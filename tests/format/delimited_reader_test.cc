#include "format/delimited_reader.h"

#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "format/delimited_writer.h"
#include "format/file_ranges.h"
#include "support/memory_object_store.h"
#include "support/status.h"

namespace vesto::format {
namespace {

using Row = std::vector<std::optional<std::string>>;
constexpr std::nullopt_t kNull = std::nullopt;

struct Loaded {
  std::vector<Row> rows;
  std::vector<LoadError> errors;
  std::vector<std::string> lines;
  std::vector<int64_t> numbers;
  std::vector<uint64_t> offsets;
};

// Gives at most `piece` bytes at a time.
class Dripping : public io::ByteSource {
 public:
  Dripping(std::string_view text, size_t piece) : rest_(text), piece_(piece) {}
  absl::StatusOr<size_t> Read(char* buffer, size_t length) override {
    length = std::min({length, piece_, rest_.size()});
    if (length > 0) std::memcpy(buffer, rest_.data(), length);
    rest_.remove_prefix(length);
    return length;
  }

 private:
  std::string_view rest_;
  const size_t piece_;
};

Loaded Load(const DelimitedOptions& options, std::string_view text, uint64_t file_offset = 0,
            size_t piece = SIZE_MAX) {
  DelimitedReader reader(options, std::make_unique<Dripping>(text, piece), file_offset);
  FieldBatch batch;
  Loaded loaded;
  while (true) {
    auto more = reader.Next(&batch);
    REQUIRE_OK(more);
    if (!*more) break;
    REQUIRE(batch.num_columns() == static_cast<int>(options.fields.size()));
    for (int i = 0; i < batch.num_rows(); ++i) {
      Row row;
      for (int column = 0; column < batch.num_columns(); ++column) {
        const Field field = batch.column(column)[i];
        row.push_back(field.is_null ? std::optional<std::string>()
                                    : std::string(batch.text(field)));
      }
      loaded.rows.push_back(std::move(row));
      loaded.lines.emplace_back(batch.raw_line(i));
      loaded.numbers.push_back(batch.line_number(i));
      loaded.offsets.push_back(batch.start_offset(i));
    }
    for (const LoadError& error : batch.errors()) loaded.errors.push_back(error);
  }
  return loaded;
}

DelimitedOptions Text(int columns, FieldKind kind = FieldKind::kVarchar) {
  DelimitedOptions options;
  options.fields.assign(columns, kind);
  return options;
}

DelimitedOptions Csv(int columns, FieldKind kind = FieldKind::kVarchar) {
  DelimitedOptions options = Text(columns, kind);
  options.layout = Layout::kCsv;
  options.delimiter = ',';
  return options;
}

TEST_CASE("delimited text becomes fields", "[format]") {
  const Loaded loaded = Load(Text(3), "1|two|3.5\n\\N||x y \r\na|b|c");
  CHECK(loaded.errors.empty());
  CHECK(loaded.rows == std::vector<Row>{{"1", "two", "3.5"}, {kNull, "", "x y "}, {"a", "b", "c"}});
  CHECK(loaded.lines == std::vector<std::string>{"1|two|3.5", "\\N||x y ", "a|b|c"});
  CHECK(loaded.numbers == std::vector<int64_t>{1, 2, 3});
  CHECK(loaded.offsets == std::vector<uint64_t>{0, 10, 20});
}

TEST_CASE("a delimiter at the end of a line is tolerated", "[format]") {
  CHECK(Load(Text(2), "a|b|\nc|d\n").rows == std::vector<Row>{{"a", "b"}, {"c", "d"}});
  CHECK(Load(Csv(2), "a,b,\nc,d\n").rows == std::vector<Row>{{"a", "b"}, {"c", "d"}});
}

TEST_CASE("lines of the wrong width are row errors", "[format]") {
  const Loaded loaded = Load(Text(3), "a|b|c|d\na|b\n\na|b|c\na|b|c||\n");
  CHECK(loaded.rows == std::vector<Row>{{"a", "b", "c"}});
  REQUIRE(loaded.errors.size() == 4);
  CHECK(loaded.errors[0].code == LoadErrorCode::kExtraColumns);
  CHECK(loaded.errors[0].reason == "Extra column(s) found");
  CHECK(loaded.errors[1].code == LoadErrorCode::kDelimiterNotFound);
  CHECK(loaded.errors[1].reason == "Delimiter not found");
  CHECK(loaded.errors[1].line_number == 2);
  CHECK(loaded.errors[1].raw_line == "a|b");
  CHECK(loaded.errors[1].start_offset == 8);
  CHECK(loaded.errors[2].code == LoadErrorCode::kEmptyLine);
  CHECK(loaded.errors[3].code == LoadErrorCode::kExtraColumns);
}

TEST_CASE("headers and blank lines are skipped when asked", "[format]") {
  DelimitedOptions options = Text(2);
  options.ignore_header = 2;
  options.ignore_blank_lines = true;
  const Loaded loaded = Load(options, "h1\nh2|x|y\n\na|b\n\r\n\nc|d");
  CHECK(loaded.errors.empty());
  CHECK(loaded.rows == std::vector<Row>{{"a", "b"}, {"c", "d"}});
  CHECK(loaded.numbers == std::vector<int64_t>{4, 7});
  options.ignore_header = 100;
  CHECK(Load(options, "h1\nh2").rows.empty());
  // A range further on has no header.
  options.ignore_header = 1;
  CHECK(Load(options, "a|b\n", 1000).rows.size() == 1);
}

TEST_CASE("NULL rules depend on the kind of column", "[format]") {
  DelimitedOptions options = Text(3);
  options.fields = {FieldKind::kVarchar, FieldKind::kOther, FieldKind::kChar};
  CHECK(Load(options, "||\n  |  |  \n\\N|\\N|\\N\n").rows ==
        std::vector<Row>{{"", kNull, ""}, {"  ", kNull, "  "}, {kNull, kNull, kNull}});
  options.empty_as_null = true;
  CHECK(Load(options, "||\n").rows == std::vector<Row>{{kNull, kNull, kNull}});
  options.blanks_as_null = true;
  CHECK(Load(options, " \t||  \n").rows == std::vector<Row>{{kNull, kNull, kNull}});
  options = Text(2);
  options.null_as = "NULL";
  options.trim_blanks = true;
  CHECK(Load(options, "NULL|\\N\nNULLS|a  \n").rows ==
        std::vector<Row>{{kNull, "\\N"}, {"NULLS", "a"}});
  options.null_as = "";
  CHECK(Load(options, "|x\n").rows == std::vector<Row>{{kNull, "x"}});
}

TEST_CASE("FILLRECORD fills missing columns", "[format]") {
  DelimitedOptions options = Text(4);
  options.fields = {FieldKind::kVarchar, FieldKind::kVarchar, FieldKind::kOther, FieldKind::kChar};
  options.fill_record = true;
  CHECK(Load(options, "a\n").rows == std::vector<Row>{{"a", "", kNull, kNull}});
  options.empty_as_null = true;
  CHECK(Load(options, "a\n").rows == std::vector<Row>{{"a", kNull, kNull, kNull}});
}

TEST_CASE("a backslash makes the next character literal under ESCAPE", "[format]") {
  DelimitedOptions options = Text(2);
  options.escape = true;
  CHECK(Load(options, "a\\|b|c\\\nd\nx\\\\|\\N\n\\\\N|e\\").rows ==
        std::vector<Row>{{"a|b", "c\nd"}, {"x\\", kNull}, {"\\N", "e\\"}});
  CHECK(Load(options, "a|b\\\nc\nd|e\n").numbers == std::vector<int64_t>{1, 3});
  // Without the option a backslash is an ordinary character.
  CHECK(Load(Text(2), "a\\|b\n").rows == std::vector<Row>{{"a\\", "b"}});
}

TEST_CASE("REMOVEQUOTES strips one pair of quotes", "[format]") {
  DelimitedOptions options = Text(2);
  options.remove_quotes = true;
  CHECK(Load(options, "\"a|b\"|'c'\nBlue'|' '\n\"a\"b\"|\"\"\r\n").rows ==
        std::vector<Row>{{"a|b", "c"}, {"Blue'", " "}, {"a\"b", ""}});
  const Loaded bad = Load(options, "\"a|b\nc|d\n\"|\"\ne|f\n");
  CHECK(bad.rows == std::vector<Row>{{"c", "d"}, {"e", "f"}});
  CHECK(bad.errors.size() == 2);
  options.escape = true;
  CHECK(Load(options, "\"a\\\"\"|\"b\\\"|\"\n").rows == std::vector<Row>{{"a\"", "b\"|"}});
}

TEST_CASE("CSV fields may be quoted", "[format]") {
  const Loaded loaded =
      Load(Csv(3), "1,\"a,b\",\"say \"\"hi\"\"\"\n , \"x\" ,\"l1\nl2\"\r\n\"\",,z\n");
  CHECK(loaded.errors.empty());
  CHECK(loaded.rows ==
        std::vector<Row>{{"1", "a,b", "say \"hi\""}, {" ", "x", "l1\nl2"}, {"", "", "z"}});
  CHECK(loaded.numbers == std::vector<int64_t>{1, 2, 4});
  DelimitedOptions options = Csv(2);
  options.quote = '%';
  options.delimiter = ';';
  CHECK(Load(options, "%a;%%%;\"b\"\n").rows == std::vector<Row>{{"a;%", "\"b\""}});
}

TEST_CASE("bad CSV quotes are row errors, and the next line is read", "[format]") {
  const Loaded loaded = Load(Csv(2), "a,b\"c\n\"a\"x,b\n1,2\n\"never closed,3\n4,5\n");
  CHECK(loaded.rows == std::vector<Row>{{"1", "2"}, {"4", "5"}});
  REQUIRE(loaded.errors.size() == 3);
  for (const LoadError& error : loaded.errors) {
    CHECK(error.code == LoadErrorCode::kDelimiterNotFound);
    CHECK(error.reason == "Invalid quote formatting for CSV");
  }
  CHECK(loaded.errors[2].raw_line == "\"never closed,3");
  CHECK(loaded.numbers == std::vector<int64_t>{3, 5});
}

TEST_CASE("fixed-width fields count characters", "[format]") {
  DelimitedOptions options = Text(3);
  options.layout = Layout::kFixedWidth;
  options.widths = {2, 3, 1};
  CHECK(Load(options,
             "12abcx\n\xC3\xA9\xC3\xA9"
             "abcy\r\n  ab z   \n")
            .rows ==
        std::vector<Row>{{"12", "abc", "x"}, {"\xC3\xA9\xC3\xA9", "abc", "y"}, {"  ", "ab ", "z"}});
  const Loaded bad = Load(options, "12abcxx\n12\n");
  REQUIRE(bad.errors.size() == 2);
  CHECK(bad.errors[0].code == LoadErrorCode::kExtraColumns);
  CHECK(bad.errors[1].code == LoadErrorCode::kMissingColumns);
}

TEST_CASE("a NUL byte ends a record unless NULL AS names it", "[format]") {
  using namespace std::string_literals;
  for (DelimitedOptions options : {Text(2), Csv(2)}) {
    options.delimiter = '|';
    const Loaded loaded = Load(options, "a\0,b|c\nd|e\n"s);
    CHECK(loaded.rows == std::vector<Row>{{"d", "e"}});
    REQUIRE(loaded.errors.size() == 1);
    CHECK(loaded.errors[0].code == LoadErrorCode::kInvalidLine);
    CHECK(loaded.errors[0].reason ==
          "Missing newline: Unexpected character 0x2c found at location 2");
    options.null_as = "\0"s;
    const Loaded nulls = Load(options, "\0|b\na|b\0c\n"s);
    CHECK(nulls.rows == std::vector<Row>{{kNull, "b"}});
    REQUIRE(nulls.errors.size() == 1);
    CHECK(nulls.errors[0].code == LoadErrorCode::kNulInField);
    CHECK(nulls.errors[0].column == 1);
  }
}

TEST_CASE("charsets are converted, and wrong ones reported once", "[format]") {
  using namespace std::string_literals;
  DelimitedOptions options = Text(2);
  CHECK(Load(options,
             "\xEF\xBB\xBF"
             "a|b\n")
            .rows == std::vector<Row>{{"a", "b"}});
  options.charset = Charset::kIso88591;
  CHECK(Load(options, "\xE9|b\n").rows == std::vector<Row>{{"\xC3\xA9", "b"}});
  options.charset = Charset::kUtf16;
  CHECK(Load(options,
             "\xFF\xFE"
             "a\0|\0=\xD8\0\xDE\n\0"s,
             0, 3)
            .rows == std::vector<Row>{{"a", "\xF0\x9F\x98\x80"}});
  CHECK(Load(options, "\xFE\xFF\0a\0|\0b"s).rows == std::vector<Row>{{"a", "b"}});
  for (const std::string& text : {"a\0|\0b\0"s,
                                  "\xFF\xFE"
                                  "a"s,
                                  "\xFF\xFE\x00\xDE"s}) {
    const Loaded bad = Load(options, text);
    CHECK(bad.rows.empty());
    REQUIRE(bad.errors.size() == 1);
    CHECK(bad.errors[0].code == LoadErrorCode::kWrongEncoding);
    CHECK(bad.errors[0].line_number == 0);
  }
  CHECK(Load(Text(1),
             "\xFF\xFE"
             "a\0"s)
            .errors[0]
            .code == LoadErrorCode::kWrongEncoding);
}

TEST_CASE("lines longer than the limit are refused and the rest is read", "[format]") {
  DelimitedOptions options = Text(2);
  options.line_bytes_max = 1 << 20;
  const std::string text = "a|b\n" + std::string(3 << 20, 'x') + "|y\nc|d\n";
  const Loaded loaded = Load(options, text);
  CHECK(loaded.rows == std::vector<Row>{{"a", "b"}, {"c", "d"}});
  REQUIRE(loaded.errors.size() == 1);
  CHECK(loaded.errors[0].code == LoadErrorCode::kInvalidLine);
  CHECK(loaded.numbers == std::vector<int64_t>{1, 3});
  // Below the limit the buffer grows instead.
  options.line_bytes_max = 16 << 20;
  CHECK(Load(options, text).rows.size() == 3);
  DelimitedOptions csv = Csv(2);
  csv.line_bytes_max = 1 << 20;
  const Loaded quoted = Load(csv, "\"open,1\n" + std::string(2 << 20, 'x') + ",1\n2,3\n");
  CHECK(quoted.rows == std::vector<Row>{{"2", "3"}});
  CHECK(quoted.errors.size() == 2);
}

TEST_CASE("field positions and raw text are known for error reports", "[format]") {
  DelimitedReader reader(Csv(3), io::ReadMemory("x,y,z\na,\"b\"\"c\",d\n"));
  FieldBatch batch;
  REQUIRE(*reader.Next(&batch));
  REQUIRE(batch.num_rows() == 2);
  CHECK(batch.all_ascii());
  const LoadError error = batch.ErrorAt(1, 2, LoadErrorCode::kInvalidDigit, "Invalid digit");
  CHECK(error.position == 9);
  CHECK(error.raw_field == "d");
  CHECK(error.raw_line == "a,\"b\"\"c\",d");
  CHECK(error.line_number == 2);
  CHECK(error.start_offset == 6);
  CHECK(batch.position(1, 1) == 2);
}

TEST_CASE("pinned text outlives the batch and the reader", "[format]") {
  std::string text;
  for (int i = 0; i < 40000; ++i)
    text += "\"row \"\"" + std::to_string(i) + "\"\"\",payload payload payload payload\n";
  std::vector<std::shared_ptr<const void>> pins;
  std::vector<std::string_view> kept;
  {
    DelimitedReader reader(Csv(2), io::ReadMemory(text));
    FieldBatch batch;
    while (*reader.Next(&batch)) {
      pins.push_back(batch.pin());
      for (const Field field : batch.column(0)) kept.push_back(batch.text(field));
    }
  }
  REQUIRE(kept.size() == 40000);
  bool same = true;
  for (int i = 0; i < 40000; ++i) same &= kept[i] == "row \"" + std::to_string(i) + "\"";
  CHECK(same);
}

// --- Random rows, written and read back ---------------------------------------------------------

std::string RandomText(std::mt19937& random, std::string_view alphabet, uint32_t length_max) {
  std::string text;
  const size_t length = random() % 20 == 0 ? random() % length_max : random() % 12;
  for (size_t i = 0; i < length; ++i) text += alphabet[random() % alphabet.size()];
  return text;
}

struct Written {
  std::vector<Row> rows;
  std::string text;
};

Written WriteRandom(const DelimitedWriterOptions& options, uint32_t seed, int num_rows,
                    std::string_view alphabet, uint32_t length_max = 300) {
  std::mt19937 random(seed);
  const DelimitedWriter writer(options);
  Written written;
  absl::Status status;
  for (int i = 0; i < num_rows; ++i) {
    Row row;
    for (size_t column = 0; column < options.fields.size(); ++column) {
      if (random() % 10 == 0) {
        row.push_back(kNull);
      } else {
        row.emplace_back(RandomText(random, alphabet, length_max));
      }
    }
    std::vector<OutputField> fields;
    for (const auto& value : row) {
      fields.push_back({value ? std::string_view(*value) : std::string_view(), !value.has_value()});
    }
    status.Update(writer.AppendRow(fields, &written.text));
    written.rows.push_back(std::move(row));
  }
  REQUIRE_OK(status);
  return written;
}

TEST_CASE("what UNLOAD writes, COPY reads", "[format]") {
  const uint32_t seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  DelimitedWriterOptions out;
  out.fields.assign(4, FieldKind::kVarchar);
  out.null_as = "<null>";
  DelimitedOptions in = Text(4);
  in.null_as = "<null>";
  std::string_view alphabet = "abc \xC3\xA9\"',|\r\n\\";
  SECTION("escape") { out.escape = in.escape = true; }
  SECTION("escape and quotes") {
    out.escape = in.escape = true;
    out.add_quotes = in.remove_quotes = true;
  }
  SECTION("csv") {
    out.layout = in.layout = Layout::kCsv;
    out.delimiter = in.delimiter = ',';
  }
  SECTION("plain") { alphabet = "abc \"',"; }
  const Written written = WriteRandom(out, seed, 30000, alphabet);
  const size_t piece = seed == 1 ? SIZE_MAX : 1000 * seed + 7;
  const Loaded loaded = Load(in, written.text, 0, piece);
  CHECK(loaded.errors.empty());
  REQUIRE(loaded.rows.size() == written.rows.size());
  CHECK((loaded.rows == written.rows));
}

TEST_CASE("ranges of a file hold each line once", "[format]") {
  DelimitedWriterOptions out;
  out.fields.assign(4, FieldKind::kVarchar);
  out.null_as = "<null>";
  DelimitedOptions in = Text(4);
  in.null_as = "<null>";
  in.ignore_header = 1;
  std::string_view alphabet = "abc \"',|\n\\";
  size_t ranges_min = 8;
  uint32_t length_max = 300;
  SECTION("escape") { out.escape = in.escape = true; }
  SECTION("csv") {
    out.layout = in.layout = Layout::kCsv;
    out.delimiter = in.delimiter = ',';
    alphabet = "abcdefghijkl \n\n,\"";
    ranges_min = 3;
    length_max = 3000;
  }
  SECTION("csv without quotes") {
    out.layout = in.layout = Layout::kCsv;
    out.delimiter = in.delimiter = ',';
    alphabet = "abc ";
    ranges_min = 3;
    length_max = 3000;
  }
  SECTION("plain") { alphabet = "abc \"',"; }
  Written written = WriteRandom(out, 5, 30000, alphabet, length_max);
  written.text = "the header\n" + written.text;
  test::MemoryObjectStore store;
  store.Put("f", written.text);
  auto object = store.OpenRead("f");
  REQUIRE_OK(object);
  auto ranges = PlanRanges(**object, in, 200'000);
  REQUIRE_OK(ranges);
  CAPTURE(written.text.size(), ranges->size());
  CHECK(ranges->size() >= ranges_min);
  std::vector<Row> rows;
  uint64_t end = 0;
  for (const FileRange& range : *ranges) {
    CHECK(range.begin == end);
    end = range.end;
    const std::string_view part =
        std::string_view(written.text).substr(range.begin, range.end - range.begin);
    const Loaded loaded = Load(in, part, range.begin);
    CHECK(loaded.errors.empty());
    rows.insert(rows.end(), loaded.rows.begin(), loaded.rows.end());
    if (range.begin > 0) {
      CHECK(loaded.offsets[0] == range.begin);
      CHECK(*CountLines(**object, range.begin) ==
            std::count(written.text.begin(), written.text.begin() + range.begin, '\n'));
    }
  }
  CHECK(end == written.text.size());
  CHECK(rows.size() == written.rows.size());
  CHECK((rows == written.rows));
}

TEST_CASE("random bytes never crash the reader, and lines are accounted for", "[format]") {
  std::mt19937 random(99);
  for (int round = 0; round < 3000; ++round) {
    DelimitedOptions options = Text(1 + static_cast<int>(random() % 4));
    for (FieldKind& kind : options.fields) kind = static_cast<FieldKind>(random() % 3);
    options.layout = static_cast<Layout>(random() % 3);
    options.widths.assign(options.fields.size(), static_cast<int>(random() % 4));
    options.escape = options.layout == Layout::kDelimited && random() % 2;
    options.remove_quotes = options.layout == Layout::kDelimited && random() % 2;
    options.fill_record = random() % 2;
    options.ignore_blank_lines = random() % 2;
    options.trim_blanks = random() % 2;
    options.blanks_as_null = random() % 2;
    options.ignore_header = random() % 3;
    std::string text;
    const size_t length = random() % 200;
    for (size_t i = 0; i < length; ++i) {
      text += std::string_view("a1 |\"'\\\r\n\n\0\xC3\xA9", 13)[random() % 13];
    }
    const Loaded whole = Load(options, text);
    const Loaded dripped = Load(options, text, 0, 1 + random() % 7);
    CHECK((whole.rows == dripped.rows));
    CHECK(whole.errors.size() == dripped.errors.size());
  }
}

}  // namespace
}  // namespace vesto::format
