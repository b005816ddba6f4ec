#include <algorithm>
#include <mutex>

#include "base/check.h"
#include "base/string_map.h"
#include "functions/function.h"
#include "functions/kernel_loops.h"
#include "types/type_rules.h"

namespace vesto::functions {
namespace {

using types::TypeCategory;

bool SameKind(const Type& argument, const Type& parameter) {
  return parameter.id == TypeId::kUnknown || argument.id == parameter.id;
}

// Order of widening within a category: SMALLINT -> INTEGER is shorter than SMALLINT -> BIGINT,
// DATE -> TIMESTAMP shorter than DATE -> TIMESTAMPTZ. 0: the type is on no such ladder.
int WideningRank(TypeId id) {
  switch (id) {
    case TypeId::kSmallint:
      return 1;
    case TypeId::kInteger:
    case TypeId::kOid:
    case TypeId::kRegclass:
    case TypeId::kRegtype:
    case TypeId::kRegproc:
      return 2;
    case TypeId::kBigint:
      return 3;
    case TypeId::kDecimal:
      return 4;
    case TypeId::kReal:
      return 5;
    case TypeId::kDouble:
      return 6;
    case TypeId::kTime:
      return 1;
    case TypeId::kTimeTz:
      return 2;
    case TypeId::kDate:
      return 3;
    case TypeId::kTimestamp:
      return 4;
    case TypeId::kTimestampTz:
      return 5;
    default:
      return 0;
  }
}

// What a conversion may lose. Redshift converts DECIMAL to INTEGER and TIMESTAMP to DATE without a
// CAST, so a candidate that needs it must lose against one that does not.
enum ConversionLoss { kNone = 0, kNarrowing = 1, kOtherCategory = 2 };

ConversionLoss LossOf(const Type& argument, const Type& parameter) {
  if (SameKind(argument, parameter) || argument.id == TypeId::kUnknown) return kNone;
  if (types::CategoryOf(argument) != types::CategoryOf(parameter)) return kOtherCategory;
  return WideningRank(parameter.id) < WideningRank(argument.id) ? kNarrowing : kNone;
}

int WideningDistance(const Type& argument, const Type& parameter) {
  if (SameKind(argument, parameter) || argument.id == TypeId::kUnknown) return 0;
  if (types::CategoryOf(argument) != types::CategoryOf(parameter)) return 100;
  const int distance = WideningRank(parameter.id) - WideningRank(argument.id);
  return distance >= 0 ? distance : 20 - distance;
}

// One parameter list, seen at the number of arguments of the call.
template <typename Candidate>
const Type& ParameterAt(const Candidate& candidate, size_t index) {
  return candidate.parameters[std::min(index, candidate.parameters.size() - 1)];
}

bool IsVariadic(const Overload& overload) { return overload.variadic; }
bool IsVariadic(const AggregateOverload&) { return false; }

template <typename Candidate>
bool Accepts(const Candidate& candidate, std::span<const Type> arguments) {
  const size_t count = candidate.parameters.size();
  if (IsVariadic(candidate) ? arguments.size() < count : arguments.size() != count) return false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const Type& parameter = ParameterAt(candidate, i);
    if (SameKind(arguments[i], parameter) || arguments[i].id == TypeId::kUnknown) continue;
    if (!types::CanConvertImplicitly(arguments[i], parameter)) return false;
  }
  return true;
}

// Keeps the candidates with the highest score.
template <typename Score>
void KeepBest(std::vector<int>* viable, Score score) {
  if (viable->size() < 2) return;
  int best = score((*viable)[0]);
  std::vector<int> kept;
  for (int index : *viable) {
    const int value = score(index);
    if (value > best) {
      best = value;
      kept.clear();
    }
    if (value == best) kept.push_back(index);
  }
  *viable = std::move(kept);
}

// PostgreSQL manual, "Function Type Resolution", steps 2 to 4.
template <typename Candidate>
std::optional<int> Resolve(std::span<const Candidate> candidates, std::span<const Type> arguments,
                           bool* ambiguous) {
  if (ambiguous != nullptr) *ambiguous = false;
  std::vector<int> viable;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!Accepts(candidates[i], arguments)) continue;
    bool exact = true;
    for (size_t k = 0; exact && k < arguments.size(); ++k) {
      exact = ParameterAt(candidates[i], k).id == arguments[k].id;
    }
    if (exact && !IsVariadic(candidates[i])) return static_cast<int>(i);
    viable.push_back(static_cast<int>(i));
  }
  if (viable.empty()) return std::nullopt;

  auto sum = [&](int index, auto score) {
    int total = 0;
    for (size_t k = 0; k < arguments.size(); ++k) {
      total += score(arguments[k], ParameterAt(candidates[index], k));
    }
    return total;
  };
  KeepBest(&viable, [&](int index) {
    return -sum(index, [](const Type& from, const Type& to) { return int{LossOf(from, to)}; });
  });
  // Most exact matches; unknown literals count for nobody.
  KeepBest(&viable, [&](int index) {
    return sum(index, [](const Type& from, const Type& to) {
      return from.id != TypeId::kUnknown && from.id == to.id ? 1 : 0;
    });
  });
  // The shortest way up: integers stay integers and decimals exact where a parameter allows it.
  KeepBest(&viable, [&](int index) { return -sum(index, WideningDistance); });
  // Preferred types where a conversion is needed.
  KeepBest(&viable, [&](int index) {
    return sum(index, [](const Type& from, const Type& to) {
      return from.id != TypeId::kUnknown && (SameKind(from, to) || types::IsPreferred(to)) ? 1 : 0;
    });
  });

  // Unknown literals: text if any candidate takes text there, else the category all agree on,
  // and within it the preferred type.
  for (size_t k = 0; k < arguments.size() && viable.size() > 1; ++k) {
    if (arguments[k].id != TypeId::kUnknown) continue;
    std::optional<TypeCategory> category;
    bool agree = true;
    for (int index : viable) {
      const TypeCategory here = types::CategoryOf(ParameterAt(candidates[index], k));
      if (here == TypeCategory::kString) {
        category = here;
        agree = true;
        break;
      }
      if (category.has_value() && *category != here) agree = false;
      category = here;
    }
    if (!agree) continue;
    KeepBest(&viable, [&](int index) {
      const Type& parameter = ParameterAt(candidates[index], k);
      return (types::CategoryOf(parameter) == *category ? 2 : 0) +
             (types::IsPreferred(parameter) ? 1 : 0);
    });
  }
  // Known arguments of one type: the unknown ones are taken to have it too.
  if (viable.size() > 1) {
    TypeId known = TypeId::kUnknown;
    bool one_type = true;
    for (const Type& argument : arguments) {
      if (argument.id == TypeId::kUnknown) continue;
      one_type = one_type && (known == TypeId::kUnknown || known == argument.id);
      known = argument.id;
    }
    if (one_type && known != TypeId::kUnknown) {
      KeepBest(&viable, [&](int index) {
        return sum(index, [known](const Type&, const Type& to) { return to.id == known ? 1 : 0; });
      });
    }
  }
  // A fixed parameter list beats one that repeats its last parameter.
  KeepBest(&viable, [&](int index) { return IsVariadic(candidates[index]) ? 0 : 1; });
  if (viable.size() == 1) return viable[0];
  if (ambiguous != nullptr) *ambiguous = true;
  return std::nullopt;
}

}  // namespace

