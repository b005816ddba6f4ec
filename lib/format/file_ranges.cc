#include "format/file_ranges.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/status_bridge.h"
#include "base/status_macros.h"

namespace vesto::format {
namespace {

constexpr size_t kTextWindowBytes = 64 * 1024;
// A quoted field is not longer than this: SUPER holds at most 1 MB, VARCHAR 64 KB.
constexpr size_t kCsvWindowBytes = size_t{1} << 20;
// Enough rows of the right width to believe in a line end.
constexpr size_t kCsvProofBytes = 64 * 1024;
constexpr int kCsvCandidates = 64;
// Longer headers are read as part of one range.
constexpr int64_t kHeaderLinesMax = 10000;

absl::StatusOr<size_t> ReadAt(const ObjectReader& object, uint64_t offset, std::string& window) {
  size_t done = 0;
  while (done < window.size()) {
    auto read = object.ReadAt(offset + done, window.data() + done, window.size() - done);
    if (!read.ok()) return FromPublic(read.status());
    if (*read == 0) break;
    done += *read;
  }
  return done;
}

// The place after the first line feed of the window that surely ends a line of plain text.
std::optional<size_t> TextCut(std::string_view window, const DelimitedOptions& options) {
  for (size_t i = window.find('\n'); i != std::string_view::npos; i = window.find('\n', i + 1)) {
    if (!options.escape) return i + 1;
    size_t backslashes = 0;
    while (backslashes < i && window[i - 1 - backslashes] == '\\') ++backslashes;
    // A run that reaches back to the window's start may go on before it.
    if (backslashes < i && backslashes % 2 == 0) return i + 1;
  }
  return std::nullopt;
}

bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Reads CSV strictly from the start of `text`, which begins a row or lies inside a quoted field.
// False when the text breaks a rule. The end of the text breaks none.
bool IsPlausibleCsv(std::string_view text, bool in_quotes, const DelimitedOptions& options) {
  const int columns = static_cast<int>(options.fields.size());
  // The first row's width is unknown when we fall into its middle.
  bool width_known = !in_quotes;
  int count = 1;
  size_t i = 0;
  while (true) {
    // At the start of a field, or inside its quotes.
    bool is_empty = true;
    if (!in_quotes) {
      size_t first = i;
      while (first < text.size() && text[first] != options.delimiter && text[first] != '\n' &&
             IsBlank(text[first])) {
        ++first;
      }
      if (first == text.size()) return true;
      if (text[first] == options.quote) {
        in_quotes = true;
        i = first + 1;
      }
    }
    if (in_quotes) {
      is_empty = false;
      while (true) {
        const size_t quote = text.find(options.quote, i);
        if (quote == std::string_view::npos) return text.size() - i < kCsvWindowBytes / 2;
        if (quote + 1 == text.size()) return true;
        i = quote + 1;
        if (text[i] != options.quote) break;
        ++i;
      }
      in_quotes = false;
      while (i < text.size() && text[i] != options.delimiter && text[i] != '\n') {
        if (!IsBlank(text[i])) return false;
        ++i;
      }
    } else {
      const size_t start = i;
      while (i < text.size() && text[i] != options.delimiter && text[i] != '\n') {
        if (text[i] == options.quote || text[i] == '\0') return false;
        ++i;
      }
      is_empty = i == start || (i == start + 1 && text[start] == '\r');
    }
    if (i >= text.size()) return true;
    if (text[i] == options.delimiter) {
      ++count;
    } else {
      const bool is_blank_line = count == 1 && is_empty && options.ignore_blank_lines;
      const bool has_width = count == columns || (count == columns + 1 && is_empty) ||
                             (count < columns && options.fill_record) || is_blank_line;
      if (width_known && !has_width) return false;
      if (count > columns + 1) return false;
      width_known = true;
      count = 1;
    }
    ++i;
  }
}

std::optional<size_t> CsvCut(std::string_view window, const DelimitedOptions& options) {
  // The second half of the window is what a candidate in the first half is judged by.
  size_t i = window.find('\n');
  for (int candidate = 0; candidate < kCsvCandidates && i < window.size() / 2; ++candidate) {
    const std::string_view rest = window.substr(i + 1);
    if (!IsPlausibleCsv(rest, /*in_quotes=*/true, options) &&
        IsPlausibleCsv(rest.substr(0, kCsvProofBytes), /*in_quotes=*/false, options)) {
      return i + 1;
    }
    i = window.find('\n', i + 1);
  }
  return std::nullopt;
}

// The first byte after the header, or the file's size.
absl::StatusOr<uint64_t> HeaderEnd(const ObjectReader& object, int64_t lines) {
  std::string window(kTextWindowBytes, '\0');
  uint64_t offset = 0;
  while (lines > 0) {
    VESTO_ASSIGN_OR_RETURN(const size_t read, ReadAt(object, offset, window));
    if (read == 0) break;
    for (size_t i = 0; i < read; ++i) {
      if (window[i] == '\n' && --lines == 0) return offset + i + 1;
    }
    offset += read;
  }
  return offset;
}

}  // namespace

absl::StatusOr<std::vector<FileRange>> PlanRanges(const ObjectReader& object,
                                                  const DelimitedOptions& options,
                                                  uint64_t target_bytes) {
  const uint64_t size = object.size();
  std::vector<FileRange> ranges = {{0, size}};
  const bool is_csv = options.layout == Layout::kCsv;
  const size_t window_bytes = is_csv ? kCsvWindowBytes : kTextWindowBytes;
  target_bytes = std::max<uint64_t>(target_bytes, 2 * window_bytes);
  if (size < 2 * target_bytes || options.charset != Charset::kUtf8 ||
      options.ignore_header > kHeaderLinesMax) {
    return ranges;
  }
  VESTO_ASSIGN_OR_RETURN(const uint64_t header_end, HeaderEnd(object, options.ignore_header));
  std::string window(window_bytes, '\0');
  uint64_t next = std::max(header_end, target_bytes);
  while (next + target_bytes / 2 < size) {
    VESTO_ASSIGN_OR_RETURN(const size_t read, ReadAt(object, next, window));
    const std::string_view text(window.data(), read);
    const std::optional<size_t> cut = is_csv ? CsvCut(text, options) : TextCut(text, options);
    if (!cut.has_value()) {
      // Long lines, or quotes that stay ambiguous: try again further on.
      next += window_bytes;
      continue;
    }
    const uint64_t place = next + *cut;
    if (place >= size) break;
    ranges.back().end = place;
    ranges.push_back({place, size});
    next = place + target_bytes;
  }
  return ranges;
}

absl::StatusOr<int64_t> CountLines(const ObjectReader& object, uint64_t end) {
  std::string window(kCsvWindowBytes, '\0');
  int64_t lines = 0;
  uint64_t offset = 0;
  while (offset < end) {
    VESTO_ASSIGN_OR_RETURN(size_t read, ReadAt(object, offset, window));
    if (read == 0) break;
    read = static_cast<size_t>(std::min<uint64_t>(read, end - offset));
    lines += std::count(window.data(), window.data() + read, '\n');
    offset += read;
  }
  return lines;
}

}  // namespace vesto::format
