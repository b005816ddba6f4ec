#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "format/byte_masks.h"
#include "format/delimited_options.h"
#include "format/load_error.h"
#include "io/byte_stream.h"

namespace vesto::format {

// One field of one row: a place in the batch's text.
struct Field {
  uint32_t begin;
  uint32_t length : 30;
  uint32_t is_null : 1;
  uint32_t quoted : 1;  // it stood in quotes
};
static_assert(sizeof(Field) == 8);

// Up to kRowsMax rows, cut into fields, column by column. Reused from call to call; what it shows
// belongs to the reader and changes with the next call, except the text while `pin` is held.
class FieldBatch {
 public:
  static constexpr int kRowsMax = 2048;

  int num_rows() const { return num_rows_; }
  int num_columns() const { return num_columns_; }
  // The fields of all rows in one column of the file.
  std::span<const Field> column(int index) const {
    return {fields_.data() + static_cast<size_t>(index) * stride_, static_cast<size_t>(num_rows_)};
  }
  std::string_view text(Field field) const { return {base_ + field.begin, field.length}; }
  const char* base() const { return base_; }
  // True when no byte of the batch is outside ASCII: no field needs its UTF-8 checked. May be false
  // without need.
  bool all_ascii() const { return all_ascii_; }

  // The line of a row, for error reports: its text as it stands in the file without the line end,
  // its 1-based number counted from the start of the range, and its place in the file.
  std::string_view raw_line(int row) const {
    return {base_ + lines_[row].begin, lines_[row].length};
  }
  int64_t line_number(int row) const { return lines_[row].number; }
  uint64_t start_offset(int row) const { return base_offset_ + lines_[row].begin; }
  // The 0-based byte at which a field starts in its line.
  int64_t position(int row, int column) const;
  // An error of a converted field, with everything the reader knows filled in.
  LoadError ErrorAt(int row, int column, LoadErrorCode code, std::string reason) const;

  // Rows that could not be cut into fields; they are not among the rows above.
  const std::vector<LoadError>& errors() const { return errors_; }

  // Keeps the text alive after the next call and after the reader. Strings that are loaded can
  // point into it instead of being copied.
  std::shared_ptr<const void> pin() const { return buffer_; }

 private:
  friend class DelimitedReader;

  struct Line {
    uint32_t begin;
    uint32_t length;
    int64_t number;
  };

  int num_rows_ = 0;
  int num_columns_ = 0;
  int rows_max_ = kRowsMax;
  size_t stride_ = 0;
  const char* base_ = nullptr;
  uint64_t base_offset_ = 0;
  bool all_ascii_ = false;
  std::vector<Field> fields_;  // (num_columns_ + 1) columns of stride_: the last takes extras
  std::vector<uint32_t> raw_begins_;  // the same shape without the last; empty for plain text
  std::vector<Line> lines_;
  std::vector<LoadError> errors_;
  std::shared_ptr<char[]> buffer_;
};

// Cuts the lines of a text file into fields: the inner loop of COPY.
//
// Two passes over a buffer that stays in the L2 cache. The first marks delimiters, line ends and
// quotes as bits, 64 bytes at a time (byte_masks.h). The second walks over the bits and notes each
// field as an offset and a length, column by column, so that the caller converts one column in one
// loop. Text is copied only where quotes are doubled or characters escaped. NULL AS, EMPTYASNULL,
// BLANKSASNULL, TRIMBLANKS and FILLRECORD are applied here, as they need no type but FieldKind.
//
// A line ends with LF or CR LF, the last one also with the file. A delimiter before the line end is
// tolerated. A NUL byte ends a record too early (1216), unless NULL AS names it.
//
// Errors: a bad line goes to FieldBatch::errors and reading goes on with the next line; after a
// quote that is never closed, with the line after the one in which it was opened. A file in the
// wrong charset is one error with line number 0 (1221) and ends the reading. A status means that
// the source failed (broken compression, an I/O error).
//
// Thread-safety: one thread at a time. Owned by a parse step; one for each range of a file.
class DelimitedReader {
 public:
  // `source` gives the unpacked bytes of one file, or of one range of it that begins at a line
  // start (file_ranges.h). `file_offset` is the place of its first byte; header lines are skipped
  // and a byte order mark is expected only at 0.
  DelimitedReader(DelimitedOptions options, std::unique_ptr<io::ByteSource> source,
                  uint64_t file_offset = 0);
  DelimitedReader(const DelimitedReader&) = delete;
  DelimitedReader& operator=(const DelimitedReader&) = delete;

