#include "functions/soundex.h"

namespace vesto::functions {

std::string SoundexCode(std::string_view text) {
  // Digit of each letter; 0: vowels, which separate equal digits; 9: H and W, which do not.
  static constexpr char kDigits[] = "01230129022455012623019202";
  std::string code;
  char last = '0';
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    if (c < 'A' || c > 'Z') continue;
    const char digit = kDigits[c - 'A'];
    if (code.empty()) {
      code.push_back(c);
      last = digit == '9' ? '0' : digit;
      continue;
    }
    if (digit == '9') continue;
    if (digit != '0' && digit != last) code.push_back(digit);
    last = digit;
    if (code.size() == 4) break;
  }
  if (!code.empty()) code.resize(4, '0');
  return code;
}

}  // namespace vesto::functions
