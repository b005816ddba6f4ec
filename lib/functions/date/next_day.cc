#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "functions/date_arithmetic.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// 0 = Sunday. Source: Developer Guide, NEXT_DAY function.
std::optional<int> NextDayWeekday(std::string_view name) {
  struct Entry {
    std::string_view name;
    int day;
  };
  static constexpr Entry kDays[] = {
      {"su", 0},     {"sun", 0},      {"sunday", 0},  {"m", 1},         {"mo", 1},  {"mon", 1},
      {"monday", 1}, {"t", 2},        {"tu", 2},      {"tues", 2},      {"tue", 2}, {"tuesday", 2},
      {"w", 3},      {"we", 3},       {"wed", 3},     {"wednesday", 3}, {"th", 4},  {"thu", 4},
      {"thurs", 4},  {"thursday", 4}, {"f", 5},       {"fr", 5},        {"fri", 5}, {"friday", 5},
      {"sa", 6},     {"sat", 6},      {"saturday", 6}};
  const std::string lower = absl::AsciiStrToLower(absl::StripAsciiWhitespace(sv(name)));
  for (const Entry& entry : kDays) {
    if (entry.name == lower) return entry.day;
  }
  return std::nullopt;
}

absl::StatusOr<int32_t> NextDayAfter(int64_t day, std::string_view name) {
  const auto weekday = NextDayWeekday(name);
  if (!weekday.has_value()) {
    return SqlError(SqlState::kInvalidParameterValue,
                    absl::StrCat("invalid day of week: \"", sv(name), "\""))
        .ToStatus();
  }
  const int ahead = (*weekday - types::DayOfWeek(day) + 7) % 7;
  return static_cast<int32_t>(day + (ahead == 0 ? 7 : ahead));
}

absl::Status NextDayKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, int64_t, std::string_view>(
      call, result, [](int64_t micros, std::string_view name) {
        return NextDayAfter(types::TimestampToDays(micros), name);
      });
}

absl::Status NextDayOfTextKernel(const KernelCall& call, Vector* result) {
  return MapRows<int32_t, std::string_view, std::string_view>(
      call, result,
      [&call](std::string_view text, std::string_view name) -> absl::StatusOr<int32_t> {
        VESTO_ASSIGN_OR_RETURN(const int64_t micros,
                               types::ParseTimestamp(text, call.context.text.datetime));
        return NextDayAfter(types::TimestampToDays(micros), name);
      });
}

}  // namespace

void Register_date_next_day(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "next_day",
      .documentation = "The first date after a date that falls on a day of the week.",
      .can_fail = true,
      .overloads = {
          Signature({Type::Timestamp(), kAnyVarchar}, Returns(Type::Date()), NextDayKernel),
          Signature({Type::Date(), kAnyVarchar}, Returns(Type::Date()),
                    OnDateKernel<NextDayKernel>),
          Signature({kAnyVarchar, kAnyVarchar}, Returns(Type::Date()), NextDayOfTextKernel)}});
}

}  // namespace vesto::functions
