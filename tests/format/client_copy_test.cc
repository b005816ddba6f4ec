#include "format/client_copy.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "support/catch.h"
#include "support/status.h"

namespace vesto::format {
namespace {

using Format = ClientCopyOptions::Format;
using namespace std::string_literals;

// Reads `data` in pieces of `piece` bytes: "a|b;NULL|d;", or the error's SQLSTATE.
std::string Rows(const ClientCopyOptions& options, int columns, const std::string& data,
                 size_t piece) {
  std::vector<std::string> names;
  for (int i = 0; i < columns; ++i) names.push_back(absl::StrCat("c", i));
  ClientCopyReader reader(options, names);
  std::string rows;
  const auto sink = [&rows](const ClientCopyRow& row) {
    for (size_t i = 0; i < row.fields.size(); ++i) {
      if (i > 0) rows += "|";
      rows += row.fields[i].null ? "NULL" : std::string(row.fields[i].bytes);
    }
    rows += ";";
    return absl::OkStatus();
  };
  absl::Status status;
  for (size_t at = 0; at < data.size() && status.ok(); at += piece) {
    status = reader.Add(std::string_view(data).substr(at, piece), sink);
  }
  if (status.ok()) status = reader.Finish(sink);
  if (!status.ok()) rows += SqlStateCode(SqlStateOf(status));
  return rows;
}

// The same however the bytes are cut.
std::string ReadAll(const ClientCopyOptions& options, int columns, const std::string& data) {
  const std::string whole = Rows(options, columns, data, data.size() + 1);
  for (const size_t piece : {1u, 2u, 3u, 7u}) CHECK(Rows(options, columns, data, piece) == whole);
  return whole;
}

const ClientCopyOptions kCsv{.format = Format::kCsv, .delimiter = ',', .null_text = ""};
const ClientCopyOptions kBinary{.format = Format::kBinary};

TEST_CASE("text is cut at tabs and lines, and its escapes are resolved", "[format]") {
  CHECK(ReadAll({}, 2, "1\ta\n2\t\\N\n") == "1|a;2|NULL;");
  CHECK(ReadAll({}, 2, "1\ta\r\n2\tb") == "1|a;2|b;");  // CRLF; no last line end
  CHECK(ReadAll({}, 1, "a\\tb\\\\c\\nd\\q\n") == "a\tb\\c\ndq;");
  CHECK(ReadAll({}, 1, "\\101\\x42\\x4g\\7\n") == "AB\x04g\x07;");
  CHECK(ReadAll({}, 2, "a\\\nb\tc\n") == "a\nb|c;");  // an escaped line end belongs to the field
  CHECK(ReadAll({}, 1, "\n\n") == ";;");
  CHECK(ReadAll({}, 2, "1\t\n") == "1|;");
  CHECK(ReadAll({}, 1, "a\n\\.\nwhat follows is ignored") == "a;");
  CHECK(ReadAll({.null_text = "nil"}, 2, "nil\t\\N\n") == "NULL|N;");
  CHECK(ReadAll({.delimiter = '|', .header = true}, 2, "x|y\n1|2\n") == "1|2;");
  CHECK(ReadAll({}, 1, "") == "");
}

TEST_CASE("rows of the wrong width are errors", "[format]") {
  CHECK(ReadAll({}, 2, "1\n") == "22P04");
  CHECK(ReadAll({}, 2, "1\t2\n1\t2\t3\n") == "1|2;22P04");
  CHECK(ReadAll(kCsv, 2, "a\n") == "22P04");
}

TEST_CASE("CSV fields may hold delimiters, quotes and lines", "[format]") {
  CHECK(ReadAll(kCsv, 2, "1,\"a,b\"\n") == "1|a,b;");
  CHECK(ReadAll(kCsv, 2, "1,\"a\"\"b\nc\"\n2,\n") == "1|a\"b\nc;2|NULL;");
  CHECK(ReadAll(kCsv, 2, "\"\",x\"y z\"w\n") == "|xy zw;");
  CHECK(ReadAll(kCsv, 1, "\"open\n") == "22P04");
  ClientCopyOptions backslash = kCsv;
  backslash.escape = '\\';
  CHECK(ReadAll(backslash, 1, "\"a\\\"b\\\\\"\n") == "a\"b\\;");
  ClientCopyOptions forced = kCsv;
  forced.force_not_null = {true, false, false};
  forced.force_null = {false, true, false};
  CHECK(ReadAll(forced, 3, ",\"\",\"\"\n") == "|NULL|;");
}

TEST_CASE("binary rows have a signature, lengths and a trailer", "[format]") {
  const std::string signature = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"s;
  const std::string row = "\0\2\0\0\0\1x\377\377\377\377"s;
  CHECK(ReadAll(kBinary, 2, signature + row + row + "\377\377"s) == "x|NULL;x|NULL;");
  CHECK(ReadAll(kBinary, 2, signature + row) == "x|NULL;22P04");  // cut off
  CHECK(ReadAll(kBinary, 3, signature + row + "\377\377"s) == "22P04");
  CHECK(ReadAll(kBinary, 2, "PGCOPY\n\377\r\nX") == "22P04");
  CHECK(ReadAll(kBinary, 1, signature + "\0\1\377\377\377\376"s) == "22P04");  // a length of -2
}

TEST_CASE("what is written is read back", "[format]") {
  const std::vector<std::string> values = {"plain", "", "\\N", "a\tb\nc\r\\d", "q\"u,o|te", "\\."};
  std::string fields;
  for (const std::string& value : values) {
    fields += "\0\0\0"s + static_cast<char>(value.size()) + value;
  }
  fields += "\377\377\377\377"s;
  const int columns = static_cast<int>(values.size()) + 1;
  for (const ClientCopyOptions& options : {ClientCopyOptions(), kCsv, kBinary}) {
    const ClientCopyWriter writer(options);
    std::string data;
    writer.AppendStart({}, &data);
    writer.AppendRow(fields, columns, &data);
    writer.AppendEnd(&data);
    CHECK(Rows(options, columns, data, 5) == "plain||\\N|a\tb\nc\r\\d|q\"u,o|te|\\.|NULL;");
  }
}

}  // namespace
}  // namespace vesto::format
