#pragma once

#include <string>
#include <string_view>

namespace vesto::shell {

// What \? prints.
std::string_view CommandHelp();
// What \h prints: the syntax of a statement; all statements for "".
std::string SqlHelp(const std::string& statement);
// A completion script for "bash", "zsh" or "fish"; "" for another shell.
std::string_view CompletionScript(std::string_view shell);

}  // namespace vesto::shell
