#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "exec/copy_files.h"
#include "exec/storage_access.h"
#include "exec/transfer.h"
#include "expr/evaluator.h"
#include "format/delimited_reader.h"
#include "format/file_ranges.h"
#include "io/byte_stream.h"
#include "telemetry/telemetry.h"
#include "types/type_rules.h"

// COPY's source: text of files -> batches of the table's columns.
namespace vesto::exec {
namespace {

using column::Batch;
using column::Position;
using column::StringRef;
using column::Vector;
using format::Field;
using format::FieldBatch;
using format::LoadErrorCode;

format::DateTimeForm FormOf(const logical::DateTimeFormat& format) {
  using Kind = logical::DateTimeFormat::Kind;
  switch (format.kind) {
    case Kind::kDefault: return format::DateTimeForm::kDefault;
    case Kind::kAuto: return format::DateTimeForm::kAuto;
    case Kind::kPattern: return format::DateTimeForm::kPattern;
    case Kind::kEpochSeconds: return format::DateTimeForm::kEpochSeconds;
    case Kind::kEpochMilliseconds: return format::DateTimeForm::kEpochMilliseconds;
  }
  return format::DateTimeForm::kDefault;
}

format::DelimitedOptions ReaderOptions(const logical::CopySpec& spec,
                                       const catalog::TableEntry& table) {
  format::DelimitedOptions options;
  switch (spec.format) {
    case logical::FileFormat::kCsv: options.layout = format::Layout::kCsv; break;
    case logical::FileFormat::kFixedWidth: options.layout = format::Layout::kFixedWidth; break;
    case logical::FileFormat::kDelimited:
    case logical::FileFormat::kJson: break;
  }
  options.delimiter = spec.delimiter;
  options.quote = spec.quote;
  options.escape = spec.escape;
  options.remove_quotes = spec.remove_quotes;
  for (const auto& field : spec.fixed_width) options.widths.push_back(field.width);
  for (int column : spec.columns) {
    const TypeId id = table.columns[column].type.id;
    options.fields.push_back(id == TypeId::kVarchar ? format::FieldKind::kVarchar
                             : id == TypeId::kChar  ? format::FieldKind::kChar
                                                    : format::FieldKind::kOther);
  }
  options.null_as = spec.null_as;
  switch (spec.encoding) {
    case logical::TextEncoding::kUtf8: options.charset = format::Charset::kUtf8; break;
    case logical::TextEncoding::kUtf16: options.charset = format::Charset::kUtf16; break;
    case logical::TextEncoding::kUtf16Le: options.charset = format::Charset::kUtf16Le; break;
    case logical::TextEncoding::kUtf16Be: options.charset = format::Charset::kUtf16Be; break;
    case logical::TextEncoding::kIso88591: options.charset = format::Charset::kIso88591; break;
  }
  options.ignore_header = spec.ignore_header;
  options.ignore_blank_lines = spec.ignore_blank_lines;
  options.fill_record = spec.fill_record;
  options.empty_as_null = spec.empty_as_null;
  options.blanks_as_null = spec.blanks_as_null;
  options.trim_blanks = spec.trim_blanks;
  return options;
}

class ParseStep : public Step {
 public:
  ParseStep(const physical::ParseSpec& spec, const StepContext& context,
            format::FieldParser parser)
      : spec_(spec), context_(context), parser_(std::move(parser)) {}

