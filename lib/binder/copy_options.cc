#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "binder/binder_impl.h"
#include "types/type_rules.h"

// COPY and UNLOAD: their options read, checked against each other and made into data.
// Source: redshift/statements.md K and L.
namespace vesto::binder {

using logical::CopySpec;
using logical::FileCompression;
using logical::FileFormat;
using logical::UnloadFormat;
using logical::UnloadSpec;
using sql::CopyOption;

namespace {

absl::Status Invalid(std::string message, int offset) {
  return SqlError(SqlState::kInvalidParameterValue, std::move(message)).At(offset);
}

absl::Status Conflict(std::string_view a, std::string_view b, int offset) {
  return SqlError(SqlState::kSyntaxError,
                  absl::StrCat(sv(a), " is not compatible with ", sv(b)))
      .At(offset);
}

absl::StatusOr<std::string> Argument(const CopyOption& option) {
  if (option.values.empty()) {
    return SqlError(SqlState::kSyntaxError,
                    absl::StrCat("option ", absl::AsciiStrToUpper(option.name),
                                 " requires an argument"))
        .At(option.offset);
  }
  return option.values[0];
}

absl::StatusOr<int64_t> Number(const CopyOption& option, int64_t min, int64_t max) {
  VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
  int64_t value = 0;
  if (!absl::SimpleAtoi(text, &value) || value < min || value > max) {
    return Invalid(absl::StrCat("Invalid value for ", absl::AsciiStrToUpper(option.name), ": ",
                                text, " (must be between ", min, " and ", max, ")"),
                   option.offset);
  }
  return value;
}

absl::StatusOr<bool> OnOff(const CopyOption& option, bool when_bare) {
  if (option.values.empty()) return when_bare;
  const std::string& word = option.values[0];
  if (word == "on" || word == "true") return true;
  if (word == "off" || word == "false") return false;
  return Invalid(absl::StrCat("Invalid value for ", absl::AsciiStrToUpper(option.name), ": ", word),
                 option.offset);
}

// '\t', '\174' and a plain character: one byte.
absl::StatusOr<char> OneCharacter(const CopyOption& option, std::string_view what) {
  VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
  if (text.size() == 1 && static_cast<unsigned char>(text[0]) < 128) return text[0];
  if (text.size() >= 2 && text[0] == '\\') {
    if (text.size() == 2) {
      switch (text[1]) {
        case 't': return '\t';
        case 'n': return '\n';
        case 'r': return '\r';
        case 'b': return '\b';
        case 'f': return '\f';
        case 'v': return '\v';
        case '\\': return '\\';
        default: break;
      }
    }
    int code = 0;
    bool octal = text.size() <= 4;
    for (size_t i = 1; i < text.size() && octal; ++i) {
      octal = text[i] >= '0' && text[i] <= '7';
      code = code * 8 + (text[i] - '0');
    }
    if (octal && code < 128) return static_cast<char>(code);
  }
  return Invalid(absl::StrCat("COPY ", sv(what), " must be a single ASCII character"),
                 option.offset);
}

absl::StatusOr<std::vector<logical::FixedWidthField>> FixedWidth(const CopyOption& option) {
  VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
  std::vector<logical::FixedWidthField> fields;
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(text, ','))) {
    const size_t colon = part.rfind(':');
    logical::FixedWidthField field;
    if (colon != std::string::npos) {
      field.label = std::string(from_sv(absl::StripAsciiWhitespace(sv(part).substr(0, colon))));
    }
    if (colon == std::string::npos || !absl::SimpleAtoi(part.substr(colon + 1), &field.width) ||
        field.width <= 0) {
      return Invalid(absl::StrCat("Invalid FIXEDWIDTH specification \"", text, "\""),
                     option.offset);
    }
    fields.push_back(std::move(field));
  }
  return fields;
}

// The text of NULL AS: '\000' is the NUL byte, everything else stands for itself.
std::string NullText(const std::string& text) {
  if (text == "\\0" || text == "\\000") return std::string(1, '\0');
  return text;
}

