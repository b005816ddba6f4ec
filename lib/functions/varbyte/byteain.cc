#include "functions/hex.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

constexpr int kVarbyteMaxBytes = 1'024'000;

absl::Status BadBytea() {
  return SqlError(SqlState::kInvalidTextRepresentation, "invalid input syntax for type bytea");
}

bool IsOctal(char c, char highest) { return c >= '0' && c <= highest; }

// \\ is a backslash and \\ooo any byte; every other byte is itself.
absl::Status AppendEscaped(std::string_view text, std::string* out) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out->push_back(text[i]);
    } else if (i + 1 < text.size() && text[i + 1] == '\\') {
      out->push_back(text[++i]);
    } else if (i + 3 < text.size() && IsOctal(text[i + 1], '3') && IsOctal(text[i + 2], '7') &&
               IsOctal(text[i + 3], '7')) {
      out->push_back(static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                       (text[i + 3] - '0')));
      i += 3;
    } else {
      return BadBytea();
    }
  }
  return absl::OkStatus();
}

absl::Status ByteaIn(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(call, result, [](std::string_view text, std::string* out) {
    if (!text.starts_with("\\x")) return AppendEscaped(text, out);
    return AppendFromHex(text.substr(2), out);
  });
}

absl::StatusOr<Type> ByteaType(const BindCall& call) {
  const int length = call.types[0].length > 0 ? call.types[0].length : kVarcharMaxBytes;
  return Type::Varbyte(std::min(length, kVarbyteMaxBytes));
}

}  // namespace

void Register_varbyte_byteain(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "byteain",
      .documentation = "The bytes that a string writes as PostgreSQL's bytea: \\x and hexadecimal "
                       "digits, or bytes with \\ooo for those that no text has.",
      .can_fail = true,
      .overloads = {Signature({kAnyVarchar}, ByteaType, ByteaIn)}});
}

}  // namespace vesto::functions
