#include "format/delimited_reader.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/check.h"
#include "base/status_macros.h"

namespace vesto::format {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 20;
constexpr size_t kPaddingBytes = 128;  // a sentinel, and what the last block of 64 reads too much
// A batch stops here, so that a file of bad lines does not become a list of a million errors.
constexpr size_t kErrorsMax = 256;

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

bool IsBlankText(const char* text, size_t length) {
  for (size_t i = 0; i < length; ++i) {
    if (!IsBlank(text[i])) return false;
  }
  return true;
}

Field MakeField(size_t begin, size_t end) {
  return {static_cast<uint32_t>(begin), static_cast<uint32_t>(end - begin), 0, 0};
}

// Very wide tables get fewer rows, so that the fields of a batch stay near the cache.
int RowsMax(int num_columns) {
  return std::clamp(FieldBatch::kRowsMax * 256 / num_columns, 64, FieldBatch::kRowsMax);
}

}  // namespace

int64_t FieldBatch::position(int row, int column) const {
  const size_t index = static_cast<size_t>(column) * stride_ + static_cast<size_t>(row);
  const uint32_t begin = raw_begins_.empty() ? fields_[index].begin : raw_begins_[index];
  return static_cast<int64_t>(begin) - lines_[row].begin;
}

LoadError FieldBatch::ErrorAt(int row, int column, LoadErrorCode code, std::string reason) const {
  LoadError error;
  error.code = code;
  error.reason = std::move(reason);
  if (error.reason.size() > LoadError::kReasonBytesMax) {
    error.reason.resize(LoadError::kReasonBytesMax);
  }
  error.line_number = line_number(row);
  error.start_offset = start_offset(row);
  error.column = column;
  error.position = position(row, column);
  error.raw_line = raw_line(row).substr(0, LoadError::kRawBytesMax);
  error.raw_field = text(this->column(column)[row]).substr(0, LoadError::kRawBytesMax);
  return error;
}

DelimitedReader::DelimitedReader(DelimitedOptions options, std::unique_ptr<io::ByteSource> source,
                                 uint64_t file_offset)
    : options_(std::move(options)),
      num_columns_(static_cast<int>(options_.fields.size())),
      is_slow_(options_.layout != Layout::kDelimited || options_.escape || options_.remove_quotes),
      nul_is_null_(options_.null_as == std::string_view("\0", 1)),
      source_(std::move(source)),
      base_offset_(file_offset),
      header_left_(file_offset == 0 ? options_.ignore_header : 0) {
  VESTO_CHECK(num_columns_ > 0);
  VESTO_CHECK(options_.layout != Layout::kFixedWidth ||
              options_.widths.size() == options_.fields.size());
  if (file_offset == 0) source_ = ToUtf8(options_.charset, std::move(source_));
  structural_ = {'\n', '\0', '\n', '\n'};
  if (options_.layout != Layout::kFixedWidth) structural_[2] = options_.delimiter;
  if (options_.layout == Layout::kCsv) structural_[3] = options_.quote;
  if (options_.layout == Layout::kDelimited && options_.escape) structural_[3] = '\\';
}

void DelimitedReader::Prepare(FieldBatch& batch) const {
  batch.num_rows_ = 0;
  batch.errors_.clear();
  batch.buffer_.reset();
  if (!batch.fields_.empty()) return;
  batch.num_columns_ = num_columns_;
  batch.rows_max_ = RowsMax(num_columns_);
  // One cache line more than the rows: columns at a distance of a power of two would share the
  // same few places of the cache.
  batch.stride_ = static_cast<size_t>(batch.rows_max_) + 8;
  batch.fields_.resize(batch.stride_ * (num_columns_ + 1));
  if (is_slow_ && options_.layout != Layout::kFixedWidth) {
    batch.raw_begins_.resize(batch.stride_ * num_columns_);
  }
  batch.lines_.resize(batch.rows_max_);
}