struct Registry::Impl {
  std::vector<std::unique_ptr<ScalarFunction>> scalars;
  std::vector<std::unique_ptr<AggregateFunction>> aggregates;
  StringMap<ScalarFunction*> scalar_names;
  StringMap<AggregateFunction*> aggregate_names;
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

// A function that several files describe (LEN of strings and of VARBYTE, "+" of dates and of
// strings) is one function with the overloads of all of them.
void Registry::Add(ScalarFunction function) {
  auto known = impl_->scalar_names.find(function.name);
  ScalarFunction* entry = nullptr;
  if (known != impl_->scalar_names.end()) {
    entry = known->second;
    VESTO_CHECK(entry->null_rule == function.null_rule);
    for (Overload& overload : function.overloads) entry->overloads.push_back(std::move(overload));
    for (std::string& alias : function.aliases) entry->aliases.push_back(std::move(alias));
    entry->can_fail = entry->can_fail || function.can_fail;
    entry->volatility = std::max(entry->volatility, function.volatility);
  } else {
    impl_->scalars.push_back(std::make_unique<ScalarFunction>(std::move(function)));
    entry = impl_->scalars.back().get();
    impl_->scalar_names[entry->name] = entry;
  }
  for (const std::string& alias : entry->aliases) impl_->scalar_names[alias] = entry;
}

void Registry::Add(AggregateFunction function) {
  impl_->aggregates.push_back(std::make_unique<AggregateFunction>(std::move(function)));
  AggregateFunction* entry = impl_->aggregates.back().get();
  impl_->aggregate_names[entry->name] = entry;
  for (const std::string& alias : entry->aliases) impl_->aggregate_names[alias] = entry;
}

const ScalarFunction* Registry::FindScalar(std::string_view name) const {
  auto it = impl_->scalar_names.find(name);
  return it == impl_->scalar_names.end() ? nullptr : it->second;
}

const AggregateFunction* Registry::FindAggregate(std::string_view name) const {
  auto it = impl_->aggregate_names.find(name);
  return it == impl_->aggregate_names.end() ? nullptr : it->second;
}

std::vector<const ScalarFunction*> Registry::scalars() const {
  std::vector<const ScalarFunction*> result;
  for (const auto& entry : impl_->scalars) result.push_back(entry.get());
  return result;
}

std::vector<const AggregateFunction*> Registry::aggregates() const {
  std::vector<const AggregateFunction*> result;
  for (const auto& entry : impl_->aggregates) result.push_back(entry.get());
  return result;
}

std::shared_ptr<const Registry> BuiltinRegistry() {
  // Written once, by whoever comes first; what it holds is the program's, not a cluster's.
  static const std::shared_ptr<const Registry> builtin = [] {
    auto registry = std::make_shared<Registry>();
    RegisterShelf(*registry);
    return registry;
  }();
  return builtin;
}

std::optional<int> ResolveOverload(std::span<const Overload> candidates,
                                   std::span<const Type> arguments, bool* ambiguous) {
  return Resolve(candidates, arguments, ambiguous);
}

std::optional<int> ResolveOverload(std::span<const AggregateOverload> candidates,
                                   std::span<const Type> arguments, bool* ambiguous) {
  return Resolve(candidates, arguments, ambiguous);
}

ResultRule Returns(Type type) {
  return [type](const BindCall&) -> absl::StatusOr<Type> { return type; };
}

ResultRule ReturnsArgument(int index) {
  return [index](const BindCall& call) -> absl::StatusOr<Type> {
    Type type = call.types[index];
    if (type.id == TypeId::kUnknown) return Type::Varchar(kVarcharMaxBytes);
    return type;
  };
}

ResultRule ReturnsVarcharOf(int index) {
  return [index](const BindCall& call) -> absl::StatusOr<Type> {
    const Type& type = call.types[index];
    Type result = Type::Varchar(type.length > 0 ? type.length : kVarcharMaxBytes);
    result.case_insensitive = type.case_insensitive;
    return result;
  };
}

absl::Status TextTooLong() {
  return SqlError(SqlState::kStringDataRightTruncation, "Value too long for character type")
      .Detail("A string may have at most 16000000 bytes.");
}

ResultRule ReturnsLongVarchar() { return Returns(Type::Varchar(kVarcharMaxBytes)); }

std::optional<std::string_view> ConstantText(const BindCall& call, int index) {
  if (index >= static_cast<int>(call.constants.size())) return std::nullopt;
  const Value* value = call.constants[index];
  if (value == nullptr || value->is_null()) return std::nullopt;
  return std::string_view(value->text());
}

}  // namespace vesto::functions
