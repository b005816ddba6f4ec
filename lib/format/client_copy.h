#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

// The data of COPY FROM STDIN and COPY TO STDOUT: PostgreSQL's text, CSV and binary formats, which
// differ from those that Redshift's COPY reads from files (escapes, NULLs, header).
// Source: PostgreSQL manual, COPY, "File Formats".
namespace vesto::format {

struct ClientCopyOptions {
  enum class Format : uint8_t { kText, kCsv, kBinary };
  Format format = Format::kText;
  char delimiter = '\t';
  std::string null_text = "\\N";  // CSV: "" by default
  bool header = false;
  char quote = '"', escape = '"';  // CSV
  // By column, CSV: always quoted when written; never, or also when quoted, NULL when read.
  std::vector<bool> force_quote, force_not_null, force_null;
};

// One row as it was sent: its fields in order. `line` counts from 1 (rows in binary).
struct ClientCopyRow {
  struct Field {
    std::string_view bytes;  // until the sink returns
    bool null = false;
  };
  std::span<const Field> fields;
  int64_t line = 0;
};

// Cuts the bytes of COPY FROM STDIN into rows, however they were cut on their way.
// Errors: 22P04 for a row of the wrong shape; 54000 for a row of more than kClientCopyRowBytesMax.
// Thread-safety: thread-compatible.
class ClientCopyReader {
 public:
  using RowSink = std::function<absl::Status(const ClientCopyRow&)>;

  // `columns`: the names, for errors; outlive the reader.
  ClientCopyReader(ClientCopyOptions options, std::span<const std::string> columns);

  // Gives `sink` every row that is whole. What follows the end marker is ignored.
  absl::Status Add(std::string_view bytes, const RowSink& sink);
  // There are no more bytes: a last row may lack its line end.
  absl::Status Finish(const RowSink& sink);
  int64_t line() const { return line_; }

 private:
  absl::Status Consume(bool last, const RowSink& sink);
  // The position after the line end of the row that begins at `begin_`, and its end without it;
  // false while more bytes are needed.
  bool FindRowEnd(bool last, size_t* end, size_t* next);
  absl::Status ReadLine(std::string_view row, const RowSink& sink);
  void SplitText(std::string_view row);
  absl::Status SplitCsv(std::string_view row);
  // Binary: false while more bytes are needed.
  absl::Status ReadBinary(bool* more, const RowSink& sink);
  absl::Status Give(const RowSink& sink);

  const ClientCopyOptions options_;
  const std::span<const std::string> columns_;
  std::string buffer_;
  size_t begin_ = 0;    // of the row in buffer_
  size_t scanned_ = 0;  // up to here no end of that row was found
  bool quoted_ = false, escaped_ = false;  // the scanner's state there
  bool skip_header_ = false, signature_read_ = false, ended_ = false;
  int64_t line_ = 0;
  struct Range {
    size_t begin = 0, end = 0;  // in plain_
    bool null = false;
  };
  std::string plain_;  // the fields of a row without escapes
  std::vector<Range> ranges_;
  std::vector<ClientCopyRow::Field> fields_;
};

inline constexpr size_t kClientCopyRowBytesMax = 64 << 20;

// Appends one row, or what stands before the first and after the last, to the data of COPY TO
// STDOUT.
class ClientCopyWriter {
 public:
  explicit ClientCopyWriter(ClientCopyOptions options) : options_(std::move(options)) {}

  // What precedes the first row: the header line, or the binary signature.
  void AppendStart(std::span<const std::string> columns, std::string* out) const;
  // `fields`: as DataRow has them: big-endian int32 length (-1: NULL) and bytes, `num_fields` times.
  void AppendRow(std::string_view fields, int num_fields, std::string* out) const;
  void AppendEnd(std::string* out) const;  // the binary trailer

 private:
  void AppendText(std::string_view value, std::string* out) const;
  void AppendCsv(std::string_view value, int column, bool alone, std::string* out) const;
  void AppendQuoted(std::string_view value, std::string* out) const;

  const ClientCopyOptions options_;
};

}  // namespace vesto::format
