#include "wire/sql_name.h"

#include <algorithm>
#include <cctype>

namespace vesto::wire {

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return x == y || (x < 0x80 && y < 0x80 && std::tolower(x) == std::tolower(y));
  });
}

std::string QuotedName(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

}  // namespace vesto::wire
