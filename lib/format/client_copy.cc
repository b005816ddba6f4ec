#include "format/client_copy.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::format {
namespace {

using Format = ClientCopyOptions::Format;
using namespace std::string_view_literals;

constexpr std::string_view kSignature = "PGCOPY\n\377\r\n\0"sv;
constexpr uint32_t kHasOids = 1u << 16;

uint32_t ReadInt32(std::string_view bytes) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

int16_t ReadInt16(std::string_view bytes) {
  return static_cast<int16_t>(static_cast<uint8_t>(bytes[0]) << 8 | static_cast<uint8_t>(bytes[1]));
}

void AppendInt16(int16_t value, std::string* out) {
  out->push_back(static_cast<char>(value >> 8));
  out->push_back(static_cast<char>(value));
}

absl::Status BadFormat(std::string message) {
  return SqlError(SqlState::kBadCopyFileFormat, std::move(message));
}

bool IsOctal(char c) { return c >= '0' && c <= '7'; }

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The character that follows a backslash, and what it stands for.
constexpr std::array<std::pair<char, char>, 6> kEscapes = {
    {{'b', '\b'}, {'f', '\f'}, {'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'v', '\v'}}};

// Appends what the escape that begins after the backslash at `at` means; returns its end.
size_t AppendEscape(std::string_view row, size_t at, std::string* out) {
  size_t next = at + 1;
  if (next == row.size()) {
    out->push_back('\\');
    return next;
  }
  const char c = row[next++];
  for (const auto& [letter, meaning] : kEscapes) {
    if (c != letter) continue;
    out->push_back(meaning);
    return next;
  }
  if (IsOctal(c)) {
    int value = c - '0';
    for (int i = 0; i < 2 && next < row.size() && IsOctal(row[next]); ++i) {
      value = value * 8 + (row[next++] - '0');
    }
    out->push_back(static_cast<char>(value));
    return next;
  }
  if (c == 'x' && next < row.size() && HexDigit(row[next]) >= 0) {
    int value = HexDigit(row[next++]);
    if (next < row.size() && HexDigit(row[next]) >= 0) value = value * 16 + HexDigit(row[next++]);
    out->push_back(static_cast<char>(value));
    return next;
  }
  out->push_back(c);
  return next;
}

}  // namespace

ClientCopyReader::ClientCopyReader(ClientCopyOptions options, std::span<const std::string> columns)
    : options_(std::move(options)), columns_(columns), skip_header_(options_.header) {}

absl::Status ClientCopyReader::Add(std::string_view bytes, const RowSink& sink) {
  if (ended_) return absl::OkStatus();
  // What was read is dropped when it is the larger part: each byte moves at most once.
  if (begin_ > buffer_.size() / 2) {
    buffer_.erase(0, begin_);
    scanned_ -= std::min(scanned_, begin_);
    begin_ = 0;
  }
  buffer_.append(bytes);
  return Consume(false, sink);
}

absl::Status ClientCopyReader::Finish(const RowSink& sink) {
  if (ended_) return absl::OkStatus();
  VESTO_RETURN_IF_ERROR(Consume(true, sink));
  if (options_.format == Format::kBinary && !ended_) return BadFormat("unexpected EOF in COPY data");
  return absl::OkStatus();
}

absl::Status ClientCopyReader::Consume(bool last, const RowSink& sink) {
  bool more = true;
  while (more && !ended_) {
    if (options_.format == Format::kBinary) {
      VESTO_RETURN_IF_ERROR(ReadBinary(&more, sink));
      continue;
    }
    size_t end = 0, next = 0;
    more = FindRowEnd(last, &end, &next);
    if (!more) break;
    ++line_;
    const std::string_view row = std::string_view(buffer_).substr(begin_, end - begin_);
    begin_ = scanned_ = next;
    quoted_ = escaped_ = false;
    VESTO_RETURN_IF_ERROR(ReadLine(row, sink));
  }
  if (!ended_ && buffer_.size() - begin_ > kClientCopyRowBytesMax) {
    return SqlError(SqlState::kProgramLimitExceeded, "COPY row is too long")
        .Detail(absl::StrCat("A row may have at most ", kClientCopyRowBytesMax, " bytes."));
  }
  return absl::OkStatus();
}

bool ClientCopyReader::FindRowEnd(bool last, size_t* end, size_t* next) {
  const bool csv = options_.format == Format::kCsv;
  for (; scanned_ < buffer_.size(); ++scanned_) {
    const char c = buffer_[scanned_];
    if (escaped_) {
      escaped_ = false;
    } else if (csv && quoted_ && c == options_.escape && options_.escape != options_.quote) {
      escaped_ = true;
    } else if (csv && c == options_.quote) {
      quoted_ = !quoted_;  // a doubled quote ends and begins
    } else if (!csv && c == '\\') {
      escaped_ = true;
    } else if (c == '\n' && !quoted_) {
      *end = scanned_;
      *next = scanned_ + 1;
      if (*end > begin_ && buffer_[*end - 1] == '\r') --*end;
      return true;
    }
  }
  if (!last || begin_ == buffer_.size()) return false;
  *end = *next = buffer_.size();
  if (*end > begin_ && buffer_[*end - 1] == '\r') --*end;
  return true;
}

absl::Status ClientCopyReader::ReadLine(std::string_view row, const RowSink& sink) {
  if (row == "\\.") {
    ended_ = true;
    return absl::OkStatus();
  }
  if (skip_header_) {
    skip_header_ = false;
    return absl::OkStatus();
  }
  plain_.clear();
  ranges_.clear();
  if (options_.format == Format::kCsv) {
    VESTO_RETURN_IF_ERROR(SplitCsv(row));
  } else {
    SplitText(row);
  }
  fields_.clear();
  for (const Range& range : ranges_) {
    fields_.push_back({std::string_view(plain_).substr(range.begin, range.end - range.begin),
                       range.null});
  }
  return Give(sink);
}

void ClientCopyReader::SplitText(std::string_view row) {
  size_t at = 0;
  while (true) {
    Range field{.begin = plain_.size()};
    const size_t raw = at;
    while (at < row.size() && row[at] != options_.delimiter) {
      if (row[at] == '\\') {
        at = AppendEscape(row, at, &plain_);
      } else {
        plain_.push_back(row[at++]);
      }
    }
    field.null = row.substr(raw, at - raw) == options_.null_text;
    field.end = plain_.size();
    ranges_.push_back(field);
    if (at == row.size()) return;
    ++at;
  }
}

absl::Status ClientCopyReader::SplitCsv(std::string_view row) {
  const auto forced = [this](const std::vector<bool>& columns) {
    return ranges_.size() < columns.size() && columns[ranges_.size()];
  };
  size_t at = 0;
  while (true) {
    Range field{.begin = plain_.size()};
    bool was_quoted = false, quoted = false;
    while (at < row.size() && (quoted || row[at] != options_.delimiter)) {
      const char c = row[at];
      if (quoted && c == options_.escape && at + 1 < row.size() &&
          (row[at + 1] == options_.quote || row[at + 1] == options_.escape)) {
        plain_.push_back(row[at + 1]);
        at += 2;
        continue;
      }
      ++at;
      if (c == options_.quote) {
        quoted = !quoted;
        was_quoted = true;
      } else {
        plain_.push_back(c);
      }
    }
    if (quoted) return BadFormat("unterminated CSV quoted field");
    field.end = plain_.size();
    const std::string_view text = std::string_view(plain_).substr(field.begin);
    field.null = text == options_.null_text && (!was_quoted || forced(options_.force_null)) &&
                 !forced(options_.force_not_null);
    ranges_.push_back(field);
    if (at == row.size()) return absl::OkStatus();
    ++at;
  }
}

absl::Status ClientCopyReader::ReadBinary(bool* more, const RowSink& sink) {
  const std::string_view rest = std::string_view(buffer_).substr(begin_);
  *more = false;
  if (!signature_read_) {
    const size_t fixed = kSignature.size() + 8;
    const std::string_view seen = rest.substr(0, kSignature.size());
    if (seen != kSignature.substr(0, seen.size())) {
      return BadFormat("COPY file signature not recognized");
    }
    if (rest.size() < fixed) return absl::OkStatus();
    if ((ReadInt32(rest.substr(kSignature.size())) & kHasOids) != 0) {
      return BadFormat("invalid COPY file header (WITH OIDS)");
    }
    const uint32_t extension = ReadInt32(rest.substr(kSignature.size() + 4));
    if (extension > kClientCopyRowBytesMax) {
      return BadFormat("invalid COPY file header (wrong length)");
    }
    if (rest.size() < fixed + extension) return absl::OkStatus();
    begin_ += fixed + extension;
    signature_read_ = true;
    *more = true;
    return absl::OkStatus();
  }
  if (rest.size() < 2) return absl::OkStatus();
  const int16_t count = ReadInt16(rest);
  if (count == -1) {
    ended_ = true;
    return absl::OkStatus();
  }
  if (count != static_cast<int>(columns_.size())) {
    return BadFormat(absl::StrCat("row field count is ", count, ", expected ", columns_.size()));
  }
  size_t at = 2;
  fields_.clear();
  for (int i = 0; i < count; ++i) {
    if (rest.size() - at < 4) return absl::OkStatus();
    const auto size = static_cast<int32_t>(ReadInt32(rest.substr(at)));
    at += 4;
    if (size < -1) return BadFormat("invalid field size");
    if (size > 0 && rest.size() - at < static_cast<size_t>(size)) return absl::OkStatus();
    fields_.push_back({size > 0 ? rest.substr(at, static_cast<size_t>(size)) : std::string_view(),
                       size == -1});
    if (size > 0) at += static_cast<size_t>(size);
  }
  begin_ += at;
  ++line_;
  *more = true;
  return Give(sink);
}

absl::Status ClientCopyReader::Give(const RowSink& sink) {
  if (fields_.size() > columns_.size()) return BadFormat("extra data after last expected column");
  if (fields_.size() < columns_.size()) {
    return BadFormat(
        absl::StrCat("missing data for column \"", columns_[fields_.size()], "\""));
  }
  return sink({.fields = fields_, .line = line_});
}

void ClientCopyWriter::AppendStart(std::span<const std::string> columns, std::string* out) const {
  if (options_.format == Format::kBinary) {
    out->append(kSignature);
    out->append(8, '\0');
    return;
  }
  if (!options_.header) return;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out->push_back(options_.delimiter);
    if (options_.format == Format::kCsv) {
      AppendCsv(columns[i], -1, columns.size() == 1, out);
    } else {
      AppendText(columns[i], out);
    }
  }
  out->push_back('\n');
}

void ClientCopyWriter::AppendRow(std::string_view fields, int num_fields, std::string* out) const {
  if (options_.format == Format::kBinary) {
    AppendInt16(static_cast<int16_t>(num_fields), out);
    out->append(fields);
    return;
  }
  for (int i = 0; i < num_fields; ++i) {
    if (i > 0) out->push_back(options_.delimiter);
    const auto size = static_cast<int32_t>(ReadInt32(fields));
    fields.remove_prefix(4);
    if (size < 0) {
      out->append(options_.null_text);
      continue;
    }
    const std::string_view value = fields.substr(0, static_cast<size_t>(size));
    fields.remove_prefix(static_cast<size_t>(size));
    if (options_.format == Format::kCsv) {
      AppendCsv(value, i, num_fields == 1, out);
    } else {
      AppendText(value, out);
    }
  }
  out->push_back('\n');
}

void ClientCopyWriter::AppendEnd(std::string* out) const {
  if (options_.format == Format::kBinary) AppendInt16(-1, out);
}

void ClientCopyWriter::AppendText(std::string_view value, std::string* out) const {
  for (const char c : value) {
    const auto escape = c < ' ' ? std::find_if(kEscapes.begin(), kEscapes.end(),
                                               [c](const auto& e) { return e.second == c; })
                                : kEscapes.end();
    if (escape != kEscapes.end()) {
      out->push_back('\\');
      out->push_back(escape->first);
    } else {
      if (c == '\\' || c == options_.delimiter) out->push_back('\\');
      out->push_back(c);
    }
  }
}

void ClientCopyWriter::AppendCsv(std::string_view value, int column, bool alone,
                                 std::string* out) const {
  const char special[] = {options_.delimiter, options_.quote, '\n', '\r'};
  const bool forced = column >= 0 && static_cast<size_t>(column) < options_.force_quote.size() &&
                      options_.force_quote[static_cast<size_t>(column)];
  const bool quote = forced || value == options_.null_text || (alone && value == "\\.") ||
                     value.find_first_of(std::string_view(special, sizeof special)) !=
                         std::string_view::npos;
  if (quote) {
    AppendQuoted(value, out);
  } else {
    out->append(value);
  }
}

void ClientCopyWriter::AppendQuoted(std::string_view value, std::string* out) const {
  out->push_back(options_.quote);
  for (const char c : value) {
    if (c == options_.quote || c == options_.escape) out->push_back(options_.escape);
    out->push_back(c);
  }
  out->push_back(options_.quote);
}

}  // namespace vesto::format
