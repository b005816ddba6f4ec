#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "functions/kernel_loops.h"

// Reading JSON that lies in strings. Strict: a document with an error anywhere is invalid.
namespace vesto::functions {

enum class JsonKind { kInvalid, kObject, kArray, kScalar };
enum class JsonFind { kFound, kNull, kMissing, kInvalid };

// Parsers with reused buffers. One thread only.
class JsonText {
 public:
  JsonText();
  ~JsonText();

  JsonKind KindOf(std::string_view text);
  // nullopt when `text` is no array.
  std::optional<int64_t> ArrayLength(std::string_view text);
  // Appends the text of the value: strings without quotes, numbers as written, objects and arrays
  // as JSON. Path: keys of objects, or positions of arrays.
  JsonFind Path(std::string_view text, std::span<const std::string_view> path, std::string* out);
  JsonFind Element(std::string_view text, int64_t position, std::string* out);

 private:
  struct Parsers;
  std::unique_ptr<Parsers> parsers_;
};

// `JSON parsing error`, with the reason and the beginning of the text as detail.
absl::Status JsonParsingError(std::string_view reason, std::string_view text);

}  // namespace vesto::functions
