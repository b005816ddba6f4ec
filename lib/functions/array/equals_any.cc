#include <bit>
#include <cmath>

#include "absl/container/flat_hash_set.h"
#include "base/status_macros.h"
#include "base/string_map.h"
#include "functions/kernel_loops.h"
#include "types/array_text.h"
#include "types/decimal.h"
#include "types/text.h"
#include "types/type_rules.h"

// What the binder makes of x = ANY (a): IN over elements that are known when the statement runs.
namespace vesto::functions {
namespace {

// The one form in which a value and the elements meet.
enum class Form { kInteger, kDecimal, kDouble, kText };

Form FormOf(const Type& value, const Type& element) {
  if (types::IsString(value)) return Form::kText;
  if (types::IsFloating(value) || types::IsFloating(element)) return Form::kDouble;
  const bool decimal = value.id == TypeId::kDecimal || element.id == TypeId::kDecimal;
  return decimal ? Form::kDecimal : Form::kInteger;
}

// Equal numbers have equal keys: 0 and -0, and all that is no number.
int64_t DoubleKey(double value) {
  if (std::isnan(value)) return std::bit_cast<int64_t>(std::numeric_limits<double>::quiet_NaN());
  return std::bit_cast<int64_t>(value == 0 ? 0.0 : value);
}

std::pair<int64_t, uint64_t> DecimalKey(int128_t value) {
  return {static_cast<int64_t>(value >> 64), static_cast<uint64_t>(value)};
}

// The elements of one array, to be looked up by values of `value_type`.
class Elements {
 public:
  Elements(const Type& value_type, const Type& array_type, const types::TextContext& context)
      : value_type_(value_type), array_type_(array_type), context_(context) {}

  Form form() const { return form_; }
  bool empty() const { return empty_; }
  bool has_null() const { return has_null_; }

  // Errors as a cast of an element's text to the elements' type has them.
  absl::Status Load(std::string_view array) {
    integers_.clear();
    decimals_.clear();
    texts_.clear();
    has_null_ = false;
    const types::ArrayElements elements = types::ParseArray(array, array_type_);
    empty_ = elements.empty();
    for (const std::optional<std::string>& element : elements) {
      if (element.has_value()) {
        VESTO_RETURN_IF_ERROR(Add(*element));
      } else {
        has_null_ = true;
      }
    }
    return absl::OkStatus();
  }

  bool Contains(int64_t value) const { return integers_.contains(value); }
  bool Contains(double value) const { return integers_.contains(DoubleKey(value)); }
  bool Contains(int128_t value) const { return decimals_.contains(DecimalKey(value)); }
  bool Contains(std::string_view value) const {
    const std::string_view text = types::TrimTrailingBlanks(value);
    if (!value_type_.case_insensitive) return texts_.contains(text);
    return texts_.contains(FoldCase(text));
  }

 private:
  absl::Status Add(const std::string& text) {
    switch (form_) {
      case Form::kText: {
        const std::string_view trimmed = types::TrimTrailingBlanks(text);
        texts_.insert(value_type_.case_insensitive ? FoldCase(trimmed) : std::string(trimmed));
        return absl::OkStatus();
      }
      case Form::kInteger: {
        VESTO_ASSIGN_OR_RETURN(const Value value, types::ValueFromText(text, element_, context_));
        integers_.insert(value.integer());
        return absl::OkStatus();
      }
      case Form::kDouble: {
        const Type type = types::IsFloating(element_) ? element_ : Type::Double();
        VESTO_ASSIGN_OR_RETURN(const Value value, types::ValueFromText(text, type, context_));
        integers_.insert(DoubleKey(value.floating()));
        return absl::OkStatus();
      }
      case Form::kDecimal: {
        int scale = 0;
        const std::optional<int128_t> unscaled = types::ParseDecimal(text, &scale);
        if (!unscaled.has_value()) {
          return types::ValueFromText(text, Type::Decimal(kDecimalMaxPrecision, 0), context_)
              .status();
        }
        // What the value's scale cannot say equals none.
        const int wanted = value_type_.id == TypeId::kDecimal ? value_type_.scale : 0;
        const auto kept =
            types::Rescale(*unscaled, scale, wanted, types::Rounding::kHalfAwayFromZero);
        if (!kept.has_value()) return absl::OkStatus();
        const auto back =
            types::Rescale(*kept, wanted, scale, types::Rounding::kHalfAwayFromZero);
        if (back == unscaled) decimals_.insert(DecimalKey(*kept));
        return absl::OkStatus();
      }
    }
    return absl::OkStatus();
  }

