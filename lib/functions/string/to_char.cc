#include "functions/date_arithmetic.h"
#include "functions/datetime_format_argument.h"
#include "functions/kernel_loops.h"
#include "functions/number_format.h"

namespace vesto::functions {
namespace {

absl::Status ToCharOfTimestampKernel(const KernelCall& call, Vector* result) {
  const Argument<int64_t> micros(call.args[0]);
  DateTimeFormatArgument format(call, 1);
  StringRef* out = result->mutable_data<StringRef>();
  std::string text;
  for (int row = 0; row < call.rows; ++row) {
    text.clear();
    if (!IsNullRow(call, row)) {
      format.At(row).Append(FormatMoment::OfTimestamp(micros[row]), &text);
    }
    out[row] = result->heap().Add(std::string_view(text));
  }
  return absl::OkStatus();
}

absl::Status ToCharOfTimestampTzKernel(const KernelCall& call, Vector* result) {
  const Argument<int64_t> micros(call.args[0]);
  DateTimeFormatArgument format(call, 1);
  const absl::TimeZone& zone = call.context.text.datetime.time_zone;
  StringRef* out = result->mutable_data<StringRef>();
  std::string text;
  for (int row = 0; row < call.rows; ++row) {
    text.clear();
    if (!IsNullRow(call, row)) {
      format.At(row).Append(FormatMoment::OfTimestampTz(micros[row], zone), &text);
    }
    out[row] = result->heap().Add(std::string_view(text));
  }
  return absl::OkStatus();
}

template <typename Write>
absl::Status ToCharOfNumbers(const KernelCall& call, Vector* result, Write write) {
  const Argument<std::string_view> patterns(call.args[1]);
  std::string pattern(call.rows > 0 ? patterns[0] : std::string_view());
  NumberFormat format(pattern);
  StringRef* out = result->mutable_data<StringRef>();
  std::string text;
  for (int row = 0; row < call.rows; ++row) {
    text.clear();
    if (!IsNullRow(call, row)) {
      if (patterns[row] != pattern) {
        pattern = patterns[row];
        format = NumberFormat(pattern);
      }
      write(format, row, &text);
    }
    out[row] = result->heap().Add(std::string_view(text));
  }
  return absl::OkStatus();
}

absl::Status ToCharOfIntegerKernel(const KernelCall& call, Vector* result) {
  const IntegerArgument value(call.args[0]);
  return ToCharOfNumbers(call, result,
                         [&value](const NumberFormat& format, int row, std::string* text) {
                           format.AppendDecimal(value[row], 0, text);
                         });
}

absl::Status ToCharOfDecimalKernel(const KernelCall& call, Vector* result) {
  const DecimalArgument value(call.args[0]);
  const int scale = call.args[0].type().scale;
  return ToCharOfNumbers(call, result,
                         [&value, scale](const NumberFormat& format, int row, std::string* text) {
                           format.AppendDecimal(value[row], scale, text);
                         });
}

template <typename T>
absl::Status ToCharOfFloatKernel(const KernelCall& call, Vector* result) {
  const Argument<T> value(call.args[0]);
  return ToCharOfNumbers(call, result,
                         [&value](const NumberFormat& format, int row, std::string* text) {
                           format.AppendDouble(static_cast<double>(value[row]), text);
                         });
}

}  // namespace

void Register_string_to_char(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "to_char",
      .documentation = "A timestamp or a number written after a pattern.",
      .overloads = {
          Signature({Type::Timestamp(), kAnyVarchar}, ReturnsLongVarchar(),
                    ToCharOfTimestampKernel),
          Signature({Type::Date(), kAnyVarchar}, ReturnsLongVarchar(),
                    OnDateKernel<ToCharOfTimestampKernel>),
          Signature({Type::TimestampTz(), kAnyVarchar}, ReturnsLongVarchar(),
                    ToCharOfTimestampTzKernel),
          Signature({Type::Bigint(), kAnyVarchar}, ReturnsLongVarchar(), ToCharOfIntegerKernel),
          Signature({kAnyDecimal, kAnyVarchar}, ReturnsLongVarchar(), ToCharOfDecimalKernel),
          Signature({Type::Real(), kAnyVarchar}, ReturnsLongVarchar(), ToCharOfFloatKernel<float>),
          Signature({Type::Double(), kAnyVarchar}, ReturnsLongVarchar(),
                    ToCharOfFloatKernel<double>)}});
}

}  // namespace vesto::functions
