#include "base/status_macros.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "types/array_text.h"
#include "functions/kernel_loops.h"
#include "types/text.h"
#include "types/type_rules.h"

// What the binder makes of ARRAY[...], a[i] and of the records of _pg_expandarray.
namespace vesto::functions {
namespace {

absl::StatusOr<Type> ArrayOf(Type element) {
  // An array of strings is text[], as PostgreSQL makes of ARRAY['a'] and of names cast to text.
  if (element.id == TypeId::kUnknown || element.id == TypeId::kVarchar) element.id = TypeId::kText;
  const Type array = Type::Array(element.id);
  if (types::TypeOid(array) == 0) {
    return NotSupported(absl::StrCat("arrays of ", element.ToString()));
  }
  return array;
}

absl::Status MakeArray(const KernelCall& call, Vector* result) {
  for (int row = 0; row < call.rows; ++row) {
    types::ArrayElements elements;
    for (const Vector& arg : call.args) {
      if (arg.IsNull(row)) {
        elements.emplace_back();
      } else {
        elements.emplace_back(types::ValueToText(arg.ValueAt(row), call.context.text));
      }
    }
    result->mutable_data<StringRef>()[row] =
        result->heap().Add(std::string_view(types::FormatArray(elements)));
  }
  return absl::OkStatus();
}

// Writes an element's text as a value of the result's type; NULL where there is none.
absl::Status StoreElement(const KernelCall& call, const std::optional<std::string>& element,
                          int row, Vector* result) {
  if (!element.has_value()) {
    result->SetValue(row, Value::Null(call.result_type));
    return absl::OkStatus();
  }
  VESTO_ASSIGN_OR_RETURN(const Value value, types::ValueFromText(*element, call.result_type,
                                                                 call.context.text));
  result->SetValue(row, value);
  return absl::OkStatus();
}

absl::Status ArrayElement(const KernelCall& call, Vector* result) {
  const Type& type = call.args[0].type();
  const Argument<std::string_view> arrays(call.args[0]);
  const Argument<int32_t> indexes(call.args[1]);
  for (int row = 0; row < call.rows; ++row) {
    std::optional<std::string> element;
    if (!IsNullRow(call, row)) {
      types::ArrayElements elements = types::ParseArray(arrays[row], type);
      const int64_t index = int64_t{indexes[row]} - types::FirstIndex(type);
      if (index >= 0 && index < static_cast<int64_t>(elements.size())) {
        element = std::move(elements[static_cast<size_t>(index)]);
      }
    }
    VESTO_RETURN_IF_ERROR(StoreElement(call, element, row, result));
  }
  return absl::OkStatus();
}

absl::Status ExpandedElement(const KernelCall& call, Vector* result) {
  const Type& type = call.args[0].type();
  return MapToText<std::string_view, int64_t>(
      call, result, [&](std::string_view array, int64_t position, std::string* out) {
        const types::ArrayElements elements = types::ParseArray(array, type);
        const auto index = static_cast<uint64_t>(position) - 1;
        absl::StrAppend(out, "(", index < elements.size() ? elements[index].value_or("") : "", ",",
                        position, ")");
      });
}

absl::Status RecordField(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> records(call.args[0]);
  const Argument<int32_t> fields(call.args[1]);
  for (int row = 0; row < call.rows; ++row) {
    std::optional<std::string> field;
    if (!IsNullRow(call, row)) {
      std::string_view record = records[row];
      if (record.size() > 2) record = record.substr(1, record.size() - 2);
      const size_t comma = std::min(record.rfind(','), record.size());
      const std::string_view part =
          fields[row] == 1 ? record.substr(0, comma) : record.substr(std::min(comma + 1, record.size()));
      if (!part.empty()) field = std::string(part);
    }
    VESTO_RETURN_IF_ERROR(StoreElement(call, field, row, result));
  }
  return absl::OkStatus();
}

absl::StatusOr<Type> ElementOf(const BindCall& call) {
  const Type element = types::ElementType(call.types[0]);
  return element.id == TypeId::kText ? Type::Varchar(kVarcharMaxBytes) : element;
}

}  // namespace

void Register_array_array_operators(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "array[]",
      .documentation = "ARRAY[a, b, ...]: an array of the leader.",
      .null_rule = NullRule::kCustom,
      .locality = Locality::kLeaderOnly,
      .overloads = {VariadicSignature(
          {Type::Unknown()}, [](const BindCall& call) { return ArrayOf(call.types[0]); },
          MakeArray)}});
  registry.Add(ScalarFunction{
      .name = "[]",
      .documentation = "a[i]: an element of a catalog array; NULL outside its bounds.",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Unknown(), Type::Integer()}, ElementOf, ArrayElement)}});
  registry.Add(ScalarFunction{
      .name = "_pg_expandarray",
      .documentation = "The element of an array at a position, and the position: (x, n).",
      .locality = Locality::kLeaderOnly,
      .overloads = {Signature({Type::Unknown(), Type::Bigint()},
                              Returns(Type{TypeId::kRecord}), ExpandedElement)}});
  registry.Add(ScalarFunction{
      .name = "record_field",
      .documentation = "Field 1 (x) or 2 (n) of a record that _pg_expandarray made.",
      .locality = Locality::kLeaderOnly,
      .can_fail = true,
      .overloads = {Signature({Type{TypeId::kRecord}, Type::Integer()},
                              Returns(Type::Integer()), RecordField)}});
}

}  // namespace vesto::functions
