#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vesto/type.h"

// What COPY and UNLOAD were asked to do: options parsed, checked against each other and typed. Plain
// data for exec and format, which read it on every slice.
// Source: redshift/statements.md K and L; made by binder/copy_options.cc.
namespace vesto::logical {

enum class FileFormat : uint8_t { kDelimited, kCsv, kFixedWidth, kJson };

// kLz4 is an extension: Redshift has no such option.
enum class FileCompression : uint8_t { kNone, kGzip, kBzip2, kLzop, kZstd, kLz4 };

enum class TextEncoding : uint8_t { kUtf8, kUtf16, kUtf16Le, kUtf16Be, kIso88591 };

// DATEFORMAT and TIMEFORMAT.
struct DateTimeFormat {
  enum class Kind : uint8_t {
    kDefault,      // YYYY-MM-DD; YYYY-MM-DD HH:MI:SS with an optional offset for TIMESTAMPTZ
    kAuto,         // every form that a cast from a string knows
    kPattern,      // `pattern`
    kEpochSeconds,
    kEpochMilliseconds,
  };
  Kind kind = Kind::kDefault;
  std::string pattern;
};

// One field of FIXEDWIDTH 'label:width,...'. COPY counts width in characters.
struct FixedWidthField {
  std::string label;
  int width = 0;
};

struct Credentials {
  std::string iam_role;  // "default", or ARNs joined by commas; "" = none given
  std::string access_key_id, secret_access_key, session_token;
  std::string master_symmetric_key;  // client-side encryption; "" = none
};

enum class CompUpdate : uint8_t { kOmitted, kPreset, kOn, kOff };
enum class StatUpdate : uint8_t { kOmitted, kOn, kOff };

struct CopySpec {
  std::string source;        // URL or path prefix as written
  // Table columns (indexes) that the file's fields fill, in the order of the file's fields.
  // Table columns that are not listed get their default: see logical::Copy::children.
  std::vector<int> columns;

  FileFormat format = FileFormat::kDelimited;
  FileCompression compression = FileCompression::kNone;
  TextEncoding encoding = TextEncoding::kUtf8;
  char delimiter = '|';
  char quote = '"';            // kCsv
  std::vector<FixedWidthField> fixed_width;  // kFixedWidth
  // kJson: "auto", "auto ignorecase", "noshred" or the URL of a jsonpaths file.
  std::string json_option = "auto";

  bool manifest = false;
  bool escape = false;
  bool remove_quotes = false;
  bool explicit_ids = false;
  bool fill_record = false;
  bool ignore_blank_lines = false;
  bool round_decimals = false;      // ROUNDEC
  bool trim_blanks = false;
  bool truncate_columns = false;
  bool accept_any_date = false;
  bool accept_invalid_chars = false;
  char invalid_char_replacement = '?';
  bool blanks_as_null = false;
  bool empty_as_null = false;
  bool no_load = false;
  bool ignore_all_errors = false;
  std::string null_as = "\\N";      // a field with exactly this text is NULL
  bool null_as_given = false;
  int64_t ignore_header = 0;        // lines per file
  int64_t max_error = 0;            // 0 and 1: the first bad row fails the statement
  int64_t comp_rows = 0;            // 0 = not given
  DateTimeFormat date_format, time_format;
  CompUpdate comp_update = CompUpdate::kOmitted;
  StatUpdate stat_update = StatUpdate::kOmitted;
  std::string region;
  Credentials credentials;
};

enum class UnloadFormat : uint8_t { kDelimited, kCsv, kFixedWidth, kJson };

struct UnloadSpec {
  std::string destination;  // URL prefix as written
  // Parallel to the child's output; a PARTITION BY column may be left out of the files.
  std::vector<std::string> column_names;
  std::vector<Type> column_types;

  UnloadFormat format = UnloadFormat::kDelimited;
  FileCompression compression = FileCompression::kNone;
  char delimiter = '|';
  std::vector<FixedWidthField> fixed_width;
  bool header = false;
  bool add_quotes = false;
  bool escape = false;
  std::string null_as;              // "" by default
  bool null_as_given = false;
  bool manifest = false, manifest_verbose = false;
  bool allow_overwrite = false, clean_path = false;
  bool parallel = true;
  int64_t max_file_bytes = 6'200'000'000;  // decimal
  std::string extension;            // replaces the compression's suffix
  bool extension_given = false;
  std::vector<int> partition_by;    // positions in the child's output
  bool partition_include = false;   // INCLUDE: partition columns stay in the files
  std::string region;
  Credentials credentials;
};

}  // namespace vesto::logical
