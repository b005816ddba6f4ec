#include "functions/pad.h"

#include "functions/utf8.h"

namespace vesto::functions {

absl::Status PadRows(const KernelCall& call, Vector* result, bool left) {
  const Argument<std::string_view> text(call.args[0]);
  const Argument<int32_t> width(call.args[1]);
  const bool has_fill = call.args.size() == 3;
  const Argument<std::string_view> fill(call.args[has_fill ? 2 : 0]);
  StringRef* out = result->mutable_data<StringRef>();
  column::StringHeap& heap = result->heap();
  base::CancellationPoll poll(call.context.cancellation);
  std::string padded;
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row) || width[row] <= 0) continue;
    const std::string_view source = text[row];
    VESTO_RETURN_IF_ERROR(poll.After(source.size() + static_cast<uint64_t>(width[row])));
    const std::string_view with = has_fill ? fill[row] : std::string_view(" ");
    const int64_t characters = CountCharacters(source);
    if (characters >= width[row] || with.empty()) {
      out[row] = heap.Add(CharacterSlice(source, 0, width[row]));
      continue;
    }
    const int64_t missing = width[row] - characters;
    VESTO_RETURN_IF_ERROR(CheckTextSize(source.size() + static_cast<uint64_t>(missing)));
    padded.clear();
    if (!left) padded.append(source);
    size_t at = 0;
    for (int64_t i = 0; i < missing; ++i) {
      const size_t next = NextCharacterAt(with, at);
      padded.append(with.substr(at, next - at));
      at = next < with.size() ? next : 0;
    }
    if (left) padded.append(source);
    VESTO_RETURN_IF_ERROR(CheckTextSize(padded));
    out[row] = heap.Add(std::string_view(padded));
  }
  return absl::OkStatus();
}

absl::StatusOr<Type> PadType(const BindCall& call) {
  const Value* width = call.constants[1];
  if (width == nullptr || width->is_null()) return Type::Varchar(kVarcharMaxBytes);
  // A character of the fill or the string may take four bytes.
  const int64_t bytes = std::clamp<int64_t>(width->integer() * 4, 1, kVarcharMaxBytes);
  return Type::Varchar(static_cast<int32_t>(bytes));
}

}  // namespace vesto::functions
