#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "expr/evaluator.h"
#include "types/datetime.h"
#include "types/decimal.h"
#include "types/text.h"
#include "types/type_rules.h"

// Conversions: untyped literals take the type that is asked for, constants are converted here and
// now, everything else gets a cast. Source: redshift/types.md §3.
namespace vesto::binder {

using expr::ExprKind;

namespace {

constexpr int kVarbyteMaxBytes = 1'024'000;

bool IsExact(const Type& type) {
  return type.id == TypeId::kSmallint || type.id == TypeId::kInteger ||
         type.id == TypeId::kBigint || type.id == TypeId::kDecimal || types::IsOidLike(type);
}

bool FitsInteger(types::PhysicalType physical, int128_t value) {
  switch (physical) {
    case types::PhysicalType::kInt16: return value >= INT16_MIN && value <= INT16_MAX;
    case types::PhysicalType::kInt32: return value >= INT32_MIN && value <= INT32_MAX;
    default: return value >= INT64_MIN && value <= INT64_MAX;
  }
}

// "numeric", not "numeric(12,2)": how messages about casts name types.
std::string BareName(const Type& type) {
  Type bare = type;
  switch (type.id) {
    case TypeId::kUnknown: return "\"unknown\"";
    case TypeId::kDecimal: return "numeric";
    case TypeId::kChar: return "character";
    case TypeId::kVarchar: return "character varying";
    case TypeId::kVarbyte: return "binary varying";
    default: return bare.ToString();
  }
}

absl::Status CannotCast(const Type& from, const Type& to, int offset) {
  return SqlError(SqlState::kCannotCoerce,
                  absl::StrCat("cannot cast type ", BareName(from), " to ", BareName(to)))
      .At(offset);
}

absl::Status TooLong(const Type& type, int offset) {
  return SqlError(SqlState::kStringDataRightTruncation,
                  absl::StrCat("value too long for type ", type.ToString()))
      .At(offset);
}

// A string as a value of a string type. Assignment refuses what does not fit; a cast cuts it.
absl::StatusOr<Value> StringValue(std::string_view text, Type to, Coercion mode, int offset) {
  if (to.id == TypeId::kChar) text = types::TrimTrailingBlanks(text);
  if (to.id == TypeId::kInternalChar) return Value::OfText(to, std::string(text.substr(0, 1)));
  if (to.id == TypeId::kName) return Value::OfText(to, std::string(types::TruncateUtf8(text, 127)));
  if (to.length == 0) to.length = std::max<int32_t>(1, static_cast<int32_t>(text.size()));
  const auto length = static_cast<size_t>(to.length);
  const bool bounded = to.id == TypeId::kChar || to.id == TypeId::kVarchar;
  if (bounded && text.size() > length) {
    std::string_view cut = types::TruncateUtf8(text, length);
    if (mode == Coercion::kAssignment &&
        text.substr(cut.size()).find_first_not_of(' ') != std::string_view::npos) {
      return TooLong(to, offset);
    }
    text = cut;
  }
  return Value::OfText(to, std::string(text));
}

// The conversions that need no evaluator; nullopt leaves the cast in the plan.
std::optional<Value> ConvertConstant(const Value& value, const Type& to, Coercion mode) {
  const Type& from = value.type();
  if (types::IsString(from) && types::IsString(to)) {
    if (mode == Coercion::kAssignment && to.length > 0 &&
        value.text().size() > static_cast<size_t>(to.length)) {
      return std::nullopt;
    }
    auto converted = StringValue(value.text(), to, mode, -1);
    if (converted.ok()) return *std::move(converted);
    return std::nullopt;
  }
  if (auto exact = ExactValue(value, to); exact.has_value()) return exact;
  if (IsExact(from) && IsExact(to) && mode == Coercion::kAssignment) {
    const int from_scale = from.id == TypeId::kDecimal ? from.scale : 0;
    const int to_scale = to.id == TypeId::kDecimal ? to.scale : 0;
    const auto rounded = types::Rescale(value.integer128(), from_scale, to_scale,
                                        types::Rounding::kHalfAwayFromZero);
    if (!rounded.has_value()) return std::nullopt;
    const bool fits = to.id == TypeId::kDecimal
                          ? types::FitsPrecision(*rounded, to.length)
                          : FitsInteger(types::DefaultPhysicalType(to), *rounded);
    if (!fits) return std::nullopt;
    return Value::OfInteger(to, *rounded);
  }
  if (from.id == TypeId::kTimestamp && to.id == TypeId::kDate) {
    return Value::Date(types::TimestampToDays(value.integer()));
  }
  if (from.id == TypeId::kDouble && to.id == TypeId::kReal && std::isfinite(value.floating())) {
    const auto narrow = static_cast<float>(value.floating());
    if (std::isfinite(narrow)) return Value::Real(narrow);
  }
  return std::nullopt;
}

// The value of an untyped literal as `to`.
absl::StatusOr<Value> ReadLiteral(const std::string& text, const Type& to, Coercion mode,
                                  const types::TextContext& context, int offset) {
  if (types::IsString(to)) return StringValue(text, to, mode, offset);
  if (to.id == TypeId::kDecimal && to.length == 0) {
    int scale = 0;
    if (auto unscaled = types::ParseDecimal(text, &scale); unscaled.has_value()) {
      return Value::Decimal(*unscaled, kDecimalMaxPrecision, scale);
    }
  }
  Type target = to;
  if (target.id == TypeId::kDecimal && target.length == 0) target = Type::Decimal(18, 0);
  if (target.id == TypeId::kVarbyte && target.length == 0) {
    target.length = std::max<int32_t>(1, static_cast<int32_t>(text.size()));
  }
  auto value = types::ValueFromText(text, target, context);
  if (!value.ok()) return WithOffset(value.status(), offset);
  return value;
}

}  // namespace

std::optional<Value> ExactValue(const Value& value, const Type& to) {
  const Type& from = value.type();
  if (value.is_null()) return Value::Null(to);
  if (from == to) return value;
  if (IsExact(from) && IsExact(to)) {
    const int from_scale = from.id == TypeId::kDecimal ? from.scale : 0;
    const int to_scale = to.id == TypeId::kDecimal ? to.scale : 0;
    const auto scaled = types::Rescale(value.integer128(), from_scale, to_scale,
                                       types::Rounding::kTruncate);
    if (!scaled.has_value()) return std::nullopt;
    if (to_scale < from_scale) {
      const auto back =
          types::Rescale(*scaled, to_scale, from_scale, types::Rounding::kTruncate);
      if (!back.has_value() || *back != value.integer128()) return std::nullopt;
    }
    const bool fits = to.id == TypeId::kDecimal
                          ? types::FitsPrecision(*scaled, to.length)
                          : FitsInteger(types::DefaultPhysicalType(to), *scaled);
    if (!fits) return std::nullopt;
    return Value::OfInteger(to, *scaled);
  }
  if (IsExact(from) && to.id == TypeId::kDouble) {
    const int scale = from.id == TypeId::kDecimal ? from.scale : 0;
    return Value::Double(types::DecimalToDouble(value.integer128(), scale));
  }
  if (to.id == TypeId::kReal && (IsExact(from) || from.id == TypeId::kDouble)) {
    const double wide = from.id == TypeId::kDouble
                            ? value.floating()
                            : types::DecimalToDouble(value.integer128(),
                                                     from.id == TypeId::kDecimal ? from.scale : 0);
    const auto narrow = static_cast<float>(wide);
    if (static_cast<double>(narrow) == wide) return Value::Real(narrow);
    return std::nullopt;
  }
  if (from.id == TypeId::kReal && to.id == TypeId::kDouble) return Value::Double(value.floating());
  if (from.id == TypeId::kDate && to.id == TypeId::kTimestamp) {
    return Value::Timestamp(value.integer() * types::kMicrosPerDay);
  }
  if (from.id == TypeId::kTimestamp && to.id == TypeId::kDate) {
    if (types::MicrosOfDay(value.integer()) != 0) return std::nullopt;
    return Value::Date(types::TimestampToDays(value.integer()));
  }
  return std::nullopt;
}

int TextWidth(const Type& type) {
  switch (type.id) {
    case TypeId::kBoolean: return 5;
    case TypeId::kSmallint: return 6;
    case TypeId::kInteger:
    case TypeId::kOid: return 11;
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc: return 260;
    case TypeId::kBigint: return 20;
    case TypeId::kDecimal: return type.length + 2;
    case TypeId::kReal:
    case TypeId::kDouble: return 25;
    case TypeId::kChar:
    case TypeId::kVarchar: return std::max(1, type.length);
    case TypeId::kDate: return 13;
    case TypeId::kTime: return 15;
    case TypeId::kTimeTz: return 21;
    case TypeId::kTimestamp: return 29;
    case TypeId::kTimestampTz: return 35;
    case TypeId::kIntervalYearToMonth:
    case TypeId::kIntervalDayToSecond: return 64;
    case TypeId::kName: return 128;
    case TypeId::kInternalChar: return 1;
    case TypeId::kVarbyte:
      return type.length == 0 ? kVarcharMaxBytes : std::min(2 * type.length, kVarcharMaxBytes);
    case TypeId::kUnknown:
    case TypeId::kSuper:
    case TypeId::kText:
    case TypeId::kInt2Vector:
    case TypeId::kOidVector:
    case TypeId::kAclItem:
    case TypeId::kRecord:
    case TypeId::kArray: return kVarcharMaxBytes;
  }
  return kVarcharMaxBytes;
}

ExprPtr Binder::ResolveUnknown(ExprPtr expression) {
  if (expression->type.id != TypeId::kUnknown) return expression;
  if (expression->kind == ExprKind::kParameter) {
    Type& type = out_.parameter_types[static_cast<size_t>(expression->parameter)];
    if (type.id == TypeId::kUnknown) type = Type::Varchar(kVarcharMaxBytes);
    expression->type = type;
    expression->physical = types::DefaultPhysicalType(type);
    return expression;
  }
  if (!expression->is_constant()) return expression;
  const int offset = expression->offset;
  ExprPtr resolved =
      expr::Constant(expression->constant.is_null()
                         ? Value::Null(Type::Varchar(1))
                         : Value::OfText(Type::Varchar(std::max<int>(
                                             1, static_cast<int>(
                                                    expression->constant.text().size()))),
                                         expression->constant.text()));
  resolved->offset = offset;
  return resolved;
}

absl::StatusOr<ExprPtr> Binder::Coerce(ExprPtr expression, const Type& to, Coercion mode) {
  const Type from = expression->type;
  const int offset = expression->offset;
  if (IsCompositeInterval(*expression)) {
    return SqlError(SqlState::kInvalidDatetimeFormat,
                    "Interval Day To Second literal cannot contain year-month parts.")
        .At(offset);
  }
  if (to.id == TypeId::kUnknown) return expression;
  if (from == to) return expression;
  // REGCLASS and its kin are written as names, which the catalog knows.
  const bool null = expression->is_constant() && expression->constant.is_null();
  if (types::IsNamedOid(from) && types::IsString(to) && !null) {
    VESTO_ASSIGN_OR_RETURN(ExprPtr name, NameOfOid(std::move(expression)));
    return Coerce(std::move(name), to, mode);
  }
  if (types::IsNamedOid(to) && !null && (types::IsString(from) || from.id == TypeId::kUnknown)) {
    return OidOfName(std::move(expression), to);
  }

  if (from.id == TypeId::kUnknown && expression->kind == ExprKind::kParameter) {
    Type& known = out_.parameter_types[static_cast<size_t>(expression->parameter)];
    if (known.id == TypeId::kUnknown) {
      known = to;
      if (types::IsString(to)) known = Type::Varchar(kVarcharMaxBytes);
      if (to.id == TypeId::kDecimal && to.length == 0) known = Type::Decimal(38, 10);
    }
    expression->type = known;
    expression->physical = types::DefaultPhysicalType(known);
    return Coerce(std::move(expression), to, mode);
  }

  Type target = to;  // lengths of zero stand for "as wide as the input"
  if (target.length == 0) {
    if (target.id == TypeId::kDecimal && from.id != TypeId::kUnknown) {
      if (from.id == TypeId::kDecimal) return expression;
      target = types::IsInteger(from) ? types::AsDecimal(from) : Type::Decimal(38, 10);
    } else if ((target.id == TypeId::kVarchar || target.id == TypeId::kChar ||
                target.id == TypeId::kVarbyte) &&
               from.id != TypeId::kUnknown) {
      if (from.id == target.id) return expression;
      target.length = target.id == TypeId::kVarbyte && from.length > 0
                          ? from.length
                          : std::min(TextWidth(from), kVarcharMaxBytes);
      target.case_insensitive = from.case_insensitive;
    }
  }

  if (expression->is_constant()) {
    if (expression->constant.is_null()) {
      if (from.id != TypeId::kUnknown && !types::CanCast(from, target)) {
        return CannotCast(from, target, offset);
      }
      if (target.length == 0 && target.id == TypeId::kVarchar) target.length = 1;
      if (target.length == 0 && target.id == TypeId::kDecimal) target = Type::Decimal(18, 0);
      ExprPtr null = expr::Constant(Value::Null(target));
      null->offset = offset;
      return null;
    }
    if (from.id == TypeId::kUnknown) {
      VESTO_ASSIGN_OR_RETURN(Value value,
                             ReadLiteral(expression->constant.text(), target, mode,
                                         context_.eval.text, offset));
      ExprPtr literal = expr::Constant(std::move(value));
      literal->offset = offset;
      return literal;
    }
  }

  const bool allowed =
      types::CanCast(from, target) || from.id == TypeId::kUnknown
          ? (mode == Coercion::kExplicit || types::CanConvertImplicitly(from, target) ||
             types::IsString(from) || (mode == Coercion::kAssignment && types::IsString(target)))
          : types::CanConvertImplicitly(from, target);
  if (!allowed) return CannotCast(from, target, offset);

  if (expression->is_constant()) {
    if (auto value = ConvertConstant(expression->constant, target, mode); value.has_value()) {
      ExprPtr converted = expr::Constant(*std::move(value));
      converted->offset = offset;
      return converted;
    }
  }
  // A column that fits as it is needs no work, only the other name of its type.
  if (expression->is_column() && from.case_insensitive == target.case_insensitive) {
    // CHAR is kept without its blanks: as VARCHAR it is already what it should be.
    const bool wider_string =
        (from.id == target.id ? from.id == TypeId::kVarchar || from.id == TypeId::kChar
                              : from.id == TypeId::kChar && target.id == TypeId::kVarchar) &&
        from.length > 0 && from.length <= target.length;
    const bool wider_decimal =
        from.id == TypeId::kDecimal && target.id == from.id && from.scale == target.scale &&
        from.length <= target.length &&
        types::DefaultPhysicalType(from) == types::DefaultPhysicalType(target);
    if (wider_string || wider_decimal) {
      expression->type = target;
      return expression;
    }
  }
  return expr::Cast(std::move(expression), target, mode == Coercion::kAssignment);
}

absl::Status Binder::MakeCommon(std::vector<ExprPtr>* expressions, std::string_view what,
                                int offset, Type* type) {
  std::vector<Type> types;
  types.reserve(expressions->size());
  bool all_unknown = true;
  for (const ExprPtr& expression : *expressions) {
    if (expression->type.id != TypeId::kUnknown) {
      all_unknown = false;
      types.push_back(expression->type);
    }
  }
  if (all_unknown) {
    int width = 1;
    for (const ExprPtr& expression : *expressions) {
      if (expression->is_constant() && !expression->constant.is_null()) {
        width = std::max(width, static_cast<int>(expression->constant.text().size()));
      } else if (!expression->is_constant()) {
        width = kVarcharMaxBytes;
      }
    }
    *type = Type::Varchar(std::min(width, kVarcharMaxBytes));
  } else {
    auto common = types::CommonType(types, what);
    if (!common.ok()) return WithOffset(common.status(), offset);
    *type = *common;
    if (type->id == TypeId::kVarchar || type->id == TypeId::kChar) {
      // A literal beside a narrow column must not be cut to the column's length.
      for (const ExprPtr& expression : *expressions) {
        if (expression->type.id != TypeId::kUnknown) continue;
        if (!expression->is_constant()) {
          *type = Type::Varchar(kVarcharMaxBytes);
        } else if (!expression->constant.is_null()) {
          const auto length = static_cast<int>(expression->constant.text().size());
          if (type->id == TypeId::kChar && length != type->length) type->id = TypeId::kVarchar;
          type->length = std::clamp(type->length, std::min(length, kVarcharMaxBytes),
                                    kVarcharMaxBytes);
        }
      }
    }
  }
  for (ExprPtr& expression : *expressions) {
    VESTO_ASSIGN_OR_RETURN(expression,
                           Coerce(std::move(expression), *type, Coercion::kImplicit));
  }
  return absl::OkStatus();
}

absl::StatusOr<Type> Binder::CastTarget(const sql::TypeName& name, const Type& from) const {
  if (name.modifiers.empty()) {
    const std::string& word = name.name;
    if (word == "varchar" || word == "character varying" || word == "nvarchar" || word == "text" ||
        word == "bpchar") {
      if (from.id == TypeId::kUnknown) {
        Type type = Type::Varchar(0);
        return type;
      }
      Type type = Type::Varchar(std::min(TextWidth(from), kVarcharMaxBytes));
      type.case_insensitive = from.case_insensitive;
      return type;
    }
  }
  if (name.name == "interval") {
    const std::string& qualifier = name.interval_qualifier;
    if (qualifier.find("year") != std::string::npos || qualifier == "month") {
      return Type::IntervalYearToMonth();
    }
    return Type::IntervalDayToSecond();
  }
  return NamedType(name);
}

absl::StatusOr<Type> NamedType(const sql::TypeName& name) {
  std::vector<int> modifiers = name.modifiers;
  for (int& modifier : modifiers) {
    if (modifier >= 0) continue;  // MAX
    const bool character = name.name.find("var") == std::string::npos;
    const bool binary = name.name.find("byte") != std::string::npos ||
                        name.name.find("bin") != std::string::npos;
    modifier = binary ? kVarbyteMaxBytes : character ? kCharMaxBytes : kVarcharMaxBytes;
  }
  return types::ResolveType(name.name, modifiers);
}

ExprPtr Binder::Fold(ExprPtr expression) const {
  if (expression->is_constant() || expression->is_column() ||
      expression->kind == ExprKind::kParameter) {
    return expression;
  }
  return expr::FoldConstants(std::move(expression), context_.eval);
}

}  // namespace vesto::binder
