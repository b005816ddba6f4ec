#include "types/array_text.h"

#include "absl/strings/ascii.h"

namespace vesto::types {
namespace {

bool NeedsQuotes(std::string_view element) {
  if (element.empty()) return true;
  if (element.size() == 4 && absl::AsciiStrToLower(std::string(element)) == "null") return true;
  for (const char c : element) {
    if (c == '{' || c == '}' || c == ',' || c == '"' || c == '\\' ||
        absl::ascii_isspace(static_cast<unsigned char>(c))) {
      return true;
    }
  }
  return false;
}

ArrayElements SplitVector(std::string_view text) {
  ArrayElements elements;
  size_t start = 0;
  while (start < text.size()) {
    const size_t end = std::min(text.find(' ', start), text.size());
    if (end > start) elements.emplace_back(std::string(text.substr(start, end - start)));
    start = end + 1;
  }
  return elements;
}

}  // namespace

int FirstIndex(const Type& type) { return type.id == TypeId::kArray ? 1 : 0; }

ArrayElements ParseArray(std::string_view text, const Type& type) {
  if (type.id != TypeId::kArray) return SplitVector(text);
  ArrayElements elements;
  if (text.size() < 2 || text.front() != '{' || text.back() != '}') return elements;
  text = text.substr(1, text.size() - 2);
  if (text.empty()) return elements;
  std::string element;
  bool quoted = false, inside = false;
  const auto finish = [&] {
    const bool null =
        !quoted && element.size() == 4 && absl::AsciiStrToLower(element) == "null";
    if (null) {
      elements.emplace_back();
    } else {
      elements.emplace_back(std::move(element));
    }
    element.clear();
    quoted = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      element.push_back(text[++i]);
      quoted = true;
    } else if (c == '"') {
      inside = !inside;
      quoted = true;
    } else if (c == ',' && !inside) {
      finish();
    } else {
      element.push_back(c);
    }
  }
  finish();
  return elements;
}

std::string FormatArray(const ArrayElements& elements) {
  std::string text = "{";
  for (size_t i = 0; i < elements.size(); ++i) {
    if (i > 0) text.push_back(',');
    if (!elements[i].has_value()) {
      text += "NULL";
      continue;
    }
    if (!NeedsQuotes(*elements[i])) {
      text += *elements[i];
      continue;
    }
    text.push_back('"');
    for (const char c : *elements[i]) {
      if (c == '"' || c == '\\') text.push_back('\\');
      text.push_back(c);
    }
    text.push_back('"');
  }
  text.push_back('}');
  return text;
}

}  // namespace vesto::types
