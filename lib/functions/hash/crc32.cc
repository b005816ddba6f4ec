#include <array>
#include <cstdio>

#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

// CRC-32C (Castagnoli), reflected, byte by byte.
constexpr std::array<uint32_t, 256> Crc32Table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0x82F63B78u : 0);
    table[i] = crc;
  }
  return table;
}

absl::Status Crc32Kernel(const KernelCall& call, Vector* result) {
  static constexpr std::array<uint32_t, 256> kTable = Crc32Table();
  return MapToText<std::string_view>(call, result, [](std::string_view text, std::string* out) {
    uint32_t crc = 0xFFFFFFFFu;
    for (char c : text) crc = crc >> 8 ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
    char hex[9];
    std::snprintf(hex, sizeof(hex), "%08x", crc ^ 0xFFFFFFFFu);
    out->assign(hex);
  });
}

}  // namespace

void Register_hash_crc32(Registry& registry) {
  registry.Add(ScalarFunction{
      .name = "crc32",
      .documentation = "The CRC-32C checksum of a string as eight hexadecimal digits.",
      .overloads = {Signature({kAnyVarchar}, Returns(Type::Varchar(8)), Crc32Kernel)}});
}

}  // namespace vesto::functions
