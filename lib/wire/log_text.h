#pragma once

#include <string>
#include <string_view>

namespace vesto::wire {

// A log is read line by line, often by programs and on terminals: what clients say must not begin a
// line of its own, end a field or steer a terminal.

// `text` (UTF-8) on one line: control characters and line ends, Unicode's among them, as \n, \x1b or
// \u2028.
std::string OneLine(std::string_view text);

// A value that a client chose, in double quotes, with OneLine's escapes and those of " and \.
std::string Quoted(std::string_view text);

}  // namespace vesto::wire
