#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vesto/result_set.h"

namespace vesto::shell {

enum class Format { kAligned, kUnaligned, kCsv, kJson, kMarkdown };

// What \pset changes.
struct PrintOptions {
  Format format = Format::kAligned;
  enum class Expanded { kOff, kOn, kAuto } expanded = Expanded::kOff;
  bool tuples_only = false;
  bool footer = true;
  int border = 1;  // 0..2, aligned only
  std::string field_separator = "|";   // unaligned
  std::string record_separator = "\n"; // unaligned
  std::string csv_separator = ",";
  std::string null_text;
  std::string title;
  int columns = 0;  // width of the screen for Expanded::kAuto; 0 = unknown
};

// A result as text, ready to be laid out.
struct TextTable {
  enum class Kind { kText, kNumber, kBoolean };
  struct Cell {
    std::string text;
    bool is_null = false;
  };
  std::string title;
  std::vector<std::string> headers;
  std::vector<Kind> kinds;
  std::vector<std::vector<Cell>> rows;
  std::vector<std::string> footers;  // instead of "(3 rows)"

  static TextTable Of(const ResultSet& result);
};

// The table in the format that psql prints (json and markdown are ours), with its final newlines.
std::string Print(const TextTable& table, const PrintOptions& options);

// Columns that `text` takes on a terminal; wide and combining characters count as they show.
int DisplayWidth(std::string_view text);

// "aligned", "csv", ...; false for a name that is none.
bool ParseFormat(std::string_view name, Format* format);
std::string_view FormatName(Format format);

}  // namespace vesto::shell
