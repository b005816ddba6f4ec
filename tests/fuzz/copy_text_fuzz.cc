#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "format/delimited_reader.h"
#include "format/field_parse.h"
#include "format/manifest.h"
#include "io/compression.h"

// COPY's text, CSV and FIXEDWIDTH readers, the field conversions, the decompressors and the
// manifest reader on any bytes. The first four bytes choose the options, the rest is the file.
// Whatever it holds, each line must become a row or an error, and every field must lie inside its
// buffer.

namespace {

using namespace vesto;          // NOLINT
using namespace vesto::format;  // NOLINT

void Require(bool condition) {
  if (!condition) std::abort();
}

void ParseEverything(const FieldParser& parser, std::string_view text, bool is_ascii) {
  int16_t small;
  int32_t medium;
  int64_t large;
  int128_t huge;
  double wide;
  float narrow;
  bool boolean;
  std::string_view out;
  std::string scratch;
  const auto check = [&](LoadErrorCode code, const Type& type) {
    if (code != LoadErrorCode::kNone) Require(!parser.Reason(code, type, text).empty());
  };
  check(ParseInteger(text, &small), Type::Smallint());
  check(ParseInteger(text, &medium), Type::Integer());
  check(ParseInteger(text, &large), Type::Bigint());
  const LoadErrorCode narrow_code = ParseDecimal64(text, 15, 2, true, &large);
  const LoadErrorCode wide_code = ParseDecimal128(text, 15, 2, true, &huge);
  Require(narrow_code == wide_code);
  if (narrow_code == LoadErrorCode::kNone) Require(huge == large);
  check(ParseDecimal128(text, 38, 10, false, &huge), Type::Decimal(38, 10));
  check(ParseDouble(text, &wide), Type::Double());
  check(ParseReal(text, &narrow), Type::Real());
  check(ParseBoolean(text, &boolean), Type::Boolean());
  check(parser.ParseDate(text, &medium), Type::Date());
  check(parser.ParseTimestamp(text, &large), Type::Timestamp());
  check(parser.ParseTimestampTz(text, &large), Type::TimestampTz());
  check(parser.ParseTime(text, &large), Type::Time());
  check(parser.ParseChar(text, 5, is_ascii, &out), Type::Char(5));
  check(parser.ParseVarbyte(text, 5, &out, &scratch), Type::Varbyte(5));
  const LoadErrorCode code = parser.ParseVarchar(text, 7, is_ascii, &out, &scratch);
  check(code, Type::Varchar(7));
  if (code == LoadErrorCode::kNone) {
    Require(out.size() <= 7);
    Require(FindInvalidUtf8(out).length == 0);
  }
}

void ReadFile(const DelimitedOptions& options, const FieldParser& parser,
              std::unique_ptr<io::ByteSource> source) {
  DelimitedReader reader(options, std::move(source));
  FieldBatch batch;
  while (true) {
    const auto more = reader.Next(&batch);
    if (!more.ok() || !*more) break;
    int64_t last_line = 0;
    for (int row = 0; row < batch.num_rows(); ++row) {
      Require(batch.line_number(row) > last_line);
      last_line = batch.line_number(row);
      for (int column = 0; column < batch.num_columns(); ++column) {
        const Field field = batch.column(column)[row];
        Require(batch.position(row, column) >= 0);
        Require(batch.position(row, column) <= static_cast<int64_t>(batch.raw_line(row).size()));
        if (!field.is_null) ParseEverything(parser, batch.text(field), batch.all_ascii());
      }
    }
    for (const LoadError& error : batch.errors()) {
      Require(error.code != LoadErrorCode::kNone && !error.reason.empty());
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 4) return 0;
  const uint8_t* const choice = data;
  const std::string_view text(reinterpret_cast<const char*>(data) + 4, size - 4);

  DelimitedOptions options;
  options.layout = static_cast<Layout>(choice[0] % 3);
  options.delimiter = choice[0] & 0x80 ? ',' : '|';
  options.fields.resize(1 + choice[1] % 5);
  options.widths.assign(options.fields.size(), choice[1] >> 4);
  for (size_t i = 0; i < options.fields.size(); ++i) {
    options.fields[i] = static_cast<FieldKind>((choice[1] + i) % 3);
  }
  options.escape = choice[2] & 1;
  options.remove_quotes = choice[2] & 2;
  options.fill_record = choice[2] & 4;
  options.ignore_blank_lines = choice[2] & 8;
  options.empty_as_null = choice[2] & 16;
  options.trim_blanks = choice[2] & 32;
  options.blanks_as_null = choice[2] & 64;
  options.ignore_header = choice[2] >> 7;
  options.charset = static_cast<Charset>(choice[3] % 5);
  if (choice[3] & 0x80) options.null_as = std::string(1, '\0');
  options.line_bytes_max = 4096;

  FieldParseOptions parse;
  parse.date_form = static_cast<DateTimeForm>(choice[3] / 8 % 3);
  parse.time_form = static_cast<DateTimeForm>(choice[3] / 8 % 5);
  parse.date_pattern = "YYYY-MON-DD";
  parse.time_pattern = "MM/DD/YY HH12:MI:SS AM OF";
  parse.truncate_columns = choice[0] & 16;
  parse.accept_invalid_chars = choice[0] & 32;
  parse.accept_any_date = choice[0] & 64;
  const auto parser = FieldParser::Create(parse);
  Require(parser.ok());

  ReadFile(options, *parser, io::ReadMemory(text));
  ParseManifest(text).status().IgnoreError();
  for (const io::Compression compression : {io::Compression::kGzip, io::Compression::kBzip2,
                                            io::Compression::kZstd, io::Compression::kLz4}) {
    auto source = io::Decompress(compression, io::ReadMemory(text));
    if (source.ok()) io::ReadAll(**source, size_t{1} << 20).status().IgnoreError();
  }
  return 0;
}
