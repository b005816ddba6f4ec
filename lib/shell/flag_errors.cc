#include "shell/flag_errors.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace vesto::shell {
namespace {

// Letters to insert, remove or replace to make one word of the other.
size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// The long flag that `flag` looks like; "" when there is none.
std::string Nearest(const CLI::App& app, std::string_view flag) {
  if (!flag.starts_with("--")) return "";
  flag.remove_prefix(2);
  std::string nearest;
  size_t distance_min = std::max<size_t>(2, flag.size() / 3) + 1;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      // The beginning of a flag means that flag.
      const bool begins = flag.size() > 2 && std::string_view(name).starts_with(flag);
      const size_t distance = begins ? 1 : EditDistance(flag, name);
      if (distance < distance_min && distance < flag.size()) {
        distance_min = distance;
        nearest = "--" + name;
      }
    }
  }
  return nearest;
}

}  // namespace

std::string ExplainFlagError(const CLI::App& app, const CLI::ParseError& error) {
  std::string text = error.what();
  std::vector<std::string> unknown = app.remaining();
  const auto flag = std::find_if(unknown.begin(), unknown.end(),
                                 [](const std::string& word) { return word.starts_with('-'); });
  if (flag != unknown.end()) {
    const std::string name = flag->substr(0, flag->find('='));
    const std::string nearest = Nearest(app, name);
    text = "unknown option " + name + (nearest.empty() ? "" : "; did you mean " + nearest + "?");
  } else if (!unknown.empty()) {
    text = "unexpected argument \"" + unknown.front() + "\"";
  }
  return app.get_name() + ": " + text + "\nTry \"" + app.get_name() + " --help\".\n";
}

}  // namespace vesto::shell