// True when the option was one of the authorization parameters.
absl::StatusOr<bool> ReadCredentials(const CopyOption& option, logical::Credentials* credentials) {
  const std::string& name = option.name;
  if (name == "iam_role") {
    VESTO_ASSIGN_OR_RETURN(credentials->iam_role, Argument(option));
    return true;
  }
  if (name == "access_key_id") {
    VESTO_ASSIGN_OR_RETURN(credentials->access_key_id, Argument(option));
    return true;
  }
  if (name == "secret_access_key") {
    VESTO_ASSIGN_OR_RETURN(credentials->secret_access_key, Argument(option));
    return true;
  }
  if (name == "session_token" || name == "token") {
    VESTO_ASSIGN_OR_RETURN(credentials->session_token, Argument(option));
    return true;
  }
  if (name == "master_symmetric_key") {
    VESTO_ASSIGN_OR_RETURN(credentials->master_symmetric_key, Argument(option));
    return true;
  }
  if (name != "credentials") return false;
  VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
  for (const std::string& part : std::vector<std::string>(absl::StrSplit(text, ';'))) {
    const size_t equals = part.find('=');
    const std::string key =
        std::string(from_sv(absl::StripAsciiWhitespace(sv(part).substr(0, equals))));
    if (key.empty() && equals == std::string::npos) continue;
    const std::string value =
        equals == std::string::npos
            ? ""
            : std::string(from_sv(absl::StripAsciiWhitespace(sv(part).substr(equals + 1))));
    if (key == "aws_iam_role") {
      credentials->iam_role = value;
    } else if (key == "aws_access_key_id") {
      credentials->access_key_id = value;
    } else if (key == "aws_secret_access_key") {
      credentials->secret_access_key = value;
    } else if (key == "token") {
      credentials->session_token = value;
    } else if (key == "master_symmetric_key") {
      credentials->master_symmetric_key = value;
    } else {
      return SqlError(SqlState::kInvalidParameterValue,
                      "Invalid credentials. Must be of the format: credentials "
                      "'aws_access_key_id=<access-key-id>;aws_secret_access_key="
                      "<secret-access-key>[;token=<temporary-session-token>]'")
          .At(option.offset)
          .ToStatus();
    }
  }
  return true;
}

std::optional<FileCompression> Compression(std::string_view name) {
  if (name == "gzip") return FileCompression::kGzip;
  if (name == "bzip2") return FileCompression::kBzip2;
  if (name == "lzop") return FileCompression::kLzop;
  if (name == "zstd") return FileCompression::kZstd;
  if (name == "lz4") return FileCompression::kLz4;  // ours: files of the lz4 tool
  return std::nullopt;
}

absl::StatusOr<logical::DateTimeFormat> DateTimeFormatOf(const CopyOption& option, bool time) {
  using Kind = logical::DateTimeFormat::Kind;
  VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
  logical::DateTimeFormat format;
  if (text == "auto") {
    format.kind = Kind::kAuto;
  } else if (time && text == "epochsecs") {
    format.kind = Kind::kEpochSeconds;
  } else if (time && text == "epochmillisecs") {
    format.kind = Kind::kEpochMilliseconds;
  } else if (text.empty()) {
    return Invalid(absl::StrCat("Invalid value for ", absl::AsciiStrToUpper(option.name)),
                   option.offset);
  } else {
    format.kind = Kind::kPattern;
    format.pattern = text;
  }
  return format;
}

const CopyOption* Find(const std::vector<CopyOption>& options, std::string_view name) {
  for (const CopyOption& option : options) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

// Bytes of MAXFILESIZE: a decimal number, MB when no unit follows.
absl::StatusOr<int64_t> MaxFileBytes(const CopyOption& option) {
  VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
  double amount = 0;
  if (!absl::SimpleAtod(text, &amount)) {
    return Invalid(absl::StrCat("Invalid value for MAXFILESIZE: ", text), option.offset);
  }
  const bool gigabytes = option.values.size() > 1 && option.values[1] == "gb";
  const double bytes = amount * (gigabytes ? 1024.0 * 1024 * 1024 : 1024.0 * 1024);
  if (bytes < 5.0 * 1024 * 1024 || bytes > 6.2 * 1024 * 1024 * 1024) {
    return Invalid("MAXFILESIZE must be between 5 MB and 6.2 GB", option.offset);
  }
  return static_cast<int64_t>(bytes);
}

}  // namespace

