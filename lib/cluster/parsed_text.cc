#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cluster/session_impl.h"
#include "security/primitives.h"

// What outlives a statement of its passwords: nothing.
namespace vesto::cluster {

ParsedText::~ParsedText() {
  for (sql::Statement& statement : statements) {
    if (statement.secrets.empty()) continue;
    security::Wipe(&text);
    const auto wipe = [](std::vector<std::pair<std::string, std::string>>& options) {
      for (auto& [key, value] : options) {
        if (key == "password") security::Wipe(&value);
      }
    };
    if (auto* create = std::get_if<sql::CreateUserStatement>(&statement.node)) {
      wipe(create->options);
    }
    if (auto* alter = std::get_if<sql::AlterObjectStatement>(&statement.node)) {
      wipe(alter->options);
    }
  }
}

std::string ParsedText::LogText(const sql::Statement& statement) const {
  const size_t begin = static_cast<size_t>(statement.offset);
  size_t end = static_cast<size_t>(statement.end_offset);
  if (end <= begin || end > text.size()) end = text.size();
  std::string logged;
  size_t from = begin;
  for (const auto& [secret_begin, secret_end] : statement.secrets) {
    absl::StrAppend(&logged, sv(std::string_view(text).substr(from, secret_begin - from)),
                    "'***'");
    from = static_cast<size_t>(secret_end);
  }
  if (from < end) absl::StrAppend(&logged, sv(std::string_view(text).substr(from, end - from)));
  return logged;
}

}  // namespace vesto::cluster
