#include <cmath>

#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"
#include "functions/numeric_errors.h"

namespace vesto::functions {
namespace {

// + - * / over dates, times and intervals. Source: redshift/types.md §§6 and 7.
// Every kernel reads the date or time as `a` and what is added as `b`; Swapped turns them around.
using types::kMicrosPerDay;

template <Kernel kernel>
absl::Status SwappedKernel(const KernelCall& call, Vector* result) {
  const Vector args[] = {call.args[1], call.args[0]};
  const KernelCall swapped{call.context, args, call.rows, call.nulls, call.state, call.result_type};
  return kernel(swapped, result);
}

// sign is 1 for + and -1 for -.
template <int sign>
absl::StatusOr<int64_t> SumOfMicros(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (sign > 0 ? __builtin_add_overflow(a, b, &sum) : __builtin_sub_overflow(a, b, &sum)) {
    return SqlError(SqlState::kDatetimeFieldOverflow, "timestamp out of range").ToStatus();
  }
  return CheckTimestamp(sum);
}

template <int sign>
absl::Status DateAndDaysKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int32_t, int32_t>(call, result, [](int32_t day, int32_t count) {
    return CheckDate(int64_t{day} + sign * int64_t{count});
  });
}

template <int sign>
absl::Status DateAndMonthsKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int32_t, int32_t>(
      call, result, [](int32_t day, int32_t months) -> absl::StatusOr<int32_t> {
        VESTO_ASSIGN_OR_RETURN(const int64_t moved,
                               AddMonths(DateToTimestamp(day), sign * int64_t{months}));
        return static_cast<int32_t>(types::TimestampToDays(moved));
      });
}

template <int sign>
absl::Status DateAndSpanKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int32_t, int64_t>(call, result, [](int32_t day, int64_t span) {
    return SumOfMicros<sign>(DateToTimestamp(day), span);
  });
}

absl::Status DateAndTimeKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int32_t, int64_t>(
      call, result, [](int32_t day, int64_t time) { return DateToTimestamp(day) + time; });
}

template <int sign>
absl::Status TimestampAndMonthsKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int32_t>(call, result, [](int64_t micros, int32_t months) {
    return AddMonths(micros, sign * int64_t{months});
  });
}

template <int sign>
absl::Status TimestampTzAndMonthsKernel(const KernelCall& call, Vector* result) {
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  return MapRows<int64_t, int64_t, int32_t>(
      call, result, [&zone](int64_t utc, int32_t months) -> absl::StatusOr<int64_t> {
        VESTO_ASSIGN_OR_RETURN(const int64_t local,
                               AddMonths(types::UtcToLocal(utc, zone), sign * int64_t{months}));
        return types::LocalToUtc(local, zone);
      });
}

template <int sign>
absl::Status TimestampAndSpanKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int64_t>(
      call, result, [](int64_t micros, int64_t span) { return SumOfMicros<sign>(micros, span); });
}

template <int sign>
absl::Status TimeAndSpanKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int64_t>(call, result, [](int64_t micros, int64_t span) {
    return AddToTime(DatePart::kMicrosecond, sign * (span % kMicrosPerDay), micros);
  });
}

template <typename T>
absl::StatusOr<T> IntervalOf(double value) {
  // Written so that NaN fails too.
  if (!(std::abs(value) < static_cast<double>(std::numeric_limits<T>::max()))) {
    return SqlError(SqlState::kDatetimeFieldOverflow, "interval out of range").ToStatus();
  }
  return static_cast<T>(std::is_same_v<T, int32_t> ? std::trunc(value) : std::round(value));
}

// A number beside a timestamp counts days: SYSDATE - 1, SYSDATE - 0.5.
template <int sign>
absl::Status TimestampAndDaysKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int32_t>(call, result, [](int64_t micros, int32_t days) {
    return AddToTimestamp(DatePart::kDay, sign * int64_t{days}, micros);
  });
}

template <int sign>
absl::Status TimestampAndFractionKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, double>(
      call, result, [](int64_t micros, double days) -> absl::StatusOr<int64_t> {
        VESTO_ASSIGN_OR_RETURN(const int64_t span,
                               IntervalOf<int64_t>(days * static_cast<double>(kMicrosPerDay)));
        return SumOfMicros<sign>(micros, span);
      });
}

