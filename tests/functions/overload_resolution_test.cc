#include <optional>
#include <vector>

#include "functions/call_function.h"
#include "functions/kernel_loops.h"

namespace vesto::functions {
namespace {

absl::Status Nothing(const KernelCall&, Vector*) { return absl::OkStatus(); }

std::vector<Overload> Lists(std::vector<std::vector<Type>> lists) {
  std::vector<Overload> overloads;
  for (auto& list : lists) overloads.push_back(Signature(list, Returns(Type::Integer()), Nothing));
  return overloads;
}

int Pick(const std::vector<Overload>& overloads, std::vector<Type> arguments) {
  bool ambiguous = false;
  const auto index = ResolveOverload(overloads, arguments, &ambiguous);
  return index.has_value() ? *index : (ambiguous ? -2 : -1);
}

}  // namespace

TEST_CASE("a number goes to the nearest wider parameter", "[functions]") {
  const auto numbers = Lists({{Type::Double()}, {kAnyDecimal}, {Type::Bigint()}});
  CHECK(Pick(numbers, {Type::Smallint()}) == 2);
  CHECK(Pick(numbers, {Type::Decimal(10, 2)}) == 1);
  CHECK(Pick(numbers, {Type::Real()}) == 0);
  CHECK(Pick(Lists({{Type::Integer()}, {Type::Double()}}), {Type::Bigint()}) == 1);
}

TEST_CASE("a narrowing conversion loses against a widening one", "[functions]") {
  const auto pairs = Lists({{Type::Integer(), Type::Integer()}, {kAnyDecimal, kAnyDecimal}});
  CHECK(Pick(pairs, {Type::Integer(), Type::Decimal(5, 2)}) == 1);
  const auto dates = Lists({{Type::Date(), Type::Date()},
                            {Type::Timestamp(), Type::Timestamp()},
                            {Type::TimestampTz(), Type::TimestampTz()}});
  CHECK(Pick(dates, {Type::Date(), Type::Timestamp()}) == 1);
  CHECK(Pick(dates, {Type::Date(), Type::TimestampTz()}) == 2);
}

TEST_CASE("an unknown literal is text where a candidate takes text", "[functions]") {
  const auto mixed = Lists({{Type::Timestamp()}, {kAnyVarchar}, {Type::Integer()}});
  CHECK(Pick(mixed, {Type::Unknown()}) == 1);
  const auto numbers = Lists({{Type::Integer()}, {Type::Double()}});
  CHECK(Pick(numbers, {Type::Unknown()}) == 1);  // the preferred type of the category
  const auto pairs = Lists({{Type::Timestamp(), Type::Timestamp()}, {kAnyVarchar, kAnyVarchar}});
  CHECK(Pick(pairs, {Type::Timestamp(), Type::Unknown()}) == 0);
}

TEST_CASE("what cannot be converted fits nothing", "[functions]") {
  CHECK(Pick(Lists({{Type::Integer()}}), {Type::Timestamp()}) == -1);
  CHECK(Pick(Lists({{Type::Integer()}}), {Type::Integer(), Type::Integer()}) == -1);
}

TEST_CASE("GREATEST takes the widest of its arguments", "[functions]") {
  CHECK(Run("greatest", 1, 2, V("3.50", Type::Decimal(3, 2))) == "3.50");
  CHECK(Run("greatest", 1, Value::Null(), 3) == "3");
  CHECK(Run("greatest", "a", "b ", "b") == "b ");
  CHECK(Run("least", Value::Null(Type::Integer()), Value::Null(Type::Integer())) == "NULL");
  CHECK(Run("least", DateOf("2020-01-02"), TimestampOf("2020-01-01 10:00")) ==
        "2020-01-01 10:00:00");
}

}  // namespace vesto::functions
