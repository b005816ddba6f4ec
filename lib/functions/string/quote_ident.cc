#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

bool QuoteIdentIsPlain(std::string_view name) {
  if (name.empty()) return false;
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
    if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '$'))) return false;
  }
  return true;
}

absl::Status QuoteIdentKernel(const KernelCall& call, Vector* result) {
  return MapToText<std::string_view>(call, result, [](std::string_view name, std::string* out) {
    if (QuoteIdentIsPlain(name)) {
      out->assign(name);
      return;
    }
    out->push_back('"');
    for (char c : name) {
      if (c == '"') out->push_back('"');
      out->push_back(c);
    }
    out->push_back('"');
  });
}

}  // namespace

void Register_string_quote_ident(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "quote_ident",
      .documentation =
          "The string as an SQL identifier: double quotes are added where they are needed.",
      .overloads = {Signature({kAnyVarchar}, ReturnsLongVarchar(), QuoteIdentKernel)}});
}

}  // namespace vesto::functions
