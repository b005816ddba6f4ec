#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vesto::format {

// Why COPY refused a row or a file: STL_LOAD_ERRORS.err_code. Source: redshift/errors.md §2.
enum class LoadErrorCode : int16_t {
  kNone = 0,
  kLoadNull = 1,  // no error: ACCEPTANYDATE turns the value into NULL
  kUnknown = 1200,
  kExtraColumns = 1202,
  kMissingColumns = 1203,
  kOutOfRange = 1204,
  kInvalidDate = 1205,
  kInvalidTimestamp = 1206,
  kInvalidDigit = 1207,
  kInvalidFloat = 1208,
  kInvalidDecimal = 1209,
  kInvalidBoolean = 1210,
  kEmptyLine = 1211,
  kFileNotFound = 1212,
  kMissingData = 1213,
  kDelimiterNotFound = 1214,
  kInvalidChar = 1215,
  kInvalidLine = 1216,
  kNulInField = 1218,
  kInvalidHex = 1219,
  kInvalidUtf8 = 1220,
  kWrongEncoding = 1221,
  kIntegerOverflow = 1222,
  kInvalidType = 1223,
  kInvalidJson = 1224,
  kManifest = 8001,
};

// A row (or a whole file) that could not be loaded: what STL_LOAD_ERRORS shows, save the names
// that only the caller knows (file, table, column name and type).
struct LoadError {
  static constexpr size_t kRawBytesMax = 1024;    // raw_line and raw_field_value
  static constexpr size_t kReasonBytesMax = 100;  // err_reason

  LoadErrorCode code = LoadErrorCode::kNone;
  std::string reason;
  int64_t line_number = 0;    // 1-based, counted from the start of the range; 0 for a whole file
  uint64_t start_offset = 0;  // of the line in the (unpacked) file
  int column = -1;            // 0-based field; -1 when the error belongs to the line
  int64_t position = 0;       // 0-based byte of the field in its line
  std::string raw_line;
  std::string raw_field;
};

}  // namespace vesto::format