absl::Status DelimitedReader::Fill() {
  const size_t rest = end_ - begin_;
  size_t capacity = std::max(capacity_, kBufferBytes);
  if (rest == capacity_ && capacity_ > 0) {
    capacity = std::min(capacity_ * 2, std::max(options_.line_bytes_max, kBufferBytes));
  }
  // Whoever pins the text keeps the buffer, and we go on with another.
  const bool is_pinned = buffer_.use_count() > 1;
  std::atomic_thread_fence(std::memory_order_acquire);
  if (capacity != capacity_ || is_pinned) {
    const size_t scratch = is_slow_ ? capacity : 0;
    auto buffer = std::make_shared_for_overwrite<char[]>(capacity + kPaddingBytes + scratch);
    if (rest > 0) std::memcpy(buffer.get(), data_ + begin_, rest);
    buffer_ = std::move(buffer);
    data_ = buffer_.get();
    capacity_ = capacity;
    scratch_base_ = capacity + kPaddingBytes;
    masks_.resize(capacity / 64 + 2);
  } else if (rest > 0) {
    std::memmove(data_, data_ + begin_, rest);
  }
  base_offset_ += begin_;
  begin_ = 0;
  scratch_used_ = 0;
  end_ = rest;
  while (end_ < capacity_ && !source_ended_) {
    VESTO_ASSIGN_OR_RETURN(const size_t read, source_->Read(data_ + end_, capacity_ - end_));
    source_ended_ = read == 0;
    end_ += read;
  }
  MarkStructure();
  return absl::OkStatus();
}

void DelimitedReader::MarkStructure() {
  data_[end_] = '\n';
  const size_t last_word = end_ / 64;
  std::memset(data_ + end_ + 1, 'x', (last_word + 1) * 64 - (end_ + 1));
  all_ascii_ = !MarkBytes(data_, last_word + 1, structural_, masks_.data());
  // The sentinel is the last bit.
  const unsigned bit = end_ % 64;
  masks_[last_word] &= ~uint64_t{0} >> (63 - bit);
  masks_[last_word] |= uint64_t{1} << bit;
}

bool DelimitedReader::SkipHeader() {
  while (header_left_ > 0 && begin_ < end_) {
    const void* newline = std::memchr(data_ + begin_, '\n', end_ - begin_);
    if (newline == nullptr) {
      begin_ = end_;
      break;
    }
    begin_ = static_cast<size_t>(static_cast<const char*>(newline) - data_) + 1;
    --header_left_;
    ++line_number_;
  }
  return header_left_ == 0;
}

bool DelimitedReader::SkipRestOfLine() {
  if (!skipping_line_) return true;
  const void* newline = std::memchr(data_ + begin_, '\n', end_ - begin_);
  if (newline == nullptr) {
    begin_ = end_;
    return false;
  }
  begin_ = static_cast<size_t>(static_cast<const char*>(newline) - data_) + 1;
  ++line_number_;
  skipping_line_ = false;
  return true;
}

absl::StatusOr<bool> DelimitedReader::Next(FieldBatch* batch) {
  Prepare(*batch);
  bool wants_more = false;
  while (!done_) {
    if (!source_ended_ && (wants_more || end_ - begin_ < batch_bytes_)) {
      if (absl::Status status = Fill(); !status.ok()) {
        done_ = true;
        if (SqlStateOf(status) != SqlState::kCharacterNotInRepertoire) return status;
        LoadError error;
        error.code = LoadErrorCode::kWrongEncoding;
        error.reason =
            absl::StrCat("File encoding differs from the ENCODING option: ", status.message());
        error.reason.resize(std::min(error.reason.size(), LoadError::kReasonBytesMax));
        batch->errors_.push_back(std::move(error));
        return true;
      }
    }
    wants_more = true;
    if (SkipHeader() && SkipRestOfLine()) {
      const size_t before = begin_;
      if (is_slow_) {
        ScanSlow(*batch);
      } else {
        ScanPlain(*batch);
      }
      if (batch->num_rows_ == batch->rows_max_) {
        batch_bytes_ = std::min((begin_ - before) / 8 * 9, capacity_ / 2) + 1;
      }
      if (batch->num_rows_ > 0 || !batch->errors_.empty()) break;
      if (begin_ == 0 && end_ == capacity_ && capacity_ >= options_.line_bytes_max &&
          capacity_ >= kBufferBytes && !source_ended_) {
        RefuseLongLine(*batch);
        break;
      }
    }
    done_ = source_ended_ && begin_ == end_;
  }
  batch->base_ = data_;
  batch->base_offset_ = base_offset_;
  batch->all_ascii_ = all_ascii_;
  batch->buffer_ = buffer_;
  ApplyNullRules(*batch);
  return batch->num_rows_ > 0 || !batch->errors_.empty();
}

