#include "sysview/pg_procs.h"

#include <algorithm>
#include <tuple>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/hash.h"
#include "sysview/pg_types.h"
#include "types/type_rules.h"

namespace vesto::sysview {
namespace {

constexpr catalog::Oid kProcOids = 1u << 28;
constexpr catalog::Oid kAnyOid = 2276, kCstringOid = 2275;
constexpr std::string_view kCallHandler = "_call_handler", kValidator = "_validator";

// What runs and what checks a function of a procedural language: names of the catalog, which no
// statement can call.
void AddLanguageHandlers(std::vector<PgProc>* procs) {
  constexpr catalog::Oid kLanguageHandlerOid = 2280, kOidOid = 26, kVoidOid = 2278;
  for (const catalog::LanguageEntry& language : catalog::kLanguages) {
    const std::string_view name = language.name;
    if (name == "sql") continue;
    PgProc handler;
    handler.name = absl::StrCat(sv(name), sv(kCallHandler));
    handler.volatility = 'v';
    handler.result = kLanguageHandlerOid;
    procs->push_back(std::move(handler));
    if (name != "plpgsql") continue;
    PgProc validator;
    validator.name = absl::StrCat(sv(name), sv(kValidator));
    validator.volatility = 'v';
    validator.arguments = {kOidOid};
    validator.result = kVoidOid;
    procs->push_back(std::move(validator));
  }
}

catalog::Oid OidOf(const Type& type) {
  return type.id == TypeId::kUnknown ? kAnyOid : static_cast<catalog::Oid>(types::TypeOid(type));
}

// The result type with the declared parameters as arguments; "any" where it follows from them.
template <typename Overload>
catalog::Oid ResultOf(const Overload& overload) {
  if (!overload.result) return kAnyOid;
  std::vector<Type> parameters = overload.parameters;
  for (const Type& type : parameters) {
    if (type.id == TypeId::kUnknown) return kAnyOid;
  }
  const std::vector<const Value*> constants(parameters.size(), nullptr);
  const auto type = overload.result(functions::BindCall{parameters, constants});
  return type.ok() ? OidOf(*type) : kAnyOid;
}

bool IsCallable(std::string_view name) {
  return !name.empty() && (absl::ascii_isalpha(static_cast<unsigned char>(name[0])) ||
                           name[0] == '_') &&
         name.find(' ') == std::string_view::npos && name.find('[') == std::string_view::npos;
}

}  // namespace

std::vector<PgProc> BuildPgProcs(const functions::Registry& registry) {
  std::vector<PgProc> procs;
  for (const functions::ScalarFunction* function : registry.scalars()) {
    if (!IsCallable(function->name)) continue;
    for (const functions::Overload& overload : function->overloads) {
      PgProc proc;
      proc.name = function->name;
      proc.strict = function->null_rule == functions::NullRule::kStrict;
      proc.volatility = function->volatility == functions::Volatility::kImmutable ? 'i'
                        : function->volatility == functions::Volatility::kStable  ? 's'
                                                                                  : 'v';
      for (const Type& type : overload.parameters) proc.arguments.push_back(OidOf(type));
      proc.result = ResultOf(overload);
      proc.comment = function->documentation;
      procs.push_back(std::move(proc));
    }
  }
  for (const functions::AggregateFunction* function : registry.aggregates()) {
    for (const functions::AggregateOverload& overload : function->overloads) {
      PgProc proc;
      proc.name = function->name;
      proc.aggregate = true;
      for (const Type& type : overload.parameters) proc.arguments.push_back(OidOf(type));
      proc.result = ResultOf(overload);
      proc.comment = function->documentation;
      procs.push_back(std::move(proc));
    }
  }
  AddLanguageHandlers(&procs);
  std::sort(procs.begin(), procs.end(), [](const PgProc& a, const PgProc& b) {
    return std::tie(a.name, a.arguments) < std::tie(b.name, b.arguments);
  });
  // The oid follows from name and arguments, so that other functions do not move it.
  absl::flat_hash_set<catalog::Oid> taken;
  for (PgProc& proc : procs) {
    const std::string key = absl::StrCat(proc.name, "(", absl::StrJoin(proc.arguments, ","), ")");
    proc.oid = kProcOids + static_cast<catalog::Oid>(base::HashString(key) % kProcOids);
    while (!taken.insert(proc.oid).second) ++proc.oid;
  }
  for (const PgType& type : PgTypes()) {
    if (type.input == "array_in" && type.oid != 1000) continue;  // one for all arrays
    PgProc input;
    input.oid = type.input_oid;
    input.name = type.input;
    input.strict = true;
    input.arguments = {kCstringOid};
    input.result = type.input == "array_in" ? 2277 : type.oid;
    procs.push_back(input);
    PgProc output;
    output.oid = type.output_oid;
    output.name = type.output;
    output.strict = true;
    output.arguments = {input.result};
    output.result = kCstringOid;
    procs.push_back(std::move(output));
  }
  std::sort(procs.begin(), procs.end(),
            [](const PgProc& a, const PgProc& b) { return a.oid < b.oid; });
  return procs;
}

const PgProc* FindPgProc(const std::vector<PgProc>& procs, catalog::Oid oid) {
  const auto it = std::lower_bound(procs.begin(), procs.end(), oid,
                                   [](const PgProc& proc, catalog::Oid o) { return proc.oid < o; });
  return it != procs.end() && it->oid == oid ? &*it : nullptr;
}

const PgProc* FindPgProc(const std::vector<PgProc>& procs, std::string_view name) {
  for (const PgProc& proc : procs) {
    if (proc.name == name) return &proc;
  }
  return nullptr;
}

const PgProc* CallHandler(const std::vector<PgProc>& procs, std::string_view language) {
  return FindPgProc(procs, absl::StrCat(sv(language), sv(kCallHandler)));
}

const PgProc* LanguageValidator(const std::vector<PgProc>& procs, std::string_view language) {
  return FindPgProc(procs, absl::StrCat(sv(language), sv(kValidator)));
}

std::string ArgumentList(const PgProc& proc, std::string_view separator) {
  std::string text;
  for (const catalog::Oid oid : proc.arguments) {
    absl::StrAppend(&text, text.empty() ? "" : sv(separator), FormatType(oid, -1));
  }
  return text;
}

}  // namespace vesto::sysview
