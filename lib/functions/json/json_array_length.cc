#include "functions/json_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status JsonArrayLengthKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  const bool has_flag = call.args.size() == 2;
  const Argument<uint8_t> null_if_invalid(call.args[has_flag ? 1 : 0]);
  JsonText json;
  int32_t* out = result->mutable_data<int32_t>();
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    out[row] = 0;
    if (IsNullRow(call, row)) continue;
    VESTO_RETURN_IF_ERROR(poll.After(text[row].size()));
    const auto length = json.ArrayLength(text[row]);
    if (length.has_value()) {
      out[row] = static_cast<int32_t>(*length);
    } else if (has_flag && null_if_invalid[row] != 0) {
      SetNullRow<int32_t>(result, call.rows, row);
    } else {
      return JsonParsingError("Invalid json array object", text[row]);
    }
  }
  return absl::OkStatus();
}

}  // namespace

void Register_json_json_array_length(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "json_array_length",
      .documentation = "The number of elements of the outer array of a JSON string.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Integer()), JsonArrayLengthKernel),
                    Signature({kAnyVarchar, Type::Boolean()}, Returns(Type::Integer()),
                              JsonArrayLengthKernel)}});
}

}  // namespace vesto::functions
