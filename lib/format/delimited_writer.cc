#include "format/delimited_writer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace vesto::format {
namespace {

constexpr size_t kFlushBytes = 256 * 1024;

int CountCharacters(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

DelimitedWriter::DelimitedWriter(DelimitedWriterOptions options) : options_(std::move(options)) {
  VESTO_CHECK(options_.layout != Layout::kFixedWidth ||
              options_.widths.size() == options_.fields.size());
}

absl::Status DelimitedWriter::AppendRow(std::span<const OutputField> row, std::string* out) const {
  VESTO_DCHECK(row.size() == options_.fields.size());
  for (size_t i = 0; i < row.size(); ++i) {
    if (options_.layout == Layout::kFixedWidth) {
      VESTO_RETURN_IF_ERROR(AppendFixedWidth(i, row[i], out));
      continue;
    }
    if (i > 0) *out += options_.delimiter;
    if (row[i].is_null) {
      // Unquoted, so that NULL AS matches again when the file is loaded.
      *out += options_.null_as;
    } else if (options_.layout == Layout::kCsv) {
      AppendCsv(row[i].text, out);
    } else {
      AppendDelimited(row[i].text, options_.fields[i], out);
    }
  }
  *out += '\n';
  return absl::OkStatus();
}

std::string DelimitedWriter::Header() const {
  std::string header;
  for (size_t i = 0; i < options_.names.size(); ++i) {
    if (i > 0) header += options_.delimiter;
    if (options_.layout == Layout::kCsv) {
      AppendCsv(options_.names[i], &header);
    } else {
      AppendDelimited(options_.names[i], FieldKind::kVarchar, &header);
    }
  }
  header += '\n';
  return header;
}

void DelimitedWriter::AppendCsv(std::string_view text, std::string* out) const {
  const char special[] = {options_.delimiter, options_.quote, '\n', '\r'};
  if (text.find_first_of(std::string_view(special, sizeof(special))) == std::string_view::npos) {
    out->append(text);
    return;
  }
  *out += options_.quote;
  for (const char c : text) {
    if (c == options_.quote) *out += c;
    *out += c;
  }
  *out += options_.quote;
}

void DelimitedWriter::AppendDelimited(std::string_view text, FieldKind kind,
                                      std::string* out) const {
  if (options_.add_quotes) *out += options_.quote;
  if (options_.escape && kind != FieldKind::kOther) {
    for (const char c : text) {
      const bool is_special = c == '\\' || c == '\n' || c == '\r' || c == options_.delimiter ||
                              (options_.add_quotes && (c == '"' || c == '\''));
      if (is_special) *out += '\\';
      *out += c;
    }
  } else {
    out->append(text);
  }
  if (options_.add_quotes) *out += options_.quote;
}

absl::Status DelimitedWriter::AppendFixedWidth(size_t column, const OutputField& field,
                                               std::string* out) const {
  const int width = options_.widths[column];
  std::string_view text = field.is_null ? std::string_view(options_.null_as) : field.text;
  int length = CountCharacters(text);
  if (length > width && field.is_null && options_.fields[column] == FieldKind::kOther) {
    text = {};
    length = 0;
  }
  if (length > width) {
    return SqlError(
        SqlState::kStringDataRightTruncation,
        absl::StrCat(
            "value is wider than the FIXEDWIDTH column",
            column < options_.names.size() ? absl::StrCat(" \"", options_.names[column], "\"") : "",
            ": ", length, " characters, width ", width));
  }
  out->append(text);
  out->append(static_cast<size_t>(width - length), ' ');
  return absl::OkStatus();
}

PartWriter::PartWriter(Options options, OpenPart open)
    : options_(std::move(options)), open_(std::move(open)) {}

absl::Status PartWriter::Open() {
  VESTO_ASSIGN_OR_RETURN(sink_, open_(next_part_));
  buffer_ = options_.header;
  num_lines_ = options_.header.empty() ? 0 : 1;
  num_rows_ = 0;
  return absl::OkStatus();
}

absl::Status PartWriter::Flush() {
  VESTO_RETURN_IF_ERROR(sink_->Append(buffer_));
  buffer_.clear();
  return absl::OkStatus();
}

absl::Status PartWriter::Close() {
  VESTO_RETURN_IF_ERROR(Flush());
  VESTO_RETURN_IF_ERROR(sink_->Finish());
  parts_.push_back({next_part_++, sink_->bytes_written(), num_lines_});
  sink_.reset();
  return absl::OkStatus();
}

absl::Status PartWriter::AppendLine(std::string_view line) {
  if (sink_ != nullptr && num_rows_ > 0) {
    const uint64_t bytes =
        sink_->bytes_written() + (options_.is_compressed ? 0 : buffer_.size() + line.size());
    if (bytes > options_.file_bytes_max) VESTO_RETURN_IF_ERROR(Close());
  }
  if (sink_ == nullptr) VESTO_RETURN_IF_ERROR(Open());
  buffer_.append(line);
  ++num_lines_;
  ++num_rows_;
  return buffer_.size() >= kFlushBytes ? Flush() : absl::OkStatus();
}

absl::Status PartWriter::Finish(bool always_one_file) {
  if (sink_ == nullptr && always_one_file && parts_.empty()) VESTO_RETURN_IF_ERROR(Open());
  return sink_ == nullptr ? absl::OkStatus() : Close();
}

std::string UnloadFileName(int slice, int part, bool is_serial, std::string_view suffix) {
  std::string name =
      is_serial ? absl::StrFormat("%03d", part) : absl::StrFormat("%04d_part_%02d", slice, part);
  absl::StrAppend(&name, sv(suffix));
  return name;
}

}  // namespace vesto::format