void DelimitedReader::RefuseLongLine(FieldBatch& batch) {
  AddError(batch, LoadErrorCode::kInvalidLine,
           absl::StrCat("Input line is longer than ", options_.line_bytes_max, " bytes"), end_);
  // After a quote that nobody closed, the next line is inside the buffer.
  skipping_line_ = true;
  SkipRestOfLine();
}

// --- Plain delimited text -----------------------------------------------------------------------

void DelimitedReader::ScanPlain(FieldBatch& batch) {
  const char* const data = data_;
  const char delimiter = options_.delimiter;
  const int columns = num_columns_;
  const size_t stride = batch.stride_;
  const size_t end = end_;
  Field* const fields = batch.fields_.data();
  MaskCursor cursor(masks_.data(), begin_);
  while (begin_ < end && batch.num_rows_ < batch.rows_max_ && batch.errors_.size() < kErrorsMax) {
    size_t start = begin_;
    size_t place;
    int count = 0;
    bool has_nul = false;
    Field* out = fields + batch.num_rows_;
    while (true) {
      place = cursor.Next();
      const char byte = data[place];
      if (byte == delimiter) {
        *out = MakeField(start, place);
        // Extra fields overwrite each other in the spare column.
        if (count < columns) out += stride;
        ++count;
        start = place + 1;
      } else if (byte == '\n') {
        break;
      } else {
        has_nul = true;
      }
    }
    if (place == end && !source_ended_) return;
    const size_t text_end = WithoutCarriageReturn(start, place);
    *out = MakeField(start, text_end);
    ++count;
    if (count == columns && !has_nul && text_end > begin_) {
      batch.lines_[batch.num_rows_++] = {static_cast<uint32_t>(begin_),
                                         static_cast<uint32_t>(text_end - begin_), line_number_};
    } else {
      FinishRow(batch, count, {text_end, place + 1, 1, has_nul});
    }
    begin_ = std::min(place + 1, end);
    ++line_number_;
  }
}

// --- CSV, escapes, quotes and fixed widths ------------------------------------------------------

void DelimitedReader::ScanSlow(FieldBatch& batch) {
  MaskCursor cursor(masks_.data(), begin_);
  while (begin_ < end_ && batch.num_rows_ < batch.rows_max_ && batch.errors_.size() < kErrorsMax) {
    RowEnd end;
    const size_t scratch_before = scratch_used_;
    RowOutcome outcome = RowOutcome::kIncomplete;
    switch (options_.layout) {
      case Layout::kCsv:
        outcome = ParseCsvRow(batch, cursor, end);
        break;
      case Layout::kDelimited:
        outcome = ParseTextRow(batch, cursor, end);
        break;
      case Layout::kFixedWidth:
        outcome = ParseFixedWidthRow(batch, cursor, end);
        break;
    }
    if (outcome == RowOutcome::kIncomplete) {
      scratch_used_ = scratch_before;
      return;
    }
    begin_ = std::min(end.next, end_);
    line_number_ += end.lines;
  }
}

void DelimitedReader::PutField(FieldBatch& batch, int column, size_t raw_begin, Field field) const {
  if (column > num_columns_) return;
  const size_t index = static_cast<size_t>(column) * batch.stride_ + batch.num_rows_;
  batch.fields_[index] = field;
  if (column < num_columns_ && !batch.raw_begins_.empty()) {
    batch.raw_begins_[index] = static_cast<uint32_t>(raw_begin);
  }
}

Field DelimitedReader::Unescape(size_t begin, size_t end, char escape) {
  // The scratch space is as large as the text, and no text is copied twice between two refills: it
  // cannot run out, and batches that are still pinned keep what they point to.
  char* const start = data_ + scratch_base_ + scratch_used_;
  char* out = start;
  size_t i = begin;
  while (i < end) {
    const void* found = std::memchr(data_ + i, escape, end - i);
    const size_t stop =
        found == nullptr ? end : static_cast<size_t>(static_cast<const char*>(found) - data_);
    std::memcpy(out, data_ + i, stop - i);
    out += stop - i;
    if (stop + 1 < end) *out++ = data_[stop + 1];
    i = stop + 2;
  }
  const size_t length = static_cast<size_t>(out - start);
  const Field field =
      MakeField(scratch_base_ + scratch_used_, scratch_base_ + scratch_used_ + length);
  scratch_used_ += length;
  return field;
}