absl::Status Binder::BindCopy(const sql::CopyStatement& copy, int offset) {
  VESTO_ASSIGN_OR_RETURN(Relation relation, ResolveRelation(copy.table, offset));
  if (relation.table == nullptr) {
    return SqlError(SqlState::kWrongObjectType,
                    absl::StrCat("cannot copy into a ",
                                 relation.view != nullptr ? "view" : "system table"))
        .At(offset);
  }
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table, ResolveTarget(copy.table, "copy into", offset));
  const int privilege = AddPrivilege(table->oid, table->name, "insert");

  auto spec = std::make_shared<CopySpec>();
  spec->source = copy.source;
  if (copy.source.starts_with("dynamodb://")) return NotSupported("COPY from DynamoDB", offset);
  if (copy.source.starts_with("emr://")) return NotSupported("COPY from EMR", offset);

  bool delimiter = false, max_error = false, ignore_all = false;
  for (const CopyOption& option : copy.options) {
    const std::string& name = option.name;
    VESTO_ASSIGN_OR_RETURN(const bool credentials, ReadCredentials(option, &spec->credentials));
    if (credentials) continue;
    if (auto compression = Compression(name); compression.has_value()) {
      if (spec->compression != FileCompression::kNone && spec->compression != *compression) {
        return Invalid("only one compression option may be given", option.offset);
      }
      spec->compression = *compression;
    } else if (name == "format") {
      VESTO_ASSIGN_OR_RETURN(const std::string format, Argument(option));
      if (format == "csv") {
        spec->format = FileFormat::kCsv;
      } else if (format == "json") {
        spec->format = FileFormat::kJson;
        if (option.values.size() > 1) spec->json_option = option.values[1];
      } else {
        return NotSupported(absl::StrCat("COPY with FORMAT ", absl::AsciiStrToUpper(format)),
                            option.offset);
      }
    } else if (name == "delimiter") {
      VESTO_ASSIGN_OR_RETURN(spec->delimiter, OneCharacter(option, "delimiter"));
      delimiter = true;
    } else if (name == "quote") {
      VESTO_ASSIGN_OR_RETURN(spec->quote, OneCharacter(option, "quote"));
    } else if (name == "fixedwidth") {
      VESTO_ASSIGN_OR_RETURN(spec->fixed_width, FixedWidth(option));
      spec->format = FileFormat::kFixedWidth;
    } else if (name == "manifest") {
      spec->manifest = true;
    } else if (name == "escape") {
      spec->escape = true;
    } else if (name == "removequotes") {
      spec->remove_quotes = true;
    } else if (name == "explicit_ids") {
      spec->explicit_ids = true;
    } else if (name == "fillrecord") {
      spec->fill_record = true;
    } else if (name == "ignoreblanklines") {
      spec->ignore_blank_lines = true;
    } else if (name == "roundec") {
      spec->round_decimals = true;
    } else if (name == "trimblanks") {
      spec->trim_blanks = true;
    } else if (name == "truncatecolumns") {
      spec->truncate_columns = true;
    } else if (name == "acceptanydate") {
      spec->accept_any_date = true;
    } else if (name == "acceptinvchars") {
      spec->accept_invalid_chars = true;
      if (!option.values.empty()) {
        VESTO_ASSIGN_OR_RETURN(spec->invalid_char_replacement,
                               OneCharacter(option, "replacement character"));
      }
    } else if (name == "blanksasnull") {
      spec->blanks_as_null = true;
    } else if (name == "emptyasnull") {
      spec->empty_as_null = true;
    } else if (name == "noload") {
      spec->no_load = true;
    } else if (name == "ignoreallerrors") {
      spec->ignore_all_errors = true;
      ignore_all = true;
    } else if (name == "null") {
      VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
      if (text == "\\n" || text == "\n") {
        return Invalid("COPY NULL AS cannot be the newline character", option.offset);
      }
      spec->null_as = NullText(text);
      spec->null_as_given = true;
    } else if (name == "ignoreheader") {
      VESTO_ASSIGN_OR_RETURN(spec->ignore_header, Number(option, 0, INT32_MAX));
    } else if (name == "maxerror") {
      VESTO_ASSIGN_OR_RETURN(spec->max_error, Number(option, 0, 100000));
      max_error = true;
    } else if (name == "comprows") {
      VESTO_ASSIGN_OR_RETURN(spec->comp_rows, Number(option, 1000, INT32_MAX));
    } else if (name == "dateformat") {
      VESTO_ASSIGN_OR_RETURN(spec->date_format, DateTimeFormatOf(option, false));
    } else if (name == "timeformat") {
      VESTO_ASSIGN_OR_RETURN(spec->time_format, DateTimeFormatOf(option, true));
    } else if (name == "compupdate") {
      if (!option.values.empty() && option.values[0] == "preset") {
        spec->comp_update = logical::CompUpdate::kPreset;
      } else {
        VESTO_ASSIGN_OR_RETURN(const bool on, OnOff(option, true));
        spec->comp_update = on ? logical::CompUpdate::kOn : logical::CompUpdate::kOff;
      }
    } else if (name == "statupdate") {
      VESTO_ASSIGN_OR_RETURN(const bool on, OnOff(option, true));
      spec->stat_update = on ? logical::StatUpdate::kOn : logical::StatUpdate::kOff;
    } else if (name == "encoding") {
      VESTO_ASSIGN_OR_RETURN(std::string text, Argument(option));
      absl::AsciiStrToLower(&text);
      using logical::TextEncoding;
      if (text == "utf8") {
        spec->encoding = TextEncoding::kUtf8;
      } else if (text == "utf16") {
        spec->encoding = TextEncoding::kUtf16;
      } else if (text == "utf16le") {
        spec->encoding = TextEncoding::kUtf16Le;
      } else if (text == "utf16be") {
        spec->encoding = TextEncoding::kUtf16Be;
      } else if (text == "iso88591") {
        spec->encoding = TextEncoding::kIso88591;
      } else {
        return Invalid(absl::StrCat("Invalid value for ENCODING: ", text), option.offset);
      }
    } else if (name == "region") {
      VESTO_ASSIGN_OR_RETURN(spec->region, Argument(option));
    } else if (name == "encrypted") {
      return NotSupported("COPY with ENCRYPTED", option.offset);
    } else if (name == "ssh" || name == "readratio" || name == "simplify" ||
               name == "serializetojson" || name == "template" || name == "using") {
      return NotSupported(absl::StrCat("COPY with ", absl::AsciiStrToUpper(name)), option.offset);
    } else {
      return SqlError(SqlState::kSyntaxError,
                      absl::StrCat("syntax error at or near \"", name, "\""))
          .At(option.offset);
    }
  }

  // What does not go together.
  const CopyOption* quote = Find(copy.options, "quote");
  const bool csv = spec->format == FileFormat::kCsv;
  const bool fixed = !spec->fixed_width.empty();
  const bool json = spec->format == FileFormat::kJson;
  if (csv || json) {
    const char* format = csv ? "CSV" : "JSON";
    if (fixed) return Conflict(format, "FIXEDWIDTH", offset);
    if (spec->remove_quotes) return Conflict(format, "REMOVEQUOTES", offset);
    if (spec->escape) return Conflict(format, "ESCAPE", offset);
  }
  if (fixed && delimiter) return Conflict("FIXEDWIDTH", "DELIMITER", offset);
  if (fixed && spec->escape) return Conflict("FIXEDWIDTH", "ESCAPE", offset);
  if (json && delimiter) return Conflict("JSON", "DELIMITER", offset);
  if (json && spec->fill_record) return Conflict("JSON", "FILLRECORD", offset);
  if (json && spec->ignore_blank_lines) return Conflict("JSON", "IGNOREBLANKLINES", offset);
  if (json && spec->null_as_given) return Conflict("JSON", "NULL AS", offset);
  if (ignore_all && max_error) return Conflict("IGNOREALLERRORS", "MAXERROR", offset);
  if (quote != nullptr && !csv) {
    return SqlError(SqlState::kSyntaxError, "QUOTE is only supported with CSV").At(quote->offset);
  }
  if (csv && !delimiter) spec->delimiter = ',';
  if (csv && spec->delimiter == spec->quote) {
    return Invalid("COPY delimiter and quote must be different", offset);
  }

  // Columns: the list as given, else all but the generated ones.
  VESTO_ASSIGN_OR_RETURN(std::vector<int> columns, TargetColumns(*table, copy.columns, offset));
  auto generated = [&](int column) {
    const auto& entry = table->columns[static_cast<size_t>(column)];
    return entry.identity && !entry.identity_by_default;
  };
  if (copy.columns.empty()) {
    if (!spec->explicit_ids) std::erase_if(columns, generated);
  } else {
    for (int column : columns) {
      if (!generated(column) || spec->explicit_ids) continue;
      return SqlError(SqlState::kSyntaxError,
                      absl::StrCat("cannot set an identity column to a value: column \"",
                                   table->columns[static_cast<size_t>(column)].name,
                                   "\" requires EXPLICIT_IDS"))
          .At(offset);
    }
  }
  if (fixed && spec->fixed_width.size() != columns.size()) {
    return Invalid(absl::StrCat("FIXEDWIDTH has ", spec->fixed_width.size(), " fields but ",
                                columns.size(), " columns are loaded"),
                   Find(copy.options, "fixedwidth")->offset);
  }
  spec->columns = columns;

  auto node = std::make_unique<logical::Copy>();
  node->table = table;
  node->defaults.resize(table->columns.size());
  for (size_t i = 0; i < table->columns.size(); ++i) {
    const auto& column = table->columns[i];
    const bool loaded =
        std::find(columns.begin(), columns.end(), static_cast<int>(i)) != columns.end();
    if (loaded) {
      out_.privileges[static_cast<size_t>(privilege)].columns.push_back(column.name);
      continue;
    }
    if (column.identity) continue;
    VESTO_ASSIGN_OR_RETURN(node->defaults[i], DefaultOf(column));
  }
  node->spec = std::move(spec);
  SetRowsAffectedOutput(node.get());
  out_.kind = StatementKind::kCopy;
  out_.plan = std::move(node);
  return absl::OkStatus();
}