  // Letter case does not count under COLLATE CASE_INSENSITIVE: ASCII alone, as in IN.
  static std::string FoldCase(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return folded;
  }

  const Type value_type_, array_type_;
  const types::TextContext& context_;
  const Type element_ = types::IsNamedOid(types::ElementType(array_type_))
                            ? Type{TypeId::kOid}
                            : types::ElementType(array_type_);
  const Form form_ = FormOf(value_type_, element_);
  bool empty_ = true, has_null_ = false;
  absl::flat_hash_set<int64_t> integers_;  // of doubles their keys
  absl::flat_hash_set<std::pair<int64_t, uint64_t>> decimals_;
  StringSet texts_;
};

// lookup(row): whether the elements have the value. NULL where none equals and one is NULL, as IN
// has it; no elements make FALSE of any value.
template <typename Lookup>
absl::Status EqualsAnyRows(const KernelCall& call, Elements& elements, Vector* result,
                           Lookup lookup) {
  const Vector& values = call.args[0];
  const Vector& arrays = call.args[1];
  const Argument<std::string_view> texts(arrays);
  base::CancellationPoll poll(call.context.cancellation);
  uint8_t* out = result->mutable_data<uint8_t>();
  std::optional<std::string_view> loaded;
  for (int row = 0; row < call.rows; ++row) {
    if (arrays.IsNull(row)) {
      SetNullRow<uint8_t>(result, call.rows, row);
      continue;
    }
    if (const std::string_view text = texts[row]; !loaded.has_value() || *loaded != text) {
      VESTO_RETURN_IF_ERROR(elements.Load(text));
      loaded = text;
      VESTO_RETURN_IF_ERROR(poll.After(100 * text.size()));
    }
    out[row] = 0;
    if (elements.empty()) continue;
    if (!values.IsNull(row)) out[row] = lookup(row);
    if (values.IsNull(row) || (out[row] == 0 && elements.has_null())) {
      SetNullRow<uint8_t>(result, call.rows, row);
    }
  }
  return absl::OkStatus();
}

absl::Status EqualsAny(const KernelCall& call, Vector* result) {
  const Vector& values = call.args[0];
  const Type& type = values.type();
  Elements elements(type, call.args[1].type(), call.context.text);
  switch (elements.form()) {
    case Form::kText: {
      const Argument<std::string_view> texts(values);
      return EqualsAnyRows(call, elements, result,
                           [&](int row) { return elements.Contains(texts[row]); });
    }
    case Form::kInteger: {
      const IntegerArgument integers(values);
      return EqualsAnyRows(call, elements, result,
                           [&](int row) { return elements.Contains(integers[row]); });
    }
    case Form::kDecimal: {
      if (type.id == TypeId::kDecimal) {
        const DecimalArgument decimals(values);
        return EqualsAnyRows(call, elements, result,
                             [&](int row) { return elements.Contains(decimals[row]); });
      }
      const IntegerArgument integers(values);
      return EqualsAnyRows(call, elements, result, [&](int row) {
        return elements.Contains(static_cast<int128_t>(integers[row]));
      });
    }
    case Form::kDouble: {
      if (type.id == TypeId::kReal) {
        const Argument<float> floats(values);
        return EqualsAnyRows(call, elements, result, [&](int row) {
          return elements.Contains(static_cast<double>(floats[row]));
        });
      }
      const Argument<double> doubles(values);
      return EqualsAnyRows(call, elements, result,
                           [&](int row) { return elements.Contains(doubles[row]); });
    }
  }
  return absl::OkStatus();
}

}  // namespace

void Register_array_equals_any(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "= any",
      .documentation = "x = ANY (a): whether an element of an array equals a value.",
      .null_rule = NullRule::kCustom,
      .can_fail = true,
      .overloads = {Signature({Type::Unknown(), Type::Unknown()}, Returns(Type::Boolean()),
                              EqualsAny)}});
}

}  // namespace vesto::functions
