#include "functions/comparison_form.h"

#include <string>

#include "functions/letter_case.h"

namespace vesto::functions {
namespace {

std::string_view WithoutTrailingBlanks(std::string_view text) {
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

int CompareText(std::string_view a, std::string_view b, const Type& type) {
  if (type.id != TypeId::kVarbyte) {
    a = WithoutTrailingBlanks(a);
    b = WithoutTrailingBlanks(b);
  }
  if (!type.case_insensitive) return a.compare(b);
  std::string x, y;
  AppendLower(a, &x);
  AppendLower(b, &y);
  return x.compare(y);
}

}  // namespace vesto::functions