DelimitedReader::RowOutcome DelimitedReader::RefuseFrom(FieldBatch& batch, std::string reason,
                                                        size_t from, MaskCursor& cursor,
                                                        RowEnd& end) {
  const void* found = from < end_ ? std::memchr(data_ + from, '\n', end_ - from) : nullptr;
  size_t newline = end_;
  if (found != nullptr) {
    newline = static_cast<size_t>(static_cast<const char*>(found) - data_);
  } else if (!source_ended_) {
    return RowOutcome::kIncomplete;
  }
  end.text_end = WithoutCarriageReturn(begin_, newline);
  end.next = std::min(newline + 1, end_);
  end.lines = std::max<int64_t>(1, std::count(data_ + begin_, data_ + end.next, '\n'));
  AddError(batch, LoadErrorCode::kDelimiterNotFound, std::move(reason), end.text_end);
  cursor = MaskCursor(masks_.data(), end.next);
  return RowOutcome::kDone;
}

DelimitedReader::RowOutcome DelimitedReader::ParseCsvRow(FieldBatch& batch, MaskCursor& cursor,
                                                         RowEnd& end) {
  constexpr const char* kBadQuote = "Invalid quote formatting for CSV";
  const char quote = options_.quote;
  size_t start = begin_;
  int64_t lines = 1;
  bool has_nul = false;
  for (int count = 1;; ++count) {
    size_t place = cursor.Next();
    while (data_[place] == '\0') {
      has_nul = true;
      place = cursor.Next();
    }
    size_t raw_begin = start;
    Field field;
    size_t text_end = place;
    if (data_[place] == quote) {
      // Blanks between the delimiter and the quote do not count.
      if (!IsBlankText(data_ + start, place - start)) {
        return RefuseFrom(batch, kBadQuote, place, cursor, end);
      }
      const size_t open = place;
      bool has_doubled = false;
      while (true) {
        place = cursor.Next();
        if (place == end_) {
          if (!source_ended_) return RowOutcome::kIncomplete;
          return RefuseFrom(batch, kBadQuote, open, cursor, end);
        }
        const char byte = data_[place];
        if (byte == quote) {
          if (place + 1 == end_ && !source_ended_) return RowOutcome::kIncomplete;
          if (place + 1 == end_ || data_[place + 1] != quote) break;
          cursor.Next();
          has_doubled = true;
        } else if (byte == '\n') {
          ++lines;
        } else if (byte == '\0') {
          has_nul = true;
        }
      }
      const size_t close = place;
      place = cursor.Next();
      text_end = data_[place] == '\n' ? WithoutCarriageReturn(close + 1, place) : place;
      if (data_[place] == quote || data_[place] == '\0' ||
          !IsBlankText(data_ + close + 1, text_end - close - 1)) {
        return RefuseFrom(batch, kBadQuote, place, cursor, end);
      }
      raw_begin = open;
      field = has_doubled ? Unescape(open + 1, close, quote) : MakeField(open + 1, close);
      field.quoted = 1;
    } else {
      if (data_[place] == '\n') text_end = WithoutCarriageReturn(start, place);
      field = MakeField(start, text_end);
    }
    if (place == end_ && !source_ended_) return RowOutcome::kIncomplete;
    PutField(batch, count - 1, raw_begin, field);
    if (data_[place] == '\n') {
      end = {text_end, place + 1, lines, has_nul};
      FinishRow(batch, count, end);
      return RowOutcome::kDone;
    }
    start = place + 1;
  }
}

