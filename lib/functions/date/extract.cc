#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// INTEGER, but the epoch of a date after 2038 needs a BIGINT.
absl::StatusOr<Type> ExtractType(const BindCall& call) {
  VESTO_RETURN_IF_ERROR(CheckDatePart(call, 0));
  const auto name = ConstantText(call, 0);
  if (!name.has_value()) return Type::Bigint();
  VESTO_ASSIGN_OR_RETURN(const DatePart part, FindDatePart(*name));
  return part == DatePart::kEpoch ? Type::Bigint() : Type::Integer();
}

template <typename In, typename PartOf>
absl::Status ExtractRows(const KernelCall& call, Vector* result, PartOf part_of) {
  const DatePartArgument part(call, 0);
  const Argument<In> value(call.args[1]);
  const bool wide = result->physical() == types::PhysicalType::kInt64;
  for (int row = 0; row < call.rows; ++row) {
    int64_t answer = 0;
    if (!IsNullRow(call, row)) {
      VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
      VESTO_ASSIGN_OR_RETURN(answer, part_of(unit, value[row]));
    }
    if (wide) {
      result->mutable_data<int64_t>()[row] = answer;
    } else {
      result->mutable_data<int32_t>()[row] = static_cast<int32_t>(answer);
    }
  }
  return absl::OkStatus();
}

absl::Status ExtractKernel(const KernelCall& call, Vector* result) {
  return ExtractRows<int64_t>(call, result, ExtractFromTimestamp);
}

absl::Status ExtractOfDateKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const auto unit = part.At(0);
  if (call.args[0].is_constant() && unit.ok() &&
      result->physical() == types::PhysicalType::kInt32) {
    // The usual ones without a branch per row.
    switch (*unit) {
      case DatePart::kYear:
        return MapRows<int32_t, std::string_view, int32_t>(
            call, result, [](std::string_view, int32_t day) {
              const int year = types::CivilFromDays(day).year;
              return year > 0 ? year : year - 1;
            });
      case DatePart::kMonth:
        return MapRows<int32_t, std::string_view, int32_t>(
            call, result,
            [](std::string_view, int32_t day) { return types::CivilFromDays(day).month; });
      case DatePart::kDay:
        return MapRows<int32_t, std::string_view, int32_t>(
            call, result,
            [](std::string_view, int32_t day) { return types::CivilFromDays(day).day; });
      default:
        break;
    }
  }
  return ExtractRows<int32_t>(call, result, [](DatePart unit, int32_t day) {
    return ExtractFromTimestamp(unit, DateToTimestamp(day));
  });
}

absl::Status ExtractOfTimeKernel(const KernelCall& call, Vector* result) {
  return ExtractRows<int64_t>(call, result, ExtractFromTime);
}

// TIMETZ is kept in UTC.
absl::Status ExtractOfTimeTzKernel(const KernelCall& call, Vector* result) {
  return ExtractRows<int64_t>(call, result,
                              [](DatePart unit, int64_t micros) -> absl::StatusOr<int64_t> {
                                if (IsTimezonePart(unit)) return 0;
                                return ExtractFromTime(unit, micros);
                              });
}

absl::Status ExtractOfTimestampTzKernel(const KernelCall& call, Vector* result) {
  const DatePartArgument part(call, 0);
  const Argument<int64_t> utc(call.args[1]);
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  double* out = result->mutable_data<double>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_ASSIGN_OR_RETURN(const DatePart unit, part.At(row));
    const int64_t local = types::UtcToLocal(utc[row], zone);
    if (unit == DatePart::kEpoch) {
      out[row] = static_cast<double>(utc[row]) / 1e6;
      continue;
    }
    VESTO_ASSIGN_OR_RETURN(const int64_t answer,
                           IsTimezonePart(unit)
                               ? TimezonePart(unit, (local - utc[row]) / types::kMicrosPerSecond)
                               : ExtractFromTimestamp(unit, local));
    out[row] = static_cast<double>(answer);
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> ExtractFromMonths(DatePart part, int32_t months) {
  switch (part) {
    case DatePart::kYear:
      return months / 12;
    case DatePart::kMonth:
      return months % 12;
    case DatePart::kQuarter:
      return months % 12 / 3 + 1;
    case DatePart::kDecade:
      return months / 120;
    case DatePart::kCentury:
      return months / 1200;
    case DatePart::kMillennium:
      return months / 12000;
    default:
      return UnknownDatePart("interval year to month");
  }
}

absl::Status ExtractOfMonthsKernel(const KernelCall& call, Vector* result) {
  return ExtractRows<int32_t>(call, result, ExtractFromMonths);
}

absl::StatusOr<int64_t> ExtractFromSpan(DatePart part, int64_t micros) {
  if (part == DatePart::kDay) return micros / types::kMicrosPerDay;
  if (part == DatePart::kEpoch) return micros / types::kMicrosPerSecond;
  return ExtractFromTime(part, micros % types::kMicrosPerDay);
}

absl::Status ExtractOfSpanKernel(const KernelCall& call, Vector* result) {
  return ExtractRows<int64_t>(call, result, ExtractFromSpan);
}

absl::StatusOr<Type> ExtractOfTimestampTzType(const BindCall& call) {
  VESTO_RETURN_IF_ERROR(CheckDatePart(call, 0));
  return Type::Double();
}

}  // namespace

void Register_date_extract(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "extract",
      .documentation = "A part of a date, time or timestamp as EXTRACT(part FROM value); seconds "
                       "and smaller parts are that part alone.",
      .column_name = "date_part",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarchar, Type::Timestamp()}, ExtractType, ExtractKernel),
          Signature({kAnyVarchar, Type::Date()}, ExtractType, ExtractOfDateKernel),
          Signature({kAnyVarchar, Type::TimestampTz()}, ExtractOfTimestampTzType,
                    ExtractOfTimestampTzKernel),
          Signature({kAnyVarchar, Type::Time()}, ExtractType, ExtractOfTimeKernel),
          Signature({kAnyVarchar, Type::TimeTz()}, ExtractType, ExtractOfTimeTzKernel),
          Signature({kAnyVarchar, Type::IntervalYearToMonth()}, ExtractType, ExtractOfMonthsKernel),
          Signature({kAnyVarchar, Type::IntervalDayToSecond()}, ExtractType, ExtractOfSpanKernel),
          Signature({kAnyVarchar, kAnyVarchar}, ExtractType, OnTextKernel<ExtractKernel, 1>)}});
}

}  // namespace vesto::functions