  // Fills `batch` with the next rows, at most FieldBatch::kRowsMax and possibly none. False at the
  // end, when there are neither rows nor errors. Always the same batch object for one reader.
  absl::StatusOr<bool> Next(FieldBatch* batch);

  // Lines seen so far, with headers and bad ones.
  int64_t num_lines() const { return line_number_ - 1; }

 private:
  enum class RowOutcome { kDone, kIncomplete };
  // Where a line ended: one past its text, one past its line end, and how many line ends it held.
  struct RowEnd {
    size_t text_end = 0;
    size_t next = 0;
    int64_t lines = 1;
    bool has_nul = false;
  };

  void Prepare(FieldBatch& batch) const;
  // Moves the unparsed text to the front of the buffer and reads until it is full.
  absl::Status Fill();
  void MarkStructure();
  // Both advance begin_ and answer whether they are through.
  bool SkipHeader();
  bool SkipRestOfLine();
  // Refuses the line at begin_, of which the buffer holds only the start.
  void RefuseLongLine(FieldBatch& batch);

  // Parse lines from begin_ on until the batch is full or no whole line is left.
  void ScanPlain(FieldBatch& batch);
  void ScanSlow(FieldBatch& batch);
  RowOutcome ParseCsvRow(FieldBatch& batch, MaskCursor& cursor, RowEnd& end);
  RowOutcome ParseTextRow(FieldBatch& batch, MaskCursor& cursor, RowEnd& end);
  RowOutcome ParseFixedWidthRow(FieldBatch& batch, MaskCursor& cursor, RowEnd& end);

  // Notes field `column` of the row that is being built; fields beyond the spare column are lost.
  void PutField(FieldBatch& batch, int column, size_t raw_begin, Field field) const;
  // Copies text to the scratch space without the bytes that make the next one literal.
  Field Unescape(size_t begin, size_t end, char escape);
  // Ends a row of `count` fields: accepts, fills, skips or refuses it, as the options say.
  void FinishRow(FieldBatch& batch, int count, const RowEnd& end);
  bool RefuseNul(FieldBatch& batch, int count, const RowEnd& end);
  // Refuses the line at begin_ and goes on after the first line end from `from` on.
  RowOutcome RefuseFrom(FieldBatch& batch, std::string reason, size_t from, MaskCursor& cursor,
                        RowEnd& end);
  void AddError(FieldBatch& batch, LoadErrorCode code, std::string reason, size_t text_end,
                int column = -1, int64_t position = 0) const;
  void ApplyNullRules(FieldBatch& batch) const;
  size_t WithoutCarriageReturn(size_t start, size_t end) const {
    return end > start && data_[end - 1] == '\r' ? end - 1 : end;
  }

  const DelimitedOptions options_;
  const int num_columns_;
  const bool is_slow_;  // quotes or escapes may occur
  const bool nul_is_null_;
  std::unique_ptr<io::ByteSource> source_;
  ByteSet structural_{};

  // [0, capacity_) text, padding, then room for unescaped text in the slow modes.
  std::shared_ptr<char[]> buffer_;
  char* data_ = nullptr;
  size_t capacity_ = 0;
  size_t scratch_base_ = 0;
  size_t scratch_used_ = 0;
  size_t begin_ = 0;  // first byte of the first line that is not yet parsed
  size_t end_ = 0;    // one past the last byte read; a line feed stands there
  std::vector<uint64_t> masks_;
  bool all_ascii_ = true;
  uint64_t base_offset_ = 0;  // place of data_[0] in the file
  bool source_ended_ = false;
  bool done_ = false;
  bool skipping_line_ = false;  // inside a line that was too long
  int64_t header_left_ = 0;
  int64_t line_number_ = 1;  // of the line at begin_
  size_t batch_bytes_ = 1;   // what a full batch took lately
};

}  // namespace vesto::format
