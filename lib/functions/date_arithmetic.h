#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/statusor.h"
#include "functions/kernel_loops.h"
#include "types/datetime.h"

// What the date functions compute, on microseconds since 1970 (timestamps) or since midnight
// (times). Source: redshift/functions.md §5.
namespace vesto::functions {

using types::DatePart;

// A date part by name; 22023 for an unknown one.
absl::StatusOr<DatePart> FindDatePart(std::string_view name);

// The date part of argument `index`: parsed once per batch when it is constant.
class DatePartArgument {
 public:
  DatePartArgument(const KernelCall& call, int index);
  absl::StatusOr<DatePart> At(int row) const;

 private:
  Argument<std::string_view> names_;
  bool constant_;
  absl::StatusOr<DatePart> part_;
};

// Refuses an unknown part at bind time, so that kernels over constants do not fail.
absl::Status CheckDatePart(const BindCall& call, int index);

// DATEADD. Months and quarters clip to the last day of the month, years do not
// (2016-02-29 + 1 year = 2017-03-01). 22008 when the result leaves the calendar.
absl::StatusOr<int64_t> AddToTimestamp(DatePart part, int64_t count, int64_t micros);
// The same for TIME and TIMETZ: wraps at midnight. 22023 for parts longer than a day's fraction.
absl::StatusOr<int64_t> AddToTime(DatePart part, int64_t count, int64_t micros);
// DATEDIFF: the number of boundaries of the part between a and b.
absl::StatusOr<int64_t> CountBoundaries(DatePart part, int64_t a, int64_t b);
// DATE_TRUNC.
absl::StatusOr<int64_t> TruncateTimestamp(DatePart part, int64_t micros);
// DATE_PART: seconds, milliseconds and microseconds include the smaller parts.
absl::StatusOr<double> DatePartOfTimestamp(DatePart part, int64_t micros);
absl::StatusOr<double> DatePartOfTime(DatePart part, int64_t micros);
// EXTRACT: seconds, milliseconds and microseconds are that part alone.
absl::StatusOr<int64_t> ExtractFromTimestamp(DatePart part, int64_t micros);
absl::StatusOr<int64_t> ExtractFromTime(DatePart part, int64_t micros);
// timezone, timezone_hour and timezone_minute of an offset in seconds east.
absl::StatusOr<int64_t> TimezonePart(DatePart part, int64_t offset_seconds);
bool IsTimezonePart(DatePart part);
absl::Status UnknownDatePart(std::string_view name);

// Errors 22008 where a timestamp lies outside 4713 BC .. 294276 AD.
absl::StatusOr<int64_t> CheckTimestamp(int64_t micros);
absl::StatusOr<int32_t> CheckDate(int64_t day);
// a - b as an interval; 22008 on overflow.
absl::StatusOr<int64_t> SpanBetween(int64_t a, int64_t b);
inline int64_t DateToTimestamp(int64_t days) { return days * types::kMicrosPerDay; }

// ADD_MONTHS: the last day of a month stays the last day.
absl::StatusOr<int64_t> AddMonthsKeepingMonthEnd(int64_t micros, int64_t months);
// Month arithmetic that clips to the last day of the month, checked.
absl::StatusOr<int64_t> AddMonths(int64_t micros, int64_t months);

// Reads the text arguments of a function as timestamps and calls `kernel` with them: Redshift
// converts strings to dates where a date function gets one.
absl::Status WithTimestamps(const KernelCall& call, Vector* result, Kernel kernel, int first);

// A kernel that reads the arguments from `first` on, which are text, as timestamps.
template <Kernel kernel, int first>
absl::Status OnTextKernel(const KernelCall& call, Vector* result) {
  return WithTimestamps(call, result, kernel, first);
}

// The same for DATE arguments (midnight).
absl::Status WithDatesAsTimestamps(const KernelCall& call, Vector* result, Kernel kernel);
template <Kernel kernel>
absl::Status OnDateKernel(const KernelCall& call, Vector* result) {
  return WithDatesAsTimestamps(call, result, kernel);
}

// The same for TIMESTAMPTZ arguments: the wall clock of the session's time zone.
absl::Status WithLocalTimestamps(const KernelCall& call, Vector* result, Kernel kernel);
template <Kernel kernel>
absl::Status OnTimestampTzKernel(const KernelCall& call, Vector* result) {
  return WithLocalTimestamps(call, result, kernel);
}

}  // namespace vesto::functions
