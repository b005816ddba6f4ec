#include "shell/size_text.h"

#include <cctype>
#include <cstdlib>

namespace vesto::shell {

int64_t ParseSize(const std::string& text) {
  char* end = nullptr;
  const double number = std::strtod(text.c_str(), &end);
  if (end == text.c_str() || !(number >= 0)) return -1;
  std::string unit = end;
  for (char& c : unit) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  double factor = 1;
  if (unit == "K" || unit == "KB") factor = 1024.0;
  else if (unit == "M" || unit == "MB") factor = 1024.0 * 1024;
  else if (unit == "G" || unit == "GB") factor = 1024.0 * 1024 * 1024;
  else if (unit == "T" || unit == "TB") factor = 1024.0 * 1024 * 1024 * 1024;
  else if (!unit.empty() && unit != "B") return -1;
  const double bytes = number * factor;
  return bytes > 9e18 ? -1 : static_cast<int64_t>(bytes);
}

}  // namespace vesto::shell
