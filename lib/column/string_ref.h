#pragma once

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

  StringRef() : size_(0) { std::memset(bytes_, 0, sizeof(bytes_)); }
  StringRef(const char* data, size_t size) : size_(static_cast<uint32_t>(size)) {
    if (size_ <= kInlineBytes) {
      std::memset(bytes_, 0, sizeof(bytes_));
      if (size_ > 0) std::memcpy(bytes_, data, size_);
    } else {
      std::memcpy(bytes_, data, 4);
      std::memcpy(bytes_ + 4, &data, sizeof(data));
    }
  }
  explicit StringRef(std::string_view text) : StringRef(text.data(), text.size()) {}

  uint32_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool is_inline() const { return size_ <= kInlineBytes; }
  // For inline strings the pointer is into this object.
  const char* data() const {
    if (is_inline()) return bytes_;
    const char* pointer;
    std::memcpy(&pointer, bytes_ + 4, sizeof(pointer));
    return pointer;
  }
  std::string_view view() const { return {data(), size_}; }
  // Length and first four bytes as one number.
  uint64_t head() const {
    uint64_t head;
    std::memcpy(&head, this, sizeof(head));
    return head;
  }
  uint64_t tail() const {
    uint64_t tail;
    std::memcpy(&tail, reinterpret_cast<const char*>(this) + 8, sizeof(tail));
    return tail;
  }

  // Byte equality. SQL's comparison, which ignores trailing blanks, works on trimmed strings.
  friend bool operator==(const StringRef& a, const StringRef& b) {
    if (a.head() != b.head()) return false;
    if (a.tail() == b.tail()) return true;
    if (a.is_inline()) return false;
    return std::memcmp(a.data(), b.data(), a.size_) == 0;
  }

 private:
  uint32_t size_;
  char bytes_[12];
};
static_assert(sizeof(StringRef) == 16);

}  // namespace vesto::column