DelimitedReader::RowOutcome DelimitedReader::ParseTextRow(FieldBatch& batch, MaskCursor& cursor,
                                                          RowEnd& end) {
  constexpr size_t kNowhere = ~size_t{0};
  size_t start = begin_;
  size_t literal_until = begin_;  // marks before it were escaped
  size_t last_literal = kNowhere;
  int64_t lines = 1;
  bool has_nul = false;
  for (int count = 1;; ++count) {
    const bool has_quote =
        options_.remove_quotes && start < end_ && (data_[start] == '"' || data_[start] == '\'');
    const char quote = has_quote ? data_[start] : '\0';
    bool has_escape = false;
    size_t place;
    size_t text_end;
    while (true) {
      place = cursor.Next();
      if (place < literal_until) continue;
      const char byte = data_[place];
      if (byte == '\\' && options_.escape) {
        if (place + 1 >= end_) {
          if (!source_ended_) return RowOutcome::kIncomplete;
          continue;  // the last byte of the file makes nothing literal
        }
        has_escape = true;
        last_literal = place + 1;
        literal_until = place + 2;
        if (data_[last_literal] == '\n') ++lines;
        continue;
      }
      if (byte == '\0') {
        has_nul = true;
        continue;
      }
      if (place == end_ && !source_ended_) return RowOutcome::kIncomplete;
      text_end = place;
      if (byte == '\n' && last_literal != place - 1) text_end = WithoutCarriageReturn(start, place);
      if (!has_quote) break;
      const size_t last = text_end - 1;
      if (last > start && data_[last] == quote && last != last_literal) break;
      if (byte == '\n') {
        return RefuseFrom(batch, "Delimiter not found", place, cursor, end);
      }
    }
    const size_t inner_begin = start + (has_quote ? 1 : 0);
    const size_t inner_end = text_end - (has_quote ? 1 : 0);
    Field field = MakeField(inner_begin, inner_end);
    if (has_escape) {
      // \N means NULL although the backslash would make the N literal.
      if (options_.null_as == std::string_view(data_ + inner_begin, inner_end - inner_begin)) {
        field.is_null = 1;
      } else {
        field = Unescape(inner_begin, inner_end, '\\');
      }
    }
    field.quoted = has_quote;
    PutField(batch, count - 1, start, field);
    if (data_[place] == '\n') {
      end = {text_end, place + 1, lines, has_nul};
      FinishRow(batch, count, end);
      return RowOutcome::kDone;
    }
    start = place + 1;
  }
}

DelimitedReader::RowOutcome DelimitedReader::ParseFixedWidthRow(FieldBatch& batch,
                                                                MaskCursor& cursor, RowEnd& end) {
  bool has_nul = false;
  size_t place = cursor.Next();
  while (data_[place] == '\0') {
    has_nul = true;
    place = cursor.Next();
  }
  if (place == end_ && !source_ended_) return RowOutcome::kIncomplete;
  const size_t text_end = WithoutCarriageReturn(begin_, place);
  end = {text_end, place + 1, 1, has_nul};
  size_t start = begin_;
  int count = 0;
  for (; count < num_columns_ && (start < text_end || options_.widths[count] == 0); ++count) {
    // Widths count characters; continuation bytes do not begin one.
    size_t stop = start;
    if (all_ascii_) {
      stop = std::min(start + static_cast<size_t>(options_.widths[count]), text_end);
    } else {
      for (int left = options_.widths[count]; left > 0 && stop < text_end; --left) {
        ++stop;
        while (stop < text_end && (data_[stop] & 0xC0) == 0x80) ++stop;
      }
    }
    PutField(batch, count, start, MakeField(start, stop));
    start = stop;
  }
  if (count == num_columns_ && !IsBlankText(data_ + start, text_end - start)) {
    PutField(batch, count++, start, MakeField(start, text_end));
  }
  FinishRow(batch, count, end);
  return RowOutcome::kDone;
}

// --- Rules that every layout shares -------------------------------------------------------------

void DelimitedReader::FinishRow(FieldBatch& batch, int count, const RowEnd& end) {
  if (end.has_nul && RefuseNul(batch, count, end)) return;
  const bool is_blank = end.text_end == begin_;
  if (is_blank) {
    if (options_.ignore_blank_lines) return;
    if (num_columns_ > 1 && !options_.fill_record) {
      AddError(batch, LoadErrorCode::kEmptyLine, "Input line has no data", end.text_end);
      return;
    }
  }
  if (count > num_columns_) {
    const Field& spare = batch.fields_[batch.stride_ * num_columns_ + batch.num_rows_];
    const bool is_trailing_delimiter =
        count == num_columns_ + 1 && spare.length == 0 && spare.quoted == 0;
    if (!is_trailing_delimiter) {
      AddError(batch, LoadErrorCode::kExtraColumns, "Extra column(s) found", end.text_end);
      return;
    }
  }
  if (count < num_columns_) {
    if (!options_.fill_record && !(is_blank && num_columns_ == 1)) {
      if (options_.layout == Layout::kFixedWidth) {
        AddError(batch, LoadErrorCode::kMissingColumns, "Missing column(s)", end.text_end);
      } else {
        AddError(batch, LoadErrorCode::kDelimiterNotFound, "Delimiter not found", end.text_end);
      }
      return;
    }
    for (int column = count; column < num_columns_; ++column) {
      Field field = MakeField(end.text_end, end.text_end);
      field.is_null = options_.fields[column] != FieldKind::kVarchar;
      PutField(batch, column, end.text_end, field);
    }
  }
  batch.lines_[batch.num_rows_++] = {static_cast<uint32_t>(begin_),
                                     static_cast<uint32_t>(end.text_end - begin_), line_number_};
}

