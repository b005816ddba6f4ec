#include "format/charset.h"

#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status_macros.h"

namespace vesto::format {
namespace {

absl::Status WrongEncoding(std::string_view why) {
  return SqlError(SqlState::kCharacterNotInRepertoire, std::string(why));
}

// Drops the UTF-8 byte order mark and refuses those of UTF-16.
class Utf8Source : public io::ByteSource {
 public:
  explicit Utf8Source(std::unique_ptr<io::ByteSource> source) : source_(std::move(source)) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t length) override {
    if (!started_) {
      started_ = true;
      VESTO_ASSIGN_OR_RETURN(const size_t read, io::ReadFully(*source_, start_, sizeof(start_)));
      rest_ = std::string_view(start_, read);
      if (rest_ == "\xEF\xBB\xBF") rest_ = {};
      const std::string_view mark = rest_.substr(0, 2);
      if (mark == "\xFF\xFE" || mark == "\xFE\xFF") {
        return WrongEncoding("the file starts with the byte order mark of UTF-16");
      }
    }
    if (!rest_.empty()) {
      length = std::min(length, rest_.size());
      std::memcpy(buffer, rest_.data(), length);
      rest_.remove_prefix(length);
      return length;
    }
    return source_->Read(buffer, length);
  }

 private:
  const std::unique_ptr<io::ByteSource> source_;
  bool started_ = false;
  char start_[3];
  std::string_view rest_;
};

// Converts chunk by chunk: subclasses turn bytes into UTF-8 text.
class ConvertingSource : public io::ByteSource {
 public:
  explicit ConvertingSource(std::unique_ptr<io::ByteSource> source)
      : source_(std::move(source)), input_(kChunkBytes) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t length) final {
    while (position_ == text_.size()) {
      if (ended_) return size_t{0};
      text_.clear();
      position_ = 0;
      VESTO_ASSIGN_OR_RETURN(const size_t read,
                             io::ReadFully(*source_, input_.data(), input_.size()));
      ended_ = read < input_.size();
      VESTO_RETURN_IF_ERROR(Convert({input_.data(), read}, ended_, text_));
    }
    length = std::min(length, text_.size() - position_);
    std::memcpy(buffer, text_.data() + position_, length);
    position_ += length;
    return length;
  }

 protected:
  // `input` has an even number of bytes unless it is the last piece.
  virtual absl::Status Convert(std::string_view input, bool is_last, std::string& text) = 0;

 private:
  static constexpr size_t kChunkBytes = 64 * 1024;

  const std::unique_ptr<io::ByteSource> source_;
  std::vector<char> input_;
  std::string text_;
  size_t position_ = 0;
  bool ended_ = false;
};

void AppendUtf8(uint32_t code_point, std::string& text) {
  if (code_point < 0x80) {
    text += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    text += static_cast<char>(0xC0 | (code_point >> 6));
    text += static_cast<char>(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    text += static_cast<char>(0xE0 | (code_point >> 12));
    text += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code_point & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (code_point >> 18));
    text += static_cast<char>(0x80 | ((code_point >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code_point & 0x3F));
  }
}

class Latin1Source : public ConvertingSource {
 public:
  using ConvertingSource::ConvertingSource;

 protected:
  absl::Status Convert(std::string_view input, bool /*is_last*/, std::string& text) override {
    text.reserve(input.size() * 2);
    for (const char c : input) AppendUtf8(static_cast<unsigned char>(c), text);
    return absl::OkStatus();
  }
};

class Utf16Source : public ConvertingSource {
 public:
  Utf16Source(Charset charset, std::unique_ptr<io::ByteSource> source)
      : ConvertingSource(std::move(source)), charset_(charset) {}

 protected:
  absl::Status Convert(std::string_view input, bool is_last, std::string& text) override {
    if (!started_) {
      started_ = true;
      if (input.empty()) return absl::OkStatus();
      const std::string_view mark = input.substr(0, 2);
      const bool little = mark == "\xFF\xFE";
      const bool big = mark == "\xFE\xFF";
      if (charset_ == Charset::kUtf16) {
        if (!little && !big) return WrongEncoding("the file has no byte order mark");
        big_endian_ = big;
      } else {
        big_endian_ = charset_ == Charset::kUtf16Be;
        if ((big_endian_ && little) || (!big_endian_ && big)) {
          return WrongEncoding("the byte order mark is that of the other byte order");
        }
      }
      if (little || big) input.remove_prefix(2);
    }
    if (input.size() % 2 != 0) return WrongEncoding("the file has an odd number of bytes");
    text.reserve(input.size() * 3 / 2);
    for (size_t i = 0; i < input.size(); i += 2) {
      const uint32_t first = static_cast<unsigned char>(input[i]);
      const uint32_t second = static_cast<unsigned char>(input[i + 1]);
      const uint32_t unit = big_endian_ ? first << 8 | second : second << 8 | first;
      const bool is_low = unit >= 0xDC00 && unit < 0xE000;
      if (is_low != (high_ != 0)) return WrongEncoding("the file holds a lone surrogate");
      if (is_low) {
        AppendUtf8(0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00), text);
        high_ = 0;
      } else if (unit >= 0xD800 && unit < 0xDC00) {
        high_ = unit;
      } else {
        AppendUtf8(unit, text);
      }
    }
    if (is_last && high_ != 0) return WrongEncoding("the file holds a lone surrogate");
    return absl::OkStatus();
  }

 private:
  const Charset charset_;
  bool started_ = false;
  bool big_endian_ = false;
  uint32_t high_ = 0;  // a high surrogate whose partner comes next
};

}  // namespace

std::unique_ptr<io::ByteSource> ToUtf8(Charset charset, std::unique_ptr<io::ByteSource> source) {
  switch (charset) {
    case Charset::kUtf8:
      return std::make_unique<Utf8Source>(std::move(source));
    case Charset::kIso88591:
      return std::make_unique<Latin1Source>(std::move(source));
    case Charset::kUtf16:
    case Charset::kUtf16Le:
    case Charset::kUtf16Be:
      return std::make_unique<Utf16Source>(charset, std::move(source));
  }
  return source;
}

}  // namespace vesto::format
