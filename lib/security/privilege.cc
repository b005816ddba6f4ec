#include "security/privilege.h"

#include "absl/strings/match.h"
#include "base/status_macros.h"

namespace vesto::security {
namespace {

struct Word {
  Privileges bit;
  const char* name;
  char letter;
};

// In the order in which Redshift prints the letters.
constexpr Word kWords[] = {
    {catalog::kInsert, "INSERT", 'a'},      {catalog::kSelect, "SELECT", 'r'},
    {catalog::kUpdate, "UPDATE", 'w'},      {catalog::kDelete, "DELETE", 'd'},
    {catalog::kRule, "RULE", 'R'},          {catalog::kReferences, "REFERENCES", 'x'},
    {catalog::kTrigger, "TRIGGER", 't'},    {catalog::kDrop, "DROP", 'D'},
    {catalog::kTruncate, "TRUNCATE", 'P'},  {catalog::kAlter, "ALTER", 'A'},
    {catalog::kExecute, "EXECUTE", 'X'},    {catalog::kUsage, "USAGE", 'U'},
    {catalog::kCreate, "CREATE", 'C'},      {catalog::kTemporary, "TEMP", 'T'},
};

}  // namespace

std::optional<Privileges> ParsePrivilege(std::string_view name) {
  if (absl::EqualsIgnoreCase(sv(name), "temporary")) return catalog::kTemporary;
  for (const Word& word : kWords) {
    if (absl::EqualsIgnoreCase(sv(name), word.name)) return word.bit;
  }
  return std::nullopt;
}

std::string_view PrivilegeName(Privileges privilege) {
  for (const Word& word : kWords) {
    if (word.bit == privilege) return word.name;
  }
  return "";
}

Privileges AllPrivileges(Target target) {
  using namespace catalog;
  switch (target) {
    case Target::kRelation:
      return kSelect | kInsert | kUpdate | kDelete | kDrop | kReferences | kAlter | kTruncate |
             kRule | kTrigger;
    case Target::kSchema: return kCreate | kUsage | kAlter | kDrop;
    case Target::kDatabase: return kCreate | kTemporary | kUsage | kAlter;
    case Target::kFunction:
    case Target::kProcedure: return kExecute;
    case Target::kLanguage: return kUsage;
  }
  return 0;
}

std::string_view TargetName(Target target) {
  switch (target) {
    case Target::kRelation: return "table";
    case Target::kSchema: return "schema";
    case Target::kDatabase: return "database";
    case Target::kFunction: return "function";
    case Target::kProcedure: return "procedure";
    case Target::kLanguage: return "language";
  }
  return "object";
}

std::string PrivilegeLetters(Privileges privileges, Privileges grant_options) {
  std::string letters;
  for (const Word& word : kWords) {
    if ((privileges & word.bit) == 0) continue;
    letters += word.letter;
    if ((grant_options & word.bit) != 0) letters += '*';
  }
  return letters;
}

}  // namespace vesto::security
