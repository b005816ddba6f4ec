#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "format/charset.h"

namespace vesto::format {

enum class Layout : uint8_t { kDelimited, kCsv, kFixedWidth };

// What the NULL rules of COPY ask about a column.
enum class FieldKind : uint8_t {
  kOther,  // an empty or blank field is NULL
  kChar,
  kVarchar,  // also TRIMBLANKS; FILLRECORD fills with ''
};

// How the lines of a text file become fields. Source: redshift/statements.md K.
struct DelimitedOptions {
  Layout layout = Layout::kDelimited;
  char delimiter = '|';
  char quote = '"';               // kCsv
  bool escape = false;            // kDelimited: ESCAPE
  bool remove_quotes = false;     // kDelimited: REMOVEQUOTES
  std::vector<int> widths;        // kFixedWidth: characters of each field
  std::vector<FieldKind> fields;  // of the file, in order; not empty
  std::string null_as = "\\N";    // may be "", or one NUL byte
  Charset charset = Charset::kUtf8;
  int64_t ignore_header = 0;  // lines
  bool ignore_blank_lines = false;
  bool fill_record = false;
  bool empty_as_null = false;
  bool blanks_as_null = false;
  bool trim_blanks = false;
  // A longer line is a row error. It bounds the memory that a broken file can take.
  size_t line_bytes_max = size_t{64} << 20;
};

}  // namespace vesto::format
