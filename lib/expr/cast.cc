#include "expr/cast.h"

#include <cmath>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/int128.h"
#include "base/status_macros.h"
#include "column/dispatch.h"
#include "expr/null_union.h"
#include "expr/numeric_view.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/number_errors.h"
#include "types/text.h"
#include "types/type_rules.h"

namespace vesto::expr {
namespace {

using column::StringRef;
using column::Vector;
using functions::EvalContext;
using types::PhysicalType;

bool HoldsText(const Type& type) {
  return types::DefaultPhysicalType(type) == PhysicalType::kString;
}

// Integers, DECIMAL and BOOLEAN: what is stored as an exact number.
bool IsExact(const Type& type) {
  return types::IsInteger(type) || type.id == TypeId::kDecimal || type.id == TypeId::kBoolean;
}

// A number that `type` cannot hold: in PostgreSQL's words on the leader, in Redshift's on the slices.
absl::Status OutOfRange(const Type& type, std::string_view value, const EvalContext& context) {
  if (!types::IsInteger(type)) {
    return SqlError(SqlState::kNumericValueOutOfRange,
                    context.on_leader ? "numeric field overflow"
                                      : "Numeric data overflow (result precision)")
        .Detail(absl::StrCat("The value ", sv(value), " does not fit ", type.ToString(), "."));
  }
  if (!context.on_leader) {
    const int bytes = types::PhysicalSize(types::DefaultPhysicalType(type));
    return SqlError(SqlState::kNumericValueOutOfRange,
                    absl::StrCat("Value out of range for ", bytes, " bytes."))
        .Detail(absl::StrCat("Input:", sv(value), "."));
  }
  return SqlError(SqlState::kNumericValueOutOfRange,
                  absl::StrCat(absl::AsciiStrToLower(type.ToString()), " out of range"))
      .Detail(absl::StrCat("The value is ", sv(value), "."));
}

// Likewise a text that is no number of `type`; other errors stay as they are.
absl::Status NumberError(const absl::Status& error, const Type& type, std::string_view text,
                         const EvalContext& context) {
  const SqlState state = SqlStateOf(error);
  if (context.on_leader || !IsExact(type) || type.id == TypeId::kBoolean) return error;
  if (state == SqlState::kInvalidTextRepresentation) {
    return SqlError(state, absl::StrCat(types::InvalidDigit(type, text), " "))
        .Detail(std::string(text));
  }
  if (state != SqlState::kNumericValueOutOfRange) return error;
  if (type.id == TypeId::kDecimal) return OutOfRange(type, text, context);
  return SqlError(state, std::string(types::IntegerOverflow(type)))
      .Detail(types::OverflowContext(type, text));
}

template <typename Body>
absl::Status ForLiveRows(const Vector& result, int rows, Body&& body) {
  for (int i = 0; i < rows; ++i) {
    if (result.IsNull(i)) continue;
    VESTO_RETURN_IF_ERROR(body(i));
  }
  return absl::OkStatus();
}

// Integers, decimals, booleans among each other. `input` is flat.
absl::Status CastExact(const Vector& input, int rows, bool rounds, const EvalContext& context,
                       Vector* result) {
  const int from_scale = ScaleOf(input.type()), to_scale = ScaleOf(result->type());
  const Type& type = result->type();
  absl::Status status;
  const auto run = [&](auto in_tag, auto out_tag) {
    using In = decltype(in_tag);
    using Out = decltype(out_tag);
    const In* in = input.data<In>();
    Out* out = result->mutable_data<Out>();
    if (type.id == TypeId::kBoolean) {
      for (int i = 0; i < rows; ++i) out[i] = in[i] != 0;
      return;
    }
    if constexpr (sizeof(In) <= sizeof(Out) && !std::is_same_v<Out, uint8_t>) {
      // Widening: nothing can be lost. To DECIMAL only when the digits suffice.
      const bool widens = from_scale == to_scale &&
                          (type.id != TypeId::kDecimal ||
                           (input.type().id == TypeId::kDecimal
                                ? input.type().length <= type.length
                                : types::AsDecimal(input.type()).length <= type.length));
      if (widens) {
        for (int i = 0; i < rows; ++i) out[i] = static_cast<Out>(in[i]);
        return;
      }
    }
    const auto rounding = rounds ? types::Rounding::kHalfAwayFromZero : types::Rounding::kTruncate;
    for (int i = 0; i < rows; ++i) {
      out[i] = 0;
      if (result->IsNull(i)) continue;
      const auto value = types::Rescale(in[i], from_scale, to_scale, rounding);
      bool fits = value.has_value();
      if (fits) {
        out[i] = static_cast<Out>(*value);
        fits = static_cast<int128_t>(out[i]) == *value &&
               (type.id != TypeId::kDecimal || types::FitsPrecision(*value, type.length));
      }
      if (!fits) {
        status = OutOfRange(type, types::DecimalToString(in[i], from_scale), context);
        return;
      }
    }
  };
  column::DispatchPhysical(input.physical(), [&](auto in_tag) {
    using In = decltype(in_tag);
    if constexpr (!std::is_floating_point_v<In> && !std::is_same_v<In, StringRef>) {
      column::DispatchPhysical(result->physical(), [&](auto out_tag) {
        using Out = decltype(out_tag);
        if constexpr (!std::is_floating_point_v<Out> && !std::is_same_v<Out, StringRef>) {
          run(in_tag, out_tag);
        }
      });
    }
  });
  return status;
}

absl::Status CastFromFloat(const Vector& input, int rows, const EvalContext& context,
                           Vector* result) {
  const Type& type = result->type();
  const Vector doubles = ToDoubles(input, rows);
  const double* in = doubles.data<double>();
  if (type.id == TypeId::kReal) {
    return ForLiveRows(*result, rows, [&](int i) -> absl::Status {
      const auto value = static_cast<float>(in[i]);
      if (std::isinf(value) && !std::isinf(in[i])) {
        return SqlError(SqlState::kNumericValueOutOfRange, "value out of range: overflow");
      }
      result->mutable_data<float>()[i] = value;
      return absl::OkStatus();
    });
  }
  if (type.id == TypeId::kBoolean) {
    for (int i = 0; i < rows; ++i) result->mutable_data<uint8_t>()[i] = in[i] != 0;
    return absl::OkStatus();
  }
  return ForLiveRows(*result, rows, [&](int i) -> absl::Status {
    // Integers round half to even, as rint does; decimals half away from zero.
    const auto value = type.id == TypeId::kDecimal ? types::DoubleToDecimal(in[i], type.scale)
                                                   : types::DoubleToDecimal(std::rint(in[i]), 0);
    bool fits = value.has_value();
    column::DispatchPhysical(result->physical(), [&](auto tag) {
      using Out = decltype(tag);
      if constexpr (std::is_integral_v<Out> || std::is_same_v<Out, int128_t>) {
        if (!fits) return;
        result->mutable_data<Out>()[i] = static_cast<Out>(*value);
        fits = static_cast<int128_t>(result->data<Out>()[i]) == *value;
      }
    });
    if (fits && type.id == TypeId::kDecimal) fits = types::FitsPrecision(*value, type.length);
    if (fits) return absl::OkStatus();
    if (type.id == TypeId::kDecimal) {
      return SqlError(SqlState::kNumericValueOutOfRange,
                      "Numeric data overflow (result precision)")
          .Detail(absl::StrCat("The value is ", types::DoubleToText(in[i]), "."));
    }
    return OutOfRange(type, types::DoubleToText(in[i]), context);
  });
}

// Fits `text` into a CHAR or VARCHAR of `type.length` bytes (0 = no limit).
absl::StatusOr<std::string_view> FitString(std::string_view text, const Type& type, bool implicit,
                                           const EvalContext& context) {
  if (type.id == TypeId::kChar) text = types::TrimTrailingBlanks(text);
  if (type.length <= 0 || text.size() <= static_cast<size_t>(type.length)) return text;
  if (type.id == TypeId::kVarbyte) return text.substr(0, type.length);
  const std::string_view cut = types::TruncateUtf8(text, type.length);
  if (implicit && !types::TrimTrailingBlanks(text.substr(cut.size())).empty()) {
    if (context.on_leader) {
      return SqlError(SqlState::kStringDataRightTruncation,
                      absl::StrCat("value too long for type ", type.ToString()));
    }
    return SqlError(SqlState::kStringDataRightTruncation, "Value too long for character type")
        .Detail(absl::StrCat("Value too long for type ", type.ToString()));
  }
  return type.id == TypeId::kChar ? types::TrimTrailingBlanks(cut) : cut;
}

absl::StatusOr<Vector> CastStrings(const Vector& input, int rows, const Type& type, bool implicit,
                                   const EvalContext& context) {
  const bool same = type.id != TypeId::kChar &&
                    (type.length <= 0 || (input.type().length > 0 && input.type().length <= type.length));
  if (same) {
    Vector result = input;
    result.set_type(type);
    return result;
  }
  Vector result = Vector::Flat(type, PhysicalType::kString, std::max(rows, 1));
  const Vector* inputs[] = {&input};
  UnionNulls(inputs, rows, &result);
  result.AddPinsOf(input);
  StringRef* out = result.mutable_data<StringRef>();
  const Vector flat = input.Flatten(rows);
  const StringRef* in = flat.data<StringRef>();
  result.AddPinsOf(flat);
  for (int i = 0; i < rows; ++i) {
    out[i] = StringRef();
    if (result.IsNull(i)) continue;
    if (type.id != TypeId::kChar && in[i].size() <= static_cast<uint32_t>(type.length)) {
      out[i] = in[i];
      continue;
    }
    VESTO_ASSIGN_OR_RETURN(const std::string_view text, FitString(in[i].view(), type, implicit, context));
    out[i] = StringRef(text);
  }
  return result;
}

absl::Status CastFromText(const Vector& input, int rows, bool implicit, const EvalContext& context,
                          Vector* result) {
  const Type& type = result->type();
  return ForLiveRows(*result, rows, [&](int i) -> absl::Status {
    const StringRef text = input.StringAt(i);
    const auto read = types::ValueFromText(text.view(), type, context.text);
    if (!read.ok()) return NumberError(read.status(), type, text.view(), context);
    const Value& value = *read;
    if (type.id == TypeId::kDecimal && result->physical() == PhysicalType::kInt64) {
      result->mutable_data<int64_t>()[i] = value.integer();
    } else {
      result->SetValue(i, value);
    }
    return absl::OkStatus();
  });
}

absl::Status CastToText(const Vector& input, int rows, bool implicit, const EvalContext& context,
                        Vector* result) {
  const Type& type = result->type();
  return ForLiveRows(*result, rows, [&](int i) -> absl::Status {
    const std::string text = types::ValueToText(input.ValueAt(i), context.text);
    if (implicit || type.length <= 0 || text.size() <= static_cast<size_t>(type.length)) {
      VESTO_ASSIGN_OR_RETURN(const std::string_view fitted, FitString(text, type, implicit, context));
      result->mutable_data<StringRef>()[i] = result->heap().Add(fitted);
      return absl::OkStatus();
    }
    VESTO_ASSIGN_OR_RETURN(const std::string_view fitted, FitString(text, type, false, context));
    result->mutable_data<StringRef>()[i] = result->heap().Add(fitted);
    return absl::OkStatus();
  });
}

// Dates, times and timestamps among each other; false where there is no such conversion.
bool CastDateTime(const Vector& input, int rows, const EvalContext& context, Vector* result) {
  const absl::TimeZone& zone = context.text.datetime.time_zone;
  const auto run = [&](auto convert) {
    column::DispatchPhysical(input.physical(), [&](auto in_tag) {
      using In = decltype(in_tag);
      if constexpr (std::is_same_v<In, int32_t> || std::is_same_v<In, int64_t>) {
        column::DispatchPhysical(result->physical(), [&](auto out_tag) {
          using Out = decltype(out_tag);
          if constexpr (std::is_same_v<Out, int32_t> || std::is_same_v<Out, int64_t>) {
            for (int i = 0; i < rows; ++i) {
              result->mutable_data<Out>()[i] =
                  result->IsNull(i) ? 0 : static_cast<Out>(convert(int64_t{input.data<In>()[i]}));
            }
          }
        });
      }
    });
    return true;
  };
  using types::kMicrosPerDay;
  const auto to_utc = [&](int64_t local) { return types::LocalToUtc(local, zone); };
  const auto to_local = [&](int64_t utc) { return types::UtcToLocal(utc, zone); };
  switch (input.type().id) {
    case TypeId::kDate:
      if (result->type().id == TypeId::kTimestamp) {
        return run([](int64_t v) { return v * kMicrosPerDay; });
      }
      if (result->type().id == TypeId::kTimestampTz) {
        return run([&](int64_t v) { return to_utc(v * kMicrosPerDay); });
      }
      return false;
    case TypeId::kTimestamp:
      switch (result->type().id) {
        case TypeId::kDate: return run([](int64_t v) { return types::TimestampToDays(v); });
        case TypeId::kTime: return run([](int64_t v) { return types::MicrosOfDay(v); });
        case TypeId::kTimestampTz: return run(to_utc);
        default: return false;
      }
    case TypeId::kTimestampTz:
      switch (result->type().id) {
        case TypeId::kDate: return run([&](int64_t v) { return types::TimestampToDays(to_local(v)); });
        case TypeId::kTime: return run([&](int64_t v) { return types::MicrosOfDay(to_local(v)); });
        case TypeId::kTimestamp: return run(to_local);
        case TypeId::kTimeTz: return run([](int64_t v) { return types::MicrosOfDay(v); });
        default: return false;
      }
    case TypeId::kTime:
      if (result->type().id == TypeId::kTimeTz) {
        return run([&](int64_t v) { return types::MicrosOfDay(to_utc(v)); });
      }
      if (result->type().id == TypeId::kIntervalDayToSecond) return run([](int64_t v) { return v; });
      return false;
    case TypeId::kTimeTz:
      if (result->type().id == TypeId::kTime) {
        return run([&](int64_t v) { return types::MicrosOfDay(to_local(v)); });
      }
      return false;
    default: return false;
  }
}

}  // namespace

bool CastCannotFail(const Type& from, const Type& to) {
  if (from.id == to.id && from.id != TypeId::kDecimal) return true;
  if (types::IsString(to) && from.id != TypeId::kUnknown) return true;
  if (to.id == TypeId::kDouble) return types::IsNumeric(from);
  if (to.id == TypeId::kDecimal) {
    const bool exact = types::IsInteger(from) || from.id == TypeId::kDecimal;
    if (!exact) return false;
    const Type decimal = types::AsDecimal(from);
    return to.scale >= decimal.scale && to.length - to.scale >= decimal.length - decimal.scale;
  }
  if (types::IsInteger(from) && types::IsInteger(to)) {
    return types::PhysicalSize(types::DefaultPhysicalType(from)) <=
           types::PhysicalSize(types::DefaultPhysicalType(to));
  }
  return types::IsDateTime(from) && types::IsDateTime(to);
}

absl::StatusOr<Vector> EvaluateCast(const Vector& input, int rows, const Type& type,
                                    PhysicalType physical, bool implicit,
                                    const EvalContext& context) {
  const Type& from = input.type();
  if (input.IsConstantNull()) return Vector::Constant(Value::Null(type), physical);
  if (HoldsText(from) && HoldsText(type)) {
    if (type.id != TypeId::kInternalChar) return CastStrings(input, rows, type, implicit, context);
    VESTO_ASSIGN_OR_RETURN(Vector first, CastStrings(input, rows, Type::Varchar(1), implicit, context));
    first.set_type(type);
    return first;
  }
  if (from == type && input.physical() == physical) return input;

  const Vector flat = input.Flatten(rows);
  Vector result = Vector::Flat(type, physical, std::max(rows, 1));
  std::memset(static_cast<void*>(result.mutable_data<uint8_t>()), 0,
              static_cast<size_t>(types::PhysicalSize(physical)) * std::max(rows, 1));
  const Vector* inputs[] = {&flat};
  UnionNulls(inputs, rows, &result);

  // Constants alone run on the leader, where PostgreSQL's numeric cast rounds.
  const bool rounds = implicit || context.numeric_rounding || context.on_leader;
  if (IsExact(from) && IsExact(type)) {
    if (from.id == TypeId::kDecimal && type.id == TypeId::kBoolean) {
      return SqlError(SqlState::kCannotCoerce, "cannot cast type numeric to boolean");
    }
    VESTO_RETURN_IF_ERROR(CastExact(flat, rows, rounds, context, &result));
    return result;
  }
  if (IsExact(from) && types::IsFloating(type)) {
    const Vector doubles = ToDoubles(flat, rows);
    if (type.id == TypeId::kDouble) {
      Vector typed = doubles;
      typed.set_type(type);
      return typed;
    }
    for (int i = 0; i < rows; ++i) {
      result.mutable_data<float>()[i] = static_cast<float>(doubles.data<double>()[i]);
    }
    return result;
  }
  if (types::IsFloating(from) && type.id == TypeId::kDouble) {
    Vector doubles = ToDoubles(flat, rows);
    doubles.set_type(type);
    return doubles;
  }
  if (types::IsFloating(from) && (IsExact(type) || type.id == TypeId::kReal)) {
    VESTO_RETURN_IF_ERROR(CastFromFloat(flat, rows, context, &result));
    return result;
  }
  if (HoldsText(from)) {
    VESTO_RETURN_IF_ERROR(CastFromText(flat, rows, implicit, context, &result));
    return result;
  }
  if (types::IsString(type)) {
    if (from.id == TypeId::kBoolean) {
      return SqlError(SqlState::kCannotCoerce,
                      absl::StrCat("cannot cast type boolean to ", type.ToString()))
          .Hint("Use CASE WHEN ... THEN 'true' ELSE 'false' END.");
    }
    VESTO_RETURN_IF_ERROR(CastToText(flat, rows, implicit, context, &result));
    return result;
  }
  if (CastDateTime(flat, rows, context, &result)) return result;
  if (from.id == type.id) {
    Vector typed = flat;
    typed.set_type(type);
    return typed;
  }
  // OIDs and other integers of one family.
  if (from.id == TypeId::kOid || type.id == TypeId::kOid) {
    VESTO_RETURN_IF_ERROR(CastExact(flat, rows, false, context, &result));
    return result;
  }
  return SqlError(SqlState::kCannotCoerce, absl::StrCat("cannot cast type ", from.ToString(), " to ",
                                                        type.ToString()));
}

}  // namespace vesto::expr
