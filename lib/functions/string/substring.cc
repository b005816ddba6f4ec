#include "functions/kernel_loops.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

// Start and count as a range of characters [start, start + count): what lies before the first
// character is cut off (substring('caterpillar', -2, 6) is 'cat').
absl::StatusOr<std::pair<int64_t, int64_t>> SubstringRange(int64_t start, int64_t count) {
  if (count < 0) {
    return SqlError(SqlState::kSubstringError, "negative substring length not allowed");
  }
  const int64_t end = start + count;
  const int64_t begin = std::max<int64_t>(start, 1);
  return std::pair<int64_t, int64_t>(begin - 1, std::max<int64_t>(end - begin, 0));
}

absl::Status SubstringFromKernel(const KernelCall& call, Vector* result) {
  return MapToView<std::string_view, int32_t>(
      call, result, [](std::string_view text, int32_t start) {
        return text.substr(CharacterOffset(text, int64_t{start} - 1));
      });
}

absl::Status SubstringKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  const Argument<int32_t> start(call.args[1]);
  const Argument<int32_t> count(call.args[2]);
  result->AddPinsOf(call.args[0]);
  StringRef* out = result->mutable_data<StringRef>();
  for (int row = 0; row < call.rows; ++row) {
    if (IsNullRow(call, row)) {
      out[row] = StringRef();
      continue;
    }
    VESTO_ASSIGN_OR_RETURN(const auto range, SubstringRange(start[row], count[row]));
    out[row] = StringRef(CharacterSlice(text[row], range.first, range.second));
  }
  return absl::OkStatus();
}

absl::Status SubstringOfBytesKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> bytes(call.args[0]);
  const Argument<int32_t> start(call.args[1]);
  const bool has_count = call.args.size() == 3;
  const Argument<int32_t> count(call.args[has_count ? 2 : 1]);
  result->AddPinsOf(call.args[0]);
  StringRef* out = result->mutable_data<StringRef>();
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    const std::string_view all = bytes[row];
    VESTO_ASSIGN_OR_RETURN(
        const auto range,
        SubstringRange(start[row], has_count ? count[row] : std::numeric_limits<int32_t>::max()));
    if (range.first >= static_cast<int64_t>(all.size())) continue;
    out[row] = StringRef(all.substr(range.first, range.second));
  }
  return absl::OkStatus();
}

// A constant count bounds the width of the result.
absl::StatusOr<Type> SubstringType(const BindCall& call) {
  Type type = call.types[0];
  if (type.id != TypeId::kVarbyte) type.id = TypeId::kVarchar;
  if (type.length == 0) type.length = kVarcharMaxBytes;
  return type;
}

}  // namespace

void Register_string_substring(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "substring",
      .aliases = {"substr"},
      .documentation = "The characters of a string (bytes of a VARBYTE) from a position, counted "
                       "from 1, to the end or up to a count.",
      .column_name = "substring",
      .can_fail = true,
      .overloads = {
          Signature({kAnyVarchar, Type::Integer()}, SubstringType, SubstringFromKernel),
          Signature({kAnyVarchar, Type::Integer(), Type::Integer()}, SubstringType,
                    SubstringKernel),
          Signature({kAnyVarbyte, Type::Integer()}, SubstringType, SubstringOfBytesKernel),
          Signature({kAnyVarbyte, Type::Integer(), Type::Integer()}, SubstringType,
                    SubstringOfBytesKernel)}});
}

}  // namespace vesto::functions
