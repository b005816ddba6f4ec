#include "functions/json_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status JsonExtractArrayElementTextKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  const Argument<int32_t> position(call.args[1]);
  const bool has_flag = call.args.size() == 3;
  const Argument<uint8_t> null_if_invalid(call.args[has_flag ? 2 : 0]);
  JsonText json;
  std::string found;
  StringRef* out = result->mutable_data<StringRef>();
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    VESTO_RETURN_IF_ERROR(poll.After(text[row].size()));
    found.clear();
    switch (json.Element(text[row], position[row], &found)) {
      case JsonFind::kFound:
        out[row] = result->heap().Add(std::string_view(found));
        break;
      case JsonFind::kMissing:
        break;  // the empty string
      case JsonFind::kNull:
        SetNullRow<StringRef>(result, call.rows, row);
        break;
      case JsonFind::kInvalid:
        if (!has_flag || null_if_invalid[row] == 0) {
          return JsonParsingError("Invalid json array object", text[row]);
        }
        SetNullRow<StringRef>(result, call.rows, row);
        break;
    }
  }
  return absl::OkStatus();
}

}  // namespace

void Register_json_json_extract_array_element_text(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "json_extract_array_element_text",
      .documentation = "An element (from 0) of the outer array of a JSON string, as text.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, Type::Integer()}, ReturnsVarcharOf(0),
                              JsonExtractArrayElementTextKernel),
                    Signature({kAnyVarchar, Type::Integer(), Type::Boolean()}, ReturnsVarcharOf(0),
                              JsonExtractArrayElementTextKernel)}});
}

}  // namespace vesto::functions
