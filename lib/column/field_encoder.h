#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "column/batch.h"
#include "types/text.h"
#include "vesto/batch.h"
#include "vesto/row_encoder.h"
#include "vesto/value.h"

namespace vesto::column {

// What RowEncoder does: chooses a writer per column and form once, so that a row costs one switch
// per field and no allocation.
// Thread-safety: thread-compatible.
class FieldEncoder {
 public:
  // `forms`: one per type, or one for all, or none (text).
  FieldEncoder(std::vector<Type> types, const std::vector<ValueForm>& forms, BinaryDialect dialect,
               types::TextContext context);

  void Load(vesto::Batch batch);
  void AppendRow(int row, std::string* out) const;

 private:
  enum class Writer : uint8_t {
    kBoolText, kIntegerText, kDecimalText, kDateText, kTimestampText, kDoubleText, kString,
    kPaddedString, kHex, kOtherText,
    kBoolBinary, kInt16Binary, kInt32Binary, kInt64Binary, kFloatBinary, kDoubleBinary, kDateBinary,
    kTimestampBinary, kTimeTzBinary, kArrayBinary, kNumericPostgres, kNumericAmazon,
  };
  struct Column {
    Type type;
    Writer writer = Writer::kOtherText;
    const Vector* vector = nullptr;
  };
  static Writer Choose(const Type& type, ValueForm form, BinaryDialect dialect);

  std::vector<Column> columns_;
  const types::TextContext context_;
  vesto::Batch batch_;
};

// A parameter as a client sent it. Text is read as a cast from a string would; an unknown type
// stays untyped text. Errors: 22P02 and friends for text, 22P03 for binary bytes that are no value
// of `type`, 22021 for text that is no UTF-8.
absl::StatusOr<Value> DecodeParameter(const Type& type, ValueForm form, std::string_view bytes,
                                      BinaryDialect dialect, const types::TextContext& context);

}  // namespace vesto::column
