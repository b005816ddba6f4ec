#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status ConcatKernel(const KernelCall& call, Vector* result) {
  const Argument<std::string_view> left(call.args[0]);
  const Argument<std::string_view> right(call.args[1]);
  StringRef* out = result->mutable_data<StringRef>();
  column::StringHeap& heap = result->heap();
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    VESTO_RETURN_IF_ERROR(poll.After(left[row].size() + right[row].size()));
    const std::string_view a = left[row];
    const std::string_view b = right[row];
    const size_t size = a.size() + b.size();
    VESTO_RETURN_IF_ERROR(CheckTextSize(size));
    char short_text[StringRef::kInlineBytes];
    char* room = size <= StringRef::kInlineBytes ? short_text : heap.Allocate(size);
    if (!a.empty()) std::memcpy(room, a.data(), a.size());
    if (!b.empty()) std::memcpy(room + a.size(), b.data(), b.size());
    out[row] = StringRef(room, size);
  }
  return absl::OkStatus();
}

absl::StatusOr<Type> ConcatType(const BindCall& call) {
  const Type& a = call.types[0];
  const Type& b = call.types[1];
  if (a.length == 0 || b.length == 0) return Type::Varchar(kVarcharMaxBytes);
  Type type = Type::Varchar(std::min(a.length + b.length, kVarcharMaxBytes));
  type.case_insensitive = a.case_insensitive || b.case_insensitive;
  return type;
}

absl::StatusOr<Type> ConcatBytesType(const BindCall& call) {
  const int64_t length = int64_t{call.types[0].length} + call.types[1].length;
  return Type::Varbyte(static_cast<int32_t>(std::min<int64_t>(length, 1'024'000)));
}

}  // namespace

void Register_string_concat(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "concat",
      .aliases = {"||"},
      .documentation =
          "Two strings, or two VARBYTE values, one after the other. NULL where either is NULL.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, ConcatType, ConcatKernel),
                    Signature({kAnyVarbyte, kAnyVarbyte}, ConcatBytesType, ConcatKernel)}});
  registry.Add(ScalarFunction{
      .name = "+",
      .documentation = "Two strings, or two VARBYTE values, one after the other.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar, kAnyVarchar}, ConcatType, ConcatKernel),
                    Signature({kAnyVarbyte, kAnyVarbyte}, ConcatBytesType, ConcatKernel)}});
}

}  // namespace vesto::functions
