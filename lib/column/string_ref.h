#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace vesto::column {

// A string of 16 bytes between operators: the length, the first four bytes, and either the rest
// (strings of up to 12 bytes) or a pointer. Equality of most strings is decided by the first
// eight bytes. Long strings live as long as the pins of their vector.
// Source: Neumann, Freitag: Umbra (CIDR 2020).
class StringRef {
 public:
  static constexpr uint32_t kInlineBytes = 12;

  StringRef() = default;
  StringRef(const char* data, size_t size) {
    const uint64_t length = static_cast<uint32_t>(size);
    if (length >= 4) {
      head_ = length | uint64_t{Load<uint32_t>(data)} << 32;
      if (length > kInlineBytes) {
        tail_ = reinterpret_cast<uintptr_t>(data);
      } else if (length >= 8) {
        // Two loads that overlap; the shift drops what the first one has.
        const uint64_t last = Load<uint32_t>(data + length - 4);
        tail_ = Load<uint32_t>(data + 4) | last >> ((12 - length) * 8) << 32;
      } else {
        tail_ = uint64_t{Load<uint32_t>(data + length - 4)} >> ((8 - length) * 8);
      }
    } else if (length > 0) {
      const auto byte = [data](uint64_t i) { return uint64_t{static_cast<uint8_t>(data[i])}; };
      head_ = length | byte(0) << 32 | byte(length / 2) << (32 + length / 2 * 8) |
              byte(length - 1) << (24 + length * 8);
    }
  }
  explicit StringRef(std::string_view text) : StringRef(text.data(), text.size()) {}

  uint32_t size() const { return static_cast<uint32_t>(head_); }
  bool empty() const { return size() == 0; }
  bool is_inline() const { return size() <= kInlineBytes; }
  // For inline strings the pointer is into this object.
  const char* data() const {
    return is_inline() ? reinterpret_cast<const char*>(this) + sizeof(uint32_t)
                       : reinterpret_cast<const char*>(static_cast<uintptr_t>(tail_));
  }
  std::string_view view() const { return {data(), size()}; }
  // Length and first four bytes as one number.
  uint64_t head() const { return head_; }
  // The other eight bytes, or the pointer.
  uint64_t tail() const { return tail_; }

  // Byte equality. SQL's comparison, which ignores trailing blanks, works on trimmed strings.
  friend bool operator==(const StringRef& a, const StringRef& b) {
    if (a.head() != b.head()) return false;
    if (a.tail() == b.tail()) return true;
    if (a.is_inline()) return false;
    return std::memcmp(a.data(), b.data(), a.size()) == 0;
  }

 private:
  template <typename T>
  static T Load(const char* from) {
    T value;
    std::memcpy(&value, from, sizeof(value));
    return value;
  }

  // Two words rather than bytes: built in registers and stored at once.
  uint64_t head_ = 0;  // the size in the lower half
  uint64_t tail_ = 0;
};
static_assert(std::endian::native == std::endian::little);
static_assert(sizeof(StringRef) == 16);

}  // namespace vesto::column
