#include "absl/container/flat_hash_map.h"
#include "functions/kernel_loops.h"
#include "functions/utf8.h"

namespace vesto::functions {
namespace {

// Characters of `from` become the characters of `to` at the same place, or nothing.
struct TranslateTable {
  std::string from, to;
  absl::flat_hash_map<std::string_view, std::string_view> pairs;

  void Build(std::string_view new_from, std::string_view new_to) {
    from = new_from;
    to = new_to;
    pairs.clear();
    const std::string_view source = from;
    const std::string_view target = to;
    size_t b = 0;
    for (size_t a = 0; a < source.size();) {
      const size_t next = NextCharacterAt(source, a);
      std::string_view with;
      if (b < target.size()) {
        const size_t b_next = NextCharacterAt(target, b);
        with = target.substr(b, b_next - b);
        b = b_next;
      }
      pairs.try_emplace(source.substr(a, next - a), with);  // the first of equals counts
      a = next;
    }
  }
};

absl::Status TranslateKernel(const KernelCall& call, Vector* result) {
  TranslateTable table;
  return MapToText<std::string_view, std::string_view, std::string_view>(
      call, result,
      [&table](std::string_view text, std::string_view from, std::string_view to,
               std::string* out) {
        if (table.from != from || table.to != to) table.Build(from, to);
        for (size_t at = 0; at < text.size();) {
          const size_t next = NextCharacterAt(text, at);
          const std::string_view character = text.substr(at, next - at);
          const auto pair = table.pairs.find(character);
          out->append(pair == table.pairs.end() ? character : pair->second);
          at = next;
        }
      });
}

}  // namespace

void Register_string_translate(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "translate",
      .documentation = "The string with characters of one set replaced by those at the same place "
                       "of another; characters without a partner are deleted.",
      .overloads = {Signature({kAnyVarchar, kAnyVarchar, kAnyVarchar}, ReturnsLongVarchar(),
                              TranslateKernel)}});
}

}  // namespace vesto::functions
