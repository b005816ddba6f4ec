#pragma once

#include <string>

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace vesto::shell {

// What to say of a command line that `app` could not parse, in two lines: the mistake, with the flag
// that was probably meant, and where the help is.
//   vesto: unknown option --nods; did you mean --nodes?
//   Try "vesto --help".
std::string ExplainFlagError(const CLI::App& app, const CLI::ParseError& error);

}  // namespace vesto::shell
