#include "functions/json_text.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status JsonExtractPathTextKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> text(call.args[0]);
  const Vector& last = call.args.back();
  const bool has_flag = last.type().id == TypeId::kBoolean;
  const size_t steps = call.args.size() - 1 - (has_flag ? 1 : 0);
  std::vector<std::string_view> path(steps);
  JsonText json;
  std::string found;
  StringRef* out = result->mutable_data<StringRef>();
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    VESTO_RETURN_IF_ERROR(poll.After(text[row].size()));
    for (size_t i = 0; i < steps; ++i) {
      path[i] = Argument<std::string_view>(call.args[i + 1])[row];
    }
    found.clear();
    switch (json.Path(text[row], path, &found)) {
      case JsonFind::kFound:
        out[row] = result->heap().Add(std::string_view(found));
        break;
      case JsonFind::kMissing:
      case JsonFind::kNull:
        SetNullRow<StringRef>(result, call.rows, row);
        break;
      case JsonFind::kInvalid:
        if (!has_flag || Argument<uint8_t>(last)[row] == 0) {
          return JsonParsingError("invalid json object", text[row]);
        }
        SetNullRow<StringRef>(result, call.rows, row);
        break;
    }
  }
  return absl::OkStatus();
}

// One to five path elements, and null_if_invalid after them.
std::vector<Overload> JsonExtractPathTextOverloads() {
  std::vector<Overload> all;
  for (int steps = 1; steps <= 5; ++steps) {
    std::vector<Type> parameters(static_cast<size_t>(steps) + 1, kAnyVarchar);
    all.push_back(Signature(parameters, ReturnsVarcharOf(0), JsonExtractPathTextKernel));
    parameters.push_back(Type::Boolean());
    all.push_back(Signature(parameters, ReturnsVarcharOf(0), JsonExtractPathTextKernel));
  }
  return all;
}

}  // namespace

void Register_json_json_extract_path_text(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "json_extract_path_text",
      .documentation =
          "The value at a path of keys in a JSON string, as text; NULL where there is none.",
      .can_fail = true,
      .overloads = JsonExtractPathTextOverloads()});
}

}  // namespace vesto::functions
