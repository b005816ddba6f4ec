#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "format/delimited_options.h"
#include "io/byte_stream.h"

namespace vesto::format {

// One value of a row that is unloaded, as text.
struct OutputField {
  std::string_view text;
  bool is_null = false;
};

// How UNLOAD writes rows. Source: redshift/statements.md L.
struct DelimitedWriterOptions {
  Layout layout = Layout::kDelimited;
  char delimiter = '|';
  char quote = '"';
  bool add_quotes = false;         // kDelimited
  bool escape = false;             // kDelimited; strings only
  std::string null_as;             // "" also for kFixedWidth, which fills with blanks
  std::vector<FieldKind> fields;   // one per column: kOther is written as it is
  std::vector<int> widths;         // kFixedWidth: characters
  std::vector<std::string> names;  // for the header and for messages
};

// Turns rows into lines.
// Thread-safety: immutable.
class DelimitedWriter {
 public:
  explicit DelimitedWriter(DelimitedWriterOptions options);

  // Appends one line. `row` has one entry per column. Error: a value that is wider than its
  // FIXEDWIDTH column (22001); `*out` then ends with part of a line.
  absl::Status AppendRow(std::span<const OutputField> row, std::string* out) const;
  // The line of column names (HEADER).
  std::string Header() const;

 private:
  void AppendCsv(std::string_view text, std::string* out) const;
  void AppendDelimited(std::string_view text, FieldKind kind, std::string* out) const;
  absl::Status AppendFixedWidth(size_t column, const OutputField& field, std::string* out) const;

  const DelimitedWriterOptions options_;
};

// One finished file of an UNLOAD.
struct UnloadedPart {
  int part = 0;
  uint64_t bytes = 0;     // as stored, so compressed
  int64_t num_lines = 0;  // rows and header lines
};

// Spreads lines over files of at most MAXFILESIZE, each with its own header. Lines are never cut.
// Compressed files are measured as stored, and may exceed the limit by what the codec buffers.
// Thread-safety: one thread at a time.
class PartWriter {
 public:
  struct Options {
    uint64_t file_bytes_max = 6'200'000'000;
    bool is_compressed = false;
    std::string header;  // "" = none
  };
  // Opens the destination of part 0, 1, 2, ...: compressed, if wanted.
  using OpenPart = std::function<absl::StatusOr<std::unique_ptr<io::ByteSink>>(int part)>;

  PartWriter(Options options, OpenPart open);

  // One whole line.
  absl::Status AppendLine(std::string_view line);
  // Closes the last file. `always_one_file` makes an empty file when nothing was appended.
  absl::Status Finish(bool always_one_file);
  // The files that are complete.
  const std::vector<UnloadedPart>& parts() const { return parts_; }

 private:
  absl::Status Open();
  absl::Status Close();
  absl::Status Flush();

  const Options options_;
  const OpenPart open_;
  std::unique_ptr<io::ByteSink> sink_;
  std::string buffer_;
  int next_part_ = 0;
  int64_t num_lines_ = 0;
  int64_t num_rows_ = 0;
  std::vector<UnloadedPart> parts_;
};

// "0003_part_00.gz" of slice 3, or "000.gz" with PARALLEL OFF: what follows the UNLOAD prefix.
std::string UnloadFileName(int slice, int part, bool is_serial, std::string_view suffix);

}  // namespace vesto::format