bool DelimitedReader::RefuseNul(FieldBatch& batch, int count, const RowEnd& end) {
  if (!nul_is_null_) {
    const char* const line = data_ + begin_;
    const size_t length = end.text_end - begin_;
    const size_t place = std::string_view(line, length).find('\0');
    const size_t next = std::min(place + 1, length);
    const char byte = next < length ? line[next] : '\0';
    AddError(batch, LoadErrorCode::kInvalidLine,
             absl::StrFormat("Missing newline: Unexpected character 0x%x found at location %d",
                             static_cast<unsigned char>(byte), next),
             end.text_end);
    return true;
  }
  for (int column = 0; column < std::min(count, num_columns_); ++column) {
    const size_t index = static_cast<size_t>(column) * batch.stride_ + batch.num_rows_;
    const Field& field = batch.fields_[index];
    const std::string_view text(data_ + field.begin, field.length);
    if (text.size() > 1 && text.find('\0') != std::string_view::npos) {
      AddError(batch, LoadErrorCode::kNulInField,
               "Field with NUL character is longer than one byte", end.text_end, column,
               static_cast<int64_t>(field.begin) - static_cast<int64_t>(begin_));
      return true;
    }
  }
  return false;
}

void DelimitedReader::AddError(FieldBatch& batch, LoadErrorCode code, std::string reason,
                               size_t text_end, int column, int64_t position) const {
  LoadError error;
  error.code = code;
  error.reason = std::move(reason);
  error.line_number = line_number_;
  error.start_offset = base_offset_ + begin_;
  error.column = column;
  error.position = position;
  error.raw_line.assign(data_ + begin_, std::min(text_end - begin_, LoadError::kRawBytesMax));
  batch.errors_.push_back(std::move(error));
}

void DelimitedReader::ApplyNullRules(FieldBatch& batch) const {
  const size_t null_length = options_.null_as.size();
  const char* const null_text = options_.null_as.data();
  const char null_first = null_length > 0 ? null_text[0] : '\0';
  const char* const data = data_;
  // Unescaped text is no longer what NULL AS is compared with; without ESCAPE, text is only moved
  // to the scratch space to drop doubled quotes.
  const size_t raw_end = options_.escape ? scratch_base_ : ~size_t{0};
  for (int column = 0; column < num_columns_; ++column) {
    Field* const fields = batch.fields_.data() + static_cast<size_t>(column) * batch.stride_;
    const FieldKind kind = options_.fields[column];
    const bool empty_is_null = kind == FieldKind::kOther || options_.empty_as_null;
    const bool blank_is_null = kind == FieldKind::kOther || options_.blanks_as_null;
    const bool trims = kind == FieldKind::kVarchar && options_.trim_blanks;
    for (int row = 0; row < batch.num_rows_; ++row) {
      Field& field = fields[row];
      const char* const text = data + field.begin;
      if (field.length == null_length && field.begin < raw_end &&
          (null_length == 0 ||
           (text[0] == null_first && std::memcmp(text, null_text, null_length) == 0))) {
        field.is_null = 1;
        continue;
      }
      if (field.length == 0) {
        field.is_null |= empty_is_null;
        continue;
      }
      if (blank_is_null && IsBlank(text[0]) && IsBlankText(text, field.length)) {
        field.is_null = 1;
        continue;
      }
      if (trims) {
        while (field.length > 0 && IsBlank(text[field.length - 1])) --field.length;
      }
    }
  }
}

}  // namespace vesto::format
