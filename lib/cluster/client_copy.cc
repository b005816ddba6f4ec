#include "cluster/client_copy.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/utf8.h"
#include "expr/cast.h"
#include "types/text.h"

namespace vesto::cluster {
namespace {

using column::Batch;
using column::kBatchRows;
using column::Vector;
using format::ClientCopyOptions;

// What one INSERT takes.
constexpr size_t kPortionRows = 32 * static_cast<size_t>(kBatchRows);
constexpr size_t kPortionBytes = 32 << 20;
// A batch is converted when its text has grown so large.
constexpr size_t kPendingBytes = 4 << 20;
constexpr size_t kShownValueBytes = 100;

const Type kText = Type::Varchar(kVarcharMaxBytes);

std::vector<Type> TypesOf(const binder::ClientCopy& copy) {
  std::vector<Type> types;
  for (const binder::ResultColumn& column : copy.columns) types.push_back(column.type);
  return types;
}

std::vector<std::string> NamesOf(const binder::ClientCopy& copy) {
  std::vector<std::string> names;
  for (const binder::ResultColumn& column : copy.columns) names.push_back(column.name);
  return names;
}

std::vector<ValueForm> FormsOf(const binder::ClientCopy& copy) {
  return {copy.options.format == ClientCopyOptions::Format::kBinary ? ValueForm::kBinary
                                                                    : ValueForm::kText};
}

}  // namespace

ClientCopyIn::ClientCopyIn(const binder::ClientCopy& copy, const functions::EvalContext& eval,
                           base::MemoryPool* memory, Insert insert)
    : copy_(copy),
      eval_(eval),
      memory_(memory),
      insert_(std::move(insert)),
      types_(TypesOf(copy)),
      names_(NamesOf(copy)),
      parser_(*format::FieldParser::Create({})),
      reader_(copy.options, names_) {
  const bool binary = copy.options.format == ClientCopyOptions::Format::kBinary;
  // The text of bytes is hexadecimal, which a cast from a string does not read.
  for (const Type& type : types_) by_value_.push_back(binary || type.id == TypeId::kVarbyte);
}

absl::Status ClientCopyIn::Add(std::string_view bytes) {
  return InOrder(
      reader_.Add(bytes, [this](const format::ClientCopyRow& row) { return TakeRow(row); }));
}

// A row that cannot be cut comes after the values before it, which may be bad themselves.
absl::Status ClientCopyIn::InOrder(const absl::Status& status) {
  if (status.ok()) return status;
  VESTO_RETURN_IF_ERROR(Convert());
  return WithContext(status, absl::StrCat("COPY ", copy_.table, ", line ", reader_.line()));
}

absl::Status ClientCopyIn::Finish() {
  VESTO_RETURN_IF_ERROR(InOrder(
      reader_.Finish([this](const format::ClientCopyRow& row) { return TakeRow(row); })));
  VESTO_RETURN_IF_ERROR(Convert());
  return InsertPortion();
}

absl::Status ClientCopyIn::TakeRow(const format::ClientCopyRow& row) {
  if (pending_.columns.empty()) {
    for (size_t c = 0; c < types_.size(); ++c) {
      pending_.columns.push_back(Vector::Flat(by_value_[c] ? types_[c] : kText));
    }
  }
  const bool binary = copy_.options.format == ClientCopyOptions::Format::kBinary;
  const int at = pending_.rows;
  size_t bytes = 0;
  for (size_t c = 0; c < types_.size(); ++c) {
    const auto& field = row.fields[c];
    Vector& vector = pending_.columns[c];
    if (field.null) {
      vector.SetNull(at);
      continue;
    }
    if (const absl::Status text = binary ? absl::OkStatus() : base::CheckUtf8(field.bytes);
        !text.ok()) {
      return InContext(text, row.line, static_cast<int>(c), "");
    }
    if (by_value_[c]) {
      auto value = Decode(types_[c], field.bytes);
      absl::Status status = value.status();
      if (status.ok()) {
        // A decoded value has no length yet; an assignment checks that of its column.
        auto fitted = expr::EvaluateCast(Vector::Constant(*value), 1, types_[c], vector.physical(),
                                         true, eval_);
        status = fitted.status();
        if (status.ok()) vector.SetValue(at, fitted->ValueAt(0));
      }
      if (!status.ok()) return InContext(status, row.line, static_cast<int>(c), "");
    } else {
      vector.mutable_data<column::StringRef>()[at] = vector.heap().Add(field.bytes);
    }
    if (vector.physical() == types::PhysicalType::kString) bytes += vector.heap().bytes();
  }
  lines_.push_back(row.line);
  ++pending_.rows;
  return pending_.rows == kBatchRows || bytes >= kPendingBytes ? Convert() : absl::OkStatus();
}

absl::StatusOr<Value> ClientCopyIn::Decode(const Type& type, std::string_view bytes) const {
  if (copy_.options.format == ClientCopyOptions::Format::kBinary) {
    return column::DecodeParameter(type, ValueForm::kBinary, bytes, BinaryDialect::kPostgres,
                                   eval_.text);
  }
  if (bytes.starts_with("\\x")) bytes.remove_prefix(2);  // as clients of PostgreSQL write bytea
  std::string_view decoded;
  std::string scratch;
  const format::LoadErrorCode code = parser_.ParseVarbyte(bytes, type.length, &decoded, &scratch);
  if (code != format::LoadErrorCode::kNone) {
    return SqlError(code == format::LoadErrorCode::kOutOfRange
                        ? SqlState::kStringDataRightTruncation
                        : SqlState::kInvalidTextRepresentation,
                    parser_.Reason(code, type, bytes));
  }
  return Value::Varbyte(std::string(decoded));
}

absl::Status ClientCopyIn::Convert() {
  if (pending_.rows == 0) return absl::OkStatus();
  const int rows = std::exchange(pending_.rows, 0);
  Batch batch;
  batch.rows = rows;
  for (size_t c = 0; c < types_.size(); ++c) {
    Vector source = std::move(pending_.columns[c]);
    if (by_value_[c]) {
      batch.columns.push_back(std::move(source));
      continue;
    }
    const types::PhysicalType physical = types::DefaultPhysicalType(types_[c]);
    auto cast = expr::EvaluateCast(source, rows, types_[c], physical, true, eval_);
    for (int i = 0; i < rows && !cast.ok(); ++i) {  // whose fault is it?
      const auto one = expr::EvaluateCast(source.Slice(i, 1), 1, types_[c], physical, true, eval_);
      if (one.ok()) continue;
      return InContext(one.status(), lines_[static_cast<size_t>(i)], static_cast<int>(c),
                       source.StringAt(i).view());
    }
    VESTO_RETURN_IF_ERROR(cast.status());
    batch.columns.push_back(*std::move(cast));
  }
  pending_ = Batch();
  lines_.clear();
  if (portion_ == nullptr) {
    portion_ = std::make_shared<logical::ConstantRows>(types_, 0, memory_);
  }
  // Only the last batch of a portion may be short.
  const bool full = rows == kBatchRows;
  VESTO_RETURN_IF_ERROR(portion_->Append(std::move(batch)));
  if (full && portion_->num_rows() < kPortionRows && portion_->bytes() < kPortionBytes) {
    return absl::OkStatus();
  }
  return InsertPortion();
}

absl::Status ClientCopyIn::InsertPortion() {
  if (portion_ == nullptr) return absl::OkStatus();
  return insert_(std::exchange(portion_, nullptr));
}

absl::Status ClientCopyIn::InContext(const absl::Status& error, int64_t line, int column,
                                     std::string_view value) const {
  std::string context = absl::StrCat("COPY ", copy_.table, ", line ", line, ", column ",
                                     names_[static_cast<size_t>(column)]);
  if (value.size() > kShownValueBytes) {
    absl::StrAppend(&context, ": \"", sv(types::TruncateUtf8(value, kShownValueBytes)), "...\"");
  } else if (!value.empty()) {
    absl::StrAppend(&context, ": \"", sv(value), "\"");
  }
  return WithContext(error, context);
}

ClientCopyOut::ClientCopyOut(const binder::ClientCopy& copy, const types::TextContext& context)
    : names_(NamesOf(copy)),
      writer_(copy.options),
      encoder_(TypesOf(copy), FormsOf(copy), BinaryDialect::kPostgres, context) {}

void ClientCopyOut::Load(Batch batch) {
  next_ = 0;
  rows_ = batch.rows;
  encoder_.Load(vesto::Batch(std::make_shared<const Batch>(std::move(batch))));
}

void ClientCopyOut::AppendRow(std::string* out) {
  fields_.clear();
  encoder_.AppendRow(next_++, &fields_);
  writer_.AppendRow(fields_, static_cast<int>(names_.size()), out);
}

void ClientCopyOut::AppendStart(std::string* out) {
  if (!std::exchange(started_, true)) writer_.AppendStart(names_, out);
}

void ClientCopyOut::AppendEnd(std::string* out) {
  if (!std::exchange(ended_, true)) writer_.AppendEnd(out);
}

}  // namespace vesto::cluster
