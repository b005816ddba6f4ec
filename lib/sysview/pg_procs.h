#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/entries.h"
#include "functions/function.h"

// The rows of PG_PROC: one per overload of every function of the registry, and the functions that
// read and write types. Vesto's functions have oids of their own.
namespace vesto::sysview {

struct PgProc {
  catalog::Oid oid = 0;
  std::string name;
  bool aggregate = false, strict = false, window = false;
  char volatility = 'i';  // i, s, v
  std::vector<catalog::Oid> arguments;
  catalog::Oid result = 0;
  std::string comment;
};

// Sorted by oid.
std::vector<PgProc> BuildPgProcs(const functions::Registry& registry);
const PgProc* FindPgProc(const std::vector<PgProc>& procs, catalog::Oid oid);
const PgProc* FindPgProc(const std::vector<PgProc>& procs, std::string_view name);

// The functions that PG_LANGUAGE names for a procedural language; nullptr for any other.
const PgProc* CallHandler(const std::vector<PgProc>& procs, std::string_view language);
const PgProc* LanguageValidator(const std::vector<PgProc>& procs, std::string_view language);

// "integer, character varying".
std::string ArgumentList(const PgProc& proc, std::string_view separator = ", ");

}  // namespace vesto::sysview