absl::Status DateMinusDateKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int32_t, int32_t>(call, result,
                                            [](int32_t a, int32_t b) { return a - b; });
}

absl::Status MicrosMinusMicrosKernel(const KernelCall& call, Vector* result) {
  return MapRows<int64_t, int64_t, int64_t>(call, result, SpanBetween);
}

// Intervals among themselves: T is int32_t (months) or int64_t (microseconds).
template <typename T, int sign>
absl::Status IntervalsKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T, T>(call, result, [](T a, T b) -> absl::StatusOr<T> {
    T sum{};
    if (sign > 0 ? __builtin_add_overflow(a, b, &sum) : __builtin_sub_overflow(a, b, &sum)) {
      return SqlError(SqlState::kDatetimeFieldOverflow, "interval out of range").ToStatus();
    }
    return sum;
  });
}

template <typename T>
absl::Status IntervalTimesKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T, double>(call, result, [](T interval, double factor) {
    return IntervalOf<T>(static_cast<double>(interval) * factor);
  });
}

template <typename T>
absl::Status IntervalOverKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T, double>(call, result,
                               [&call](T interval, double divisor) -> absl::StatusOr<T> {
                                 if (divisor == 0) return DivisionByZero(call.context);
                                 return IntervalOf<T>(static_cast<double>(interval) / divisor);
                               });
}

template <typename T>
absl::Status NegateIntervalKernel(const KernelCall& call, Vector* result) {
  return MapRows<T, T>(call, result, [](T interval) -> absl::StatusOr<T> {
    if (interval == std::numeric_limits<T>::min()) {
      return SqlError(SqlState::kDatetimeFieldOverflow, "interval out of range").ToStatus();
    }
    return static_cast<T>(-interval);
  });
}

// The sums that + takes in either order and - only as date - interval.
template <int sign>
std::vector<Overload> DateSums() {
  const Type months = Type::IntervalYearToMonth();
  const Type span = Type::IntervalDayToSecond();
  return {
      Signature({Type::Date(), Type::Integer()}, Returns(Type::Date()), DateAndDaysKernel<sign>),
      Signature({Type::Date(), months}, Returns(Type::Date()), DateAndMonthsKernel<sign>),
      Signature({Type::Date(), span}, Returns(Type::Timestamp()), DateAndSpanKernel<sign>),
      Signature({Type::Timestamp(), months}, Returns(Type::Timestamp()),
                TimestampAndMonthsKernel<sign>),
      Signature({Type::Timestamp(), span}, Returns(Type::Timestamp()),
                TimestampAndSpanKernel<sign>),
      Signature({Type::Timestamp(), Type::Integer()}, Returns(Type::Timestamp()),
                TimestampAndDaysKernel<sign>),
      Signature({Type::Timestamp(), Type::Double()}, Returns(Type::Timestamp()),
                TimestampAndFractionKernel<sign>),
      Signature({Type::TimestampTz(), Type::Integer()}, Returns(Type::TimestampTz()),
                TimestampAndDaysKernel<sign>),
      Signature({Type::TimestampTz(), Type::Double()}, Returns(Type::TimestampTz()),
                TimestampAndFractionKernel<sign>),
      Signature({Type::TimestampTz(), months}, Returns(Type::TimestampTz()),
                TimestampTzAndMonthsKernel<sign>),
      Signature({Type::TimestampTz(), span}, Returns(Type::TimestampTz()),
                TimestampAndSpanKernel<sign>),
      Signature({Type::Time(), span}, Returns(Type::Time()), TimeAndSpanKernel<sign>),
      Signature({Type::TimeTz(), span}, Returns(Type::TimeTz()), TimeAndSpanKernel<sign>),
      Signature({months, months}, Returns(months), IntervalsKernel<int32_t, sign>),
      Signature({span, span}, Returns(span), IntervalsKernel<int64_t, sign>)};
}