absl::Status Binder::BindUnload(const sql::UnloadStatement& unload, int offset) {
  const sql::Query& query = *unload.query;
  if (query.limit != nullptr || (query.select != nullptr && query.select->top != nullptr)) {
    return SqlError(SqlState::kFeatureNotSupported,
                    "Limit clause is not supported in UNLOAD. Please use the limit clause in a "
                    "nested select statement.")
        .At(offset);
  }
  auto bound = BindQuery(query, nullptr);
  // Offsets of the query count in its own text.
  if (!bound.ok()) return WithOffset(bound.status(), offset);

  auto spec = std::make_shared<UnloadSpec>();
  spec->destination = unload.destination;
  for (const QueryColumn& column : bound->columns) {
    spec->column_names.push_back(column.name);
    spec->column_types.push_back(column.type);
  }
  bool delimiter = false;
  for (const CopyOption& option : unload.options) {
    const std::string& name = option.name;
    VESTO_ASSIGN_OR_RETURN(const bool credentials, ReadCredentials(option, &spec->credentials));
    if (credentials) continue;
    if (auto compression = Compression(name);
        compression.has_value() && *compression != FileCompression::kLzop) {
      spec->compression = *compression;
    } else if (name == "format") {
      VESTO_ASSIGN_OR_RETURN(const std::string format, Argument(option));
      if (format == "csv") {
        spec->format = UnloadFormat::kCsv;
      } else if (format == "json") {
        spec->format = UnloadFormat::kJson;
      } else {
        return NotSupported(absl::StrCat("UNLOAD with FORMAT ", absl::AsciiStrToUpper(format)),
                            option.offset);
      }
    } else if (name == "delimiter") {
      VESTO_ASSIGN_OR_RETURN(spec->delimiter, OneCharacter(option, "delimiter"));
      delimiter = true;
    } else if (name == "fixedwidth") {
      VESTO_ASSIGN_OR_RETURN(spec->fixed_width, FixedWidth(option));
      spec->format = UnloadFormat::kFixedWidth;
    } else if (name == "header") {
      spec->header = true;
    } else if (name == "addquotes") {
      spec->add_quotes = true;
    } else if (name == "escape") {
      spec->escape = true;
    } else if (name == "null") {
      VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
      spec->null_as = NullText(text);
      spec->null_as_given = true;
    } else if (name == "manifest") {
      spec->manifest = true;
      spec->manifest_verbose = !option.values.empty() && option.values[0] == "verbose";
    } else if (name == "allowoverwrite") {
      spec->allow_overwrite = true;
    } else if (name == "cleanpath") {
      spec->clean_path = true;
    } else if (name == "parallel") {
      VESTO_ASSIGN_OR_RETURN(spec->parallel, OnOff(option, true));
    } else if (name == "maxfilesize") {
      VESTO_ASSIGN_OR_RETURN(spec->max_file_bytes, MaxFileBytes(option));
    } else if (name == "extension") {
      VESTO_ASSIGN_OR_RETURN(spec->extension, Argument(option));
      spec->extension_given = true;
    } else if (name == "region") {
      VESTO_ASSIGN_OR_RETURN(spec->region, Argument(option));
    } else if (name == "partition by") {
      for (const std::string& column : option.values) {
        const auto found =
            std::find(spec->column_names.begin(), spec->column_names.end(), column);
        if (found == spec->column_names.end()) {
          return SqlError(SqlState::kUndefinedColumn,
                          absl::StrCat("column \"", column, "\" does not exist"))
              .At(option.offset);
        }
        spec->partition_by.push_back(static_cast<int>(found - spec->column_names.begin()));
      }
    } else if (name == "include") {
      spec->partition_include = true;
    } else if (name == "encrypted" || name == "kms_key_id" || name == "rowgroupsize") {
      return NotSupported(absl::StrCat("UNLOAD with ", absl::AsciiStrToUpper(name)),
                          option.offset);
    } else {
      return SqlError(SqlState::kSyntaxError,
                      absl::StrCat("syntax error at or near \"", name, "\""))
          .At(option.offset);
    }
  }
  const bool csv = spec->format == UnloadFormat::kCsv;
  const bool fixed = !spec->fixed_width.empty();
  const bool json = spec->format == UnloadFormat::kJson;
  if (csv) {
    if (fixed) return Conflict("CSV", "FIXEDWIDTH", offset);
    if (spec->add_quotes) return Conflict("CSV", "ADDQUOTES", offset);
    if (spec->escape) return Conflict("CSV", "ESCAPE", offset);
    if (!delimiter) spec->delimiter = ',';
  }
  if (json) {
    if (delimiter) return Conflict("JSON", "DELIMITER", offset);
    if (fixed) return Conflict("JSON", "FIXEDWIDTH", offset);
    if (spec->header) return Conflict("JSON", "HEADER", offset);
    if (spec->add_quotes) return Conflict("JSON", "ADDQUOTES", offset);
    if (spec->escape) return Conflict("JSON", "ESCAPE", offset);
    if (spec->null_as_given) return Conflict("JSON", "NULL AS", offset);
    for (size_t i = 0; i < spec->column_names.size(); ++i) {
      for (size_t j = 0; j < i; ++j) {
        if (spec->column_names[i] != spec->column_names[j]) continue;
        return SqlError(SqlState::kDuplicateColumn,
                        absl::StrCat("column \"", spec->column_names[i],
                                     "\" specified more than once"))
            .At(offset);
      }
    }
  }
  if (fixed && delimiter) return Conflict("FIXEDWIDTH", "DELIMITER", offset);
  if (fixed && spec->header) return Conflict("FIXEDWIDTH", "HEADER", offset);
  if (spec->allow_overwrite && spec->clean_path) {
    return Conflict("ALLOWOVERWRITE", "CLEANPATH", offset);
  }
  if (fixed && spec->fixed_width.size() != spec->column_names.size()) {
    return Invalid(absl::StrCat("FIXEDWIDTH has ", spec->fixed_width.size(), " fields but ",
                                spec->column_names.size(), " columns are unloaded"),
                   offset);
  }
  if (!spec->partition_by.empty() && !spec->partition_include &&
      spec->partition_by.size() == spec->column_names.size()) {
    return Invalid("PARTITION BY must leave at least one column for the files", offset);
  }

  auto node = std::make_unique<logical::Unload>();
  node->spec = std::move(spec);
  node->children.push_back(std::move(bound->plan));
  SetRowsAffectedOutput(node.get());
  out_.kind = StatementKind::kUnload;
  out_.plan = std::move(node);
  return absl::OkStatus();
}

}  // namespace vesto::binder