  absl::Status Init() {
    options_ = ReaderOptions(*spec_.copy, *spec_.table);
    StorageAccess& storage = *context_.query->storage;
    std::shared_ptr<void>& shared = storage.shared_transfers[&spec_];
    if (shared == nullptr) {
      VESTO_ASSIGN_OR_RETURN(
          shared, CopyFiles::Open(*spec_.copy, *storage.mounts, options_, NoteLoad()));
    }
    files_ = std::static_pointer_cast<CopyFiles>(shared);
    field_of_.assign(spec_.table->columns.size(), -1);
    for (size_t i = 0; i < spec_.copy->columns.size(); ++i) {
      field_of_[spec_.copy->columns[i]] = static_cast<int>(i);
    }
    for (size_t i = 0; i < spec_.table->columns.size(); ++i) {
      const Type& type = spec_.table->columns[i].type;
      Value value = Value::Null(type);
      if (field_of_[i] < 0 && i < spec_.defaults.size() && spec_.defaults[i] != nullptr) {
        VESTO_ASSIGN_OR_RETURN(
            value, expr::EvaluateConstant(*spec_.defaults[i], *context_.query->eval));
      }
      constants_.push_back(Vector::Constant(value));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<Progress> Next(Batch* out) override {
    while (true) {
      if (reader_ == nullptr) {
        split_ = files_->Claim();
        if (split_ == nullptr) return Progress::kDone;
        VESTO_RETURN_IF_ERROR(OpenSplit());
      }
      VESTO_ASSIGN_OR_RETURN(const bool more, reader_->Next(&fields_));
      if (!more) {
        EndSplit();
        continue;
      }
      VESTO_RETURN_IF_ERROR(Convert(out));
      if (out->rows == 0) continue;
      if (!spec_.copy->no_load) {
        files_->counts().rows.fetch_add(out->rows, std::memory_order_relaxed);
        files_->counts().row_bytes.fetch_add(static_cast<int64_t>(out->ByteSize()),
                                             std::memory_order_relaxed);
      }
      context_.query->storage->rows_read.fetch_add(out->rows, std::memory_order_relaxed);
      return Progress::kBatch;
    }
  }

 private:
  // Tells SYS_LOAD_HISTORY of the statement, before its files are looked for.
  std::shared_ptr<telemetry::TransferCounts> NoteLoad() const {
    auto counts = std::make_shared<telemetry::TransferCounts>();
    if (context_.query->storage->telemetry == nullptr) return counts;
    telemetry::TransferRecord record;
    record.query = context_.query->eval->query_id;
    record.table = spec_.table->name;
    record.location = spec_.copy->source;
    record.format = spec_.copy->format == logical::FileFormat::kCsv ? "csv" : "txt";
    record.counts = counts;
    context_.query->storage->telemetry->transfers.Add(std::move(record));
    return counts;
  }

  absl::Status OpenSplit() {
    // A file counts once, when its beginning is read.
    if (split_->begin == 0) files_->counts().files.fetch_add(1, std::memory_order_relaxed);
    if (context_.query->storage->telemetry != nullptr) {
      split_start_micros_ = context_.query->storage->now_micros();
    }
    auto bytes = io::ReadObject(split_->object, split_->begin, split_->end);
    VESTO_ASSIGN_OR_RETURN(bytes, io::Decompress(files_->compression(), std::move(bytes)));
    reader_ = std::make_unique<format::DelimitedReader>(options_, std::move(bytes), split_->begin);
    lines_before_.reset();
    return absl::OkStatus();
  }

  void EndSplit() {
    const auto bytes = static_cast<int64_t>(split_->end - split_->begin);
    const StorageAccess& storage = *context_.query->storage;
    if (storage.telemetry != nullptr) {
      telemetry::LoadCommitRecord record;
      record.userid = context_.query->eval->user_id;
      record.query = context_.query->eval->query_id;
      record.slice = context_.slice;
      record.filename = split_->url;
      record.file_format = "Text";
      record.lines_scanned = reader_->num_lines();
      record.bytes_scanned = bytes;
      record.start_offset = static_cast<int64_t>(split_->begin);
      record.is_partial = split_->is_partial;
      record.start_micros = split_start_micros_;
      record.micros = storage.now_micros();
      storage.telemetry->load_commits.Add(std::move(record));
    }
    files_->counts().bytes.fetch_add(bytes, std::memory_order_relaxed);
    context_.counters->bytes += bytes;
    reader_.reset();
  }

  // The line of an error in its file: the reader counts from the start of its range.
  int64_t LineInFile(const format::LoadError& error) {
    if (error.line_number == 0 || split_->begin == 0) return error.line_number;
    if (!lines_before_) {
      lines_before_ = format::CountLines(*split_->object, split_->begin).value_or(0);
    }
    return error.line_number + *lines_before_;
  }

  // Notes a bad row; an error when MAXERROR is reached.
  absl::Status Refuse(const format::LoadError& error, const catalog::ColumnEntry* column) {
    const int64_t line_number = LineInFile(error);
    StorageAccess& storage = *context_.query->storage;
    storage.rejected_rows.fetch_add(1, std::memory_order_relaxed);
    if (storage.telemetry != nullptr) {
      const functions::EvalContext& eval = *context_.query->eval;
      telemetry::LoadErrorRecord record;
      record.userid = eval.user_id;
      record.database = eval.database;
      record.xid = storage.xid;
      record.slice = context_.slice;
      record.table = spec_.table->oid;
      record.start_micros = eval.statement_start_micros;
      record.session = eval.session_pid;
      record.query = eval.query_id;
      record.filename = split_->url;
      record.line_number = line_number;
      if (column == nullptr && error.column >= 0 &&
          error.column < static_cast<int>(spec_.copy->columns.size())) {
        column = &spec_.table->columns[spec_.copy->columns[error.column]];
      }
      if (column != nullptr) {
        record.column_name = column->name;
        const Type& type = column->type;
        record.type = types::TypeName(type);
        if (type.id == TypeId::kDecimal) {
          record.column_length = absl::StrCat(type.length, ", ", type.scale);
        } else if (type.length > 0) {
          record.column_length = absl::StrCat(type.length);
        }
      }
      record.position = static_cast<int32_t>(error.position);
      record.raw_line = error.raw_line;
      record.raw_field_value = error.raw_field;
      record.err_code = static_cast<int>(error.code);
      record.err_reason = error.reason;
      storage.telemetry->load_errors.Add(std::move(record));
    }
    if (!files_->Reject()) return absl::OkStatus();
    return SqlError(SqlState::kInternalError,
                    absl::StrCat("Load into table '", spec_.table->name,
                                 "' failed.  Check 'stl_load_errors' system table for details."))
        .Detail(absl::StrCat(split_->url, ", line ", line_number, ": ", error.reason))
        .Hint("Mend the file, or let bad rows pass with MAXERROR.");
  }

  absl::Status Convert(Batch* out) {
    const int rows = fields_.num_rows();
    bad_.assign(rows, 0);
    bad_fields_.clear();
    out->columns.clear();
    out->rows = rows;
    if (rows == 0) return RefuseInOrder();
    for (size_t i = 0; i < spec_.table->columns.size(); ++i) {
      if (field_of_[i] < 0) {
        out->columns.push_back(constants_[i]);
        continue;
      }
      VESTO_ASSIGN_OR_RETURN(Vector vector,
                             ConvertColumn(spec_.table->columns[i], field_of_[i], rows));
      out->columns.push_back(std::move(vector));
    }
    VESTO_RETURN_IF_ERROR(RefuseInOrder());
    if (bad_fields_.empty()) return absl::OkStatus();
    std::vector<Position> good;
    for (int i = 0; i < rows; ++i) {
      if (!bad_[i]) good.push_back(static_cast<Position>(i));
    }
    *out = out->Gather(good);
    return absl::OkStatus();
  }

  // A value that could not be converted. What it says is built when its turn comes.
  struct BadField {
    int row;
    int field;
    const catalog::ColumnEntry* column;
    LoadErrorCode code;
  };

  void NoteBadField(BadField field) {
    if (bad_[field.row]) return;  // a row is refused once
    bad_[field.row] = 1;
    bad_fields_.push_back(field);
  }

  // Refuses the lines that could not be cut and the rows with bad values in the order of the file.
  // The former come ordered, the latter column by column.
  absl::Status RefuseInOrder() {
    std::ranges::sort(bad_fields_, {}, &BadField::row);
    auto uncut = fields_.errors().begin();
    const auto uncut_end = fields_.errors().end();
    for (const BadField& bad : bad_fields_) {
      const int64_t line_number = fields_.line_number(bad.row);
      for (; uncut != uncut_end && uncut->line_number < line_number; ++uncut) {
        VESTO_RETURN_IF_ERROR(Refuse(*uncut, nullptr));
      }
      const Field cell = fields_.column(bad.field)[bad.row];
      const std::string_view text = cell.is_null ? std::string_view() : fields_.text(cell);
      VESTO_RETURN_IF_ERROR(
          Refuse(fields_.ErrorAt(bad.row, bad.field, bad.code,
                                 parser_.Reason(bad.code, bad.column->type, text)),
                 bad.column));
    }
    for (; uncut != uncut_end; ++uncut) VESTO_RETURN_IF_ERROR(Refuse(*uncut, nullptr));
    return absl::OkStatus();
  }

  // Runs `parse(text, &out[i])` over the fields that are not NULL.
  template <typename T, typename Parse>
  void Each(const catalog::ColumnEntry& column, int field, int rows, Vector* vector,
            Parse&& parse) {
    const std::span<const Field> cells = fields_.column(field);
    T* out = vector->mutable_data<T>();
    for (int i = 0; i < rows; ++i) {
      out[i] = T{};
      if (cells[i].is_null) {
        vector->MutableNulls(rows)[i] = 1;
        if (column.not_null) NoteBadField({i, field, &column, LoadErrorCode::kMissingData});
        continue;
      }
      const std::string_view text = fields_.text(cells[i]);
      const LoadErrorCode code = parse(text, &out[i]);
      if (code == LoadErrorCode::kNone) continue;
      out[i] = T{};
      vector->MutableNulls(rows)[i] = 1;
      if (code == LoadErrorCode::kLoadNull && !column.not_null) continue;
      NoteBadField({i, field, &column,
                    code == LoadErrorCode::kLoadNull ? LoadErrorCode::kMissingData : code});
    }
  }

  absl::StatusOr<Vector> ConvertColumn(const catalog::ColumnEntry& column, int field, int rows) {
    const Type& type = column.type;
    Vector vector = Vector::Flat(type);
    const bool rounds = parser_.options().round_decimals;
    const bool ascii = fields_.all_ascii();
    switch (type.id) {
      case TypeId::kSmallint:
        Each<int16_t>(column, field, rows, &vector, format::ParseInteger<int16_t>);
        break;
      case TypeId::kInteger:
        Each<int32_t>(column, field, rows, &vector, format::ParseInteger<int32_t>);
        break;
      case TypeId::kBigint:
        Each<int64_t>(column, field, rows, &vector, format::ParseInteger<int64_t>);
        break;
      case TypeId::kDecimal:
        if (vector.physical() == types::PhysicalType::kInt64) {
          Each<int64_t>(column, field, rows, &vector, [&](std::string_view text, int64_t* out) {
            return format::ParseDecimal64(text, type.length, type.scale, rounds, out);
          });
        } else {
          Each<int128_t>(column, field, rows, &vector, [&](std::string_view text, int128_t* out) {
            return format::ParseDecimal128(text, type.length, type.scale, rounds, out);
          });
        }
        break;
      case TypeId::kReal:
        Each<float>(column, field, rows, &vector, format::ParseReal);
        break;
      case TypeId::kDouble:
        Each<double>(column, field, rows, &vector, format::ParseDouble);
        break;
      case TypeId::kBoolean:
        Each<uint8_t>(column, field, rows, &vector, [](std::string_view text, uint8_t* out) {
          bool value = false;
          const LoadErrorCode code = format::ParseBoolean(text, &value);
          *out = value ? 1 : 0;
          return code;
        });
        break;
      case TypeId::kDate:
        Each<int32_t>(column, field, rows, &vector, [&](std::string_view text, int32_t* out) {
          return parser_.ParseDate(text, out);
        });
        break;
      case TypeId::kTimestamp:
        Each<int64_t>(column, field, rows, &vector, [&](std::string_view text, int64_t* out) {
          return parser_.ParseTimestamp(text, out);
        });
        break;
      case TypeId::kTimestampTz:
        Each<int64_t>(column, field, rows, &vector, [&](std::string_view text, int64_t* out) {
          return parser_.ParseTimestampTz(text, out);
        });
        break;
      case TypeId::kTime:
        Each<int64_t>(column, field, rows, &vector, [&](std::string_view text, int64_t* out) {
          return parser_.ParseTime(text, out);
        });
        break;
      case TypeId::kTimeTz:
        Each<int64_t>(column, field, rows, &vector, [&](std::string_view text, int64_t* out) {
          return parser_.ParseTimeTz(text, out);
        });
        break;
      case TypeId::kVarchar:
      case TypeId::kChar:
      case TypeId::kVarbyte: ConvertStrings(column, field, rows, ascii, &vector); break;
      default: return NotSupported(absl::StrCat("COPY into a column of type ", type.ToString()));
    }
    return vector;
  }

  // Strings point into the reader's text where they can; what had to be changed is copied.
  void ConvertStrings(const catalog::ColumnEntry& column, int field, int rows, bool ascii,
                      Vector* vector) {
    const Type& type = column.type;
    vector->AddPin(fields_.pin());
    std::string scratch;
    Each<StringRef>(column, field, rows, vector, [&](std::string_view text, StringRef* out) {
      std::string_view value;
      LoadErrorCode code;
      scratch.clear();
      if (type.id == TypeId::kVarchar) {
        code = parser_.ParseVarchar(text, type.length, ascii, &value, &scratch);
      } else if (type.id == TypeId::kChar) {
        code = parser_.ParseChar(text, type.length, ascii, &value);
      } else {
        code = parser_.ParseVarbyte(text, type.length, &value, &scratch);
      }
      if (code != LoadErrorCode::kNone) return code;
      const bool copied = !scratch.empty() && value.data() >= scratch.data() &&
                          value.data() < scratch.data() + scratch.size();
      *out = copied ? vector->heap().Add(value) : StringRef(value);
      return code;
    });
  }

  const physical::ParseSpec& spec_;
  const StepContext context_;
  const format::FieldParser parser_;
  format::DelimitedOptions options_;
  std::shared_ptr<CopyFiles> files_;
  const CopySplit* split_ = nullptr;
  int64_t split_start_micros_ = 0;
  std::unique_ptr<format::DelimitedReader> reader_;
  FieldBatch fields_;
  std::vector<int> field_of_;       // by table column: the field that fills it, or -1
  std::vector<Vector> constants_;   // by table column: its default
  std::vector<uint8_t> bad_;        // by row of the batch
  std::vector<BadField> bad_fields_;
  std::optional<int64_t> lines_before_;  // in the file, before split_; counted for the first error
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeParse(const physical::ParseSpec& spec,
                                                const physical::Step& step,
                                                const StepContext& context) {
  const logical::CopySpec& copy = *spec.copy;
  if (copy.format == logical::FileFormat::kJson) return NotSupported("COPY FORMAT JSON");
  format::FieldParseOptions options;
  options.date_form = FormOf(copy.date_format);
  options.time_form = FormOf(copy.time_format);
  options.date_pattern = copy.date_format.pattern;
  options.time_pattern = copy.time_format.pattern;
  options.accept_any_date = copy.accept_any_date;
  options.round_decimals = copy.round_decimals;
  options.truncate_columns = copy.truncate_columns;
  options.accept_invalid_chars = copy.accept_invalid_chars;
  options.invalid_char_replacement = copy.invalid_char_replacement;
  options.datetime = context.query->eval->text.datetime;
  VESTO_ASSIGN_OR_RETURN(format::FieldParser parser,
                         format::FieldParser::Create(std::move(options)));
  auto parse = std::make_unique<ParseStep>(spec, context, std::move(parser));
  VESTO_RETURN_IF_ERROR(parse->Init());
  return parse;
}

}  // namespace vesto::exec