std::vector<Overload> DatePlusOverloads() {
  std::vector<Overload> all = DateSums<1>();
  const Type months = Type::IntervalYearToMonth();
  const Type span = Type::IntervalDayToSecond();
  auto add = [&all](Type a, Type b, Type result, Kernel kernel) {
    all.push_back(Signature({a, b}, Returns(result), kernel));
  };
  add(Type::Date(), Type::Time(), Type::Timestamp(), DateAndTimeKernel);
  add(Type::Date(), Type::TimeTz(), Type::TimestampTz(), DateAndTimeKernel);
  add(Type::Time(), Type::Date(), Type::Timestamp(), SwappedKernel<DateAndTimeKernel>);
  add(Type::TimeTz(), Type::Date(), Type::TimestampTz(), SwappedKernel<DateAndTimeKernel>);
  add(Type::Integer(), Type::Date(), Type::Date(), SwappedKernel<DateAndDaysKernel<1>>);
  add(months, Type::Date(), Type::Date(), SwappedKernel<DateAndMonthsKernel<1>>);
  add(span, Type::Date(), Type::Timestamp(), SwappedKernel<DateAndSpanKernel<1>>);
  add(Type::Integer(), Type::Timestamp(), Type::Timestamp(),
      SwappedKernel<TimestampAndDaysKernel<1>>);
  add(months, Type::Timestamp(), Type::Timestamp(), SwappedKernel<TimestampAndMonthsKernel<1>>);
  add(span, Type::Timestamp(), Type::Timestamp(), SwappedKernel<TimestampAndSpanKernel<1>>);
  add(months, Type::TimestampTz(), Type::TimestampTz(),
      SwappedKernel<TimestampTzAndMonthsKernel<1>>);
  add(span, Type::TimestampTz(), Type::TimestampTz(), SwappedKernel<TimestampAndSpanKernel<1>>);
  add(span, Type::Time(), Type::Time(), SwappedKernel<TimeAndSpanKernel<1>>);
  add(span, Type::TimeTz(), Type::TimeTz(), SwappedKernel<TimeAndSpanKernel<1>>);
  return all;
}

std::vector<Overload> DateMinusOverloads() {
  std::vector<Overload> all = DateSums<-1>();
  const Type months = Type::IntervalYearToMonth();
  const Type span = Type::IntervalDayToSecond();
  auto add = [&all](Type type, Type result, Kernel kernel) {
    all.push_back(Signature({type, type}, Returns(result), kernel));
  };
  add(Type::Date(), Type::Integer(), DateMinusDateKernel);
  add(Type::Timestamp(), span, MicrosMinusMicrosKernel);
  add(Type::TimestampTz(), span, MicrosMinusMicrosKernel);
  add(Type::Time(), span, MicrosMinusMicrosKernel);
  add(Type::TimeTz(), span, MicrosMinusMicrosKernel);
  all.push_back(Signature({months}, Returns(months), NegateIntervalKernel<int32_t>));
  all.push_back(Signature({span}, Returns(span), NegateIntervalKernel<int64_t>));
  return all;
}

std::vector<Overload> IntervalTimesOverloads() {
  const Type months = Type::IntervalYearToMonth();
  const Type span = Type::IntervalDayToSecond();
  const Type number = Type::Double();
  return {Signature({months, number}, Returns(months), IntervalTimesKernel<int32_t>),
          Signature({span, number}, Returns(span), IntervalTimesKernel<int64_t>),
          Signature({number, months}, Returns(months), SwappedKernel<IntervalTimesKernel<int32_t>>),
          Signature({number, span}, Returns(span), SwappedKernel<IntervalTimesKernel<int64_t>>)};
}

}  // namespace

void Register_date_date_operators(Registry& registry) {
  registry.Add(ScalarFunction{.name = "+",
                              .documentation = "Adds to a date, a time or an interval.",
                              .can_fail = true,
                              .overloads = DatePlusOverloads()});
  registry.Add(ScalarFunction{.name = "-",
                              .documentation = "Subtracts from a date, a time or an interval.",
                              .can_fail = true,
                              .overloads = DateMinusOverloads()});
  registry.Add(ScalarFunction{.name = "*",
                              .documentation = "An interval multiplied by a number.",
                              .can_fail = true,
                              .overloads = IntervalTimesOverloads()});
  registry.Add(ScalarFunction{
      .name = "/",
      .documentation = "An interval divided by a number.",
      .can_fail = true,
      .overloads = {Signature({Type::IntervalYearToMonth(), Type::Double()},
                              Returns(Type::IntervalYearToMonth()), IntervalOverKernel<int32_t>),
                    Signature({Type::IntervalDayToSecond(), Type::Double()},
                              Returns(Type::IntervalDayToSecond()), IntervalOverKernel<int64_t>)}});
}

}  // namespace vesto::functions
