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

std::string ArgumentList(const PgProc& proc) {
  std::string text;
  for (const catalog::Oid oid : proc.arguments) {
    absl::StrAppend(&text, text.empty() ? "" : ", ", FormatType(oid, -1));
  }
  return text;
}

}  // namespace vesto::sysview
