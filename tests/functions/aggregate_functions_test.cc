#include <memory>
#include <string>
#include <vector>

#include "base/int128.h"
#include "functions/call_function.h"

namespace vesto::functions {
namespace {

// An aggregate over one vector, split into two states at `cut` that are merged: what two slices do.
class Aggregation {
 public:
  Aggregation(const std::string& name, std::vector<Type> types) : types_(std::move(types)) {
    const AggregateFunction* function = BuiltinRegistry()->FindAggregate(name);
    REQUIRE(function != nullptr);
    bool ambiguous = false;
    const auto index = ResolveOverload(function->overloads, types_, &ambiguous);
    REQUIRE(index.has_value());
    overload_ = function->overloads[*index];
    std::vector<const Value*> constants(types_.size(), nullptr);
    auto result = overload_.result(BindCall{types_, constants});
    REQUIRE_OK(result);
    result_type_ = *result;
  }

  absl::StatusOr<Value> Run(const std::vector<Vector>& args, int rows, bool single) {
    const size_t words = (overload_.state_bytes + 15) / 16;
    std::vector<int128_t> memory(words * 2, 0);
    auto* first = reinterpret_cast<uint8_t*>(memory.data());
    uint8_t* second = first + words * 16;
    if (overload_.init != nullptr) overload_.init(first), overload_.init(second);
    const auto status = Fill(args, rows, single, first, second);
    Vector result = Vector::Flat(result_type_);
    absl::Status finished = status;
    if (status.ok()) {
      const AggregateCall call{EvalContext(), {}, 0, result_type_, &heap_};
      const uint8_t* states[] = {first};
      finished = overload_.finish(call, states, 1, &result);
    }
    if (overload_.destroy != nullptr) overload_.destroy(first), overload_.destroy(second);
    if (!finished.ok()) return finished;
    return result.ValueAt(0);
  }

  const Type& result_type() const { return result_type_; }

 private:
  absl::Status Fill(const std::vector<Vector>& args, int rows, bool single, uint8_t* first,
                    uint8_t* second) {
    const EvalContext context;
    const int cut = rows / 2;
    std::vector<Vector> head, tail;
    for (const Vector& arg : args) {
      head.push_back(arg.Slice(0, cut));
      tail.push_back(arg.Slice(cut, rows - cut));
    }
    const AggregateCall one{context, head, cut, result_type_, &heap_};
    const AggregateCall two{context, tail, rows - cut, result_type_, &heap_};
    if (single && overload_.update_single != nullptr) {
      VESTO_RETURN_IF_ERROR(overload_.update_single(one, first));
      VESTO_RETURN_IF_ERROR(overload_.update_single(two, second));
    } else {
      const std::vector<uint8_t*> to_first(static_cast<size_t>(rows) + 1, first);
      const std::vector<uint8_t*> to_second(static_cast<size_t>(rows) + 1, second);
      VESTO_RETURN_IF_ERROR(overload_.update(one, to_first.data()));
      VESTO_RETURN_IF_ERROR(overload_.update(two, to_second.data()));
    }
    const AggregateCall merge{context, {}, 0, result_type_, &heap_};
    const uint8_t* sources[] = {second};
    uint8_t* targets[] = {first};
    return overload_.merge(merge, sources, targets, 1);
  }

  std::vector<Type> types_;
  AggregateOverload overload_;
  Type result_type_;
  column::StringHeap heap_;
};

std::string Aggregate(const std::string& name, const std::vector<Value>& values) {
  const Type type = values.empty() ? Type::Integer() : values[0].type();
  Aggregation aggregation(name, {type});
  Vector vector = Vector::Flat(type);
  for (size_t i = 0; i < values.size(); ++i) vector.SetValue(static_cast<int>(i), values[i]);
  std::string texts[2];
  for (int single = 0; single < 2; ++single) {
    const auto value = aggregation.Run({vector}, static_cast<int>(values.size()), single != 0);
    texts[single] = !value.ok()        ? test::Describe(value.status())
                    : value->is_null() ? "NULL"
                                       : types::ValueToText(*value, types::TextContext());
  }
  CHECK(texts[0] == texts[1]);
  return texts[0];
}

std::vector<Value> Integers(std::vector<int> numbers) {
  std::vector<Value> values;
  for (int number : numbers) values.push_back(Value::Integer(number));
  return values;
}

std::vector<Value> Of(const Type& type, const std::vector<std::string>& texts) {
  std::vector<Value> values;
  for (const std::string& text : texts) values.push_back(V(text, type));
  return values;
}

}  // namespace

TEST_CASE("sums and averages of integers", "[functions]") {
  CHECK(Aggregate("sum", Integers({1, 2, 3, -10, 7})) == "3");
  CHECK(Aggregate("avg", Integers({1, 2, 2})) == "1");
  CHECK(Aggregate("avg", Integers({-1, -2, -2})) == "-1");
  CHECK(Aggregate("sum", {}) == "NULL");
  CHECK(Aggregate("count", Integers({5, 6})) == "2");
  CHECK(Aggregate("count", {}) == "0");
  const Value max = Value::Bigint(INT64_MAX);
  CHECK(Aggregate("sum", {max, max, Value::Bigint(-INT64_MAX)}) == "9223372036854775807");
  CHECK(Aggregate("sum", {max, max}) == "22003: Numeric data overflow (addition)");
  CHECK(Aggregate("avg", {max, max}) == "9223372036854775807");
  CHECK(Aggregate("sum", {Value::Bigint(INT64_MIN), Value::Bigint(-1), Value::Bigint(1)}) ==
        "-9223372036854775808");
}

TEST_CASE("sums and averages of decimals keep the scale", "[functions]") {
  const Type narrow = Type::Decimal(12, 2);
  CHECK(Aggregate("sum", Of(narrow, {"10.10", "-0.05", "3.00"})) == "13.05");
  CHECK(Aggregate("avg", Of(narrow, {"0.01", "0.01", "0.03"})) == "0.01");
  CHECK(Aggregation("sum", {narrow}).result_type() == Type::Decimal(38, 2));
  const Type wide = Type::Decimal(38, 0);
  const std::string nines(38, '9');
  CHECK(Aggregate("sum", Of(wide, {nines, "-1", "1"})) == nines);
  CHECK(Aggregate("sum", Of(wide, {nines, "1"})) == "22003: Numeric data overflow (addition)");
}

TEST_CASE("wide decimals may come in narrow vectors", "[functions]") {
  const Type type = Type::Decimal(30, 2);
  for (const std::string name : {"sum", "min", "max", "avg", "any_value"}) {
    Aggregation aggregation(name, {type});
    Vector narrow = Vector::Flat(type, types::PhysicalType::kInt64);
    for (int row = 0; row < 5; ++row) narrow.mutable_data<int64_t>()[row] = 700;
    for (const bool single : {false, true}) {
      const auto value = aggregation.Run({narrow}, 5, single);
      REQUIRE_OK(value);
      CHECK(types::ValueToText(*value, {}) == (name == "sum" ? "35.00" : "7.00"));
    }
  }
}

TEST_CASE("extremes", "[functions]") {
  CHECK(Aggregate("min", Integers({3, -1, 2})) == "-1");
  CHECK(Aggregate("max", Integers({3, -1, 2})) == "3");
  CHECK(Aggregate("max", {Value::Double(1), Value::Double(__builtin_nan("")), Value::Double(2)}) ==
        "NaN");
  const Type text = Type::Varchar(40);
  CHECK(Aggregate("max", Of(text, {"a long text that is not inline", "b", "aa"})) == "b");
  CHECK(Aggregate("min", Of(text, {"b", "a long text that is not inline", "c"})) ==
        "a long text that is not inline");
  CHECK(Aggregate("min", Of(text, {"b", "A"})) == "A");
  CHECK(Aggregate("max", Of(Type::Date(), {"2020-01-01", "1999-12-31"})) == "2020-01-01");
  CHECK(Aggregate("any_value", Of(text, {"first of all values", "b"})) == "first of all values");
  CHECK(Aggregate("max", {}) == "NULL");
}

TEST_CASE("the variance family", "[functions]") {
  std::vector<Value> values;
  for (double x : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) values.push_back(Value::Double(x));
  CHECK(Aggregate("stddev_pop", values) == "2");
  CHECK(Aggregate("var_pop", values) == "4");
  CHECK(Aggregate("variance", values) == "4.57142857142857");
  CHECK(Aggregate("stddev", {Value::Double(1)}) == "NULL");
  CHECK(Aggregate("var_pop", {Value::Double(1)}) == "0");
}

TEST_CASE("medians and percentiles interpolate", "[functions]") {
  CHECK(Aggregate("median", Integers({5, 1, 2, 4})) == "3.0");
  CHECK(Aggregate("median", Integers({1, 2})) == "1.5");
  CHECK(Aggregate("median", {Value::Double(1), Value::Double(4)}) == "2.5");
  CHECK(Aggregate("median", Of(Type::Date(), {"2020-01-01", "2020-01-03"})) == "2020-01-02");
  CHECK(Aggregate("median", {}) == "NULL");
  Aggregation percentile("percentile_cont", {Type::Double(), Type::Integer()});
  Vector values = Vector::Flat(Type::Integer());
  for (int i = 0; i < 5; ++i) values.SetValue(i, Value::Integer(10 * i));
  const auto value = percentile.Run({Vector::Constant(Value::Double(0.3)), values}, 5, false);
  REQUIRE_OK(value);
  CHECK(types::ValueToText(*value, {}) == "12.0000");
}

TEST_CASE("LISTAGG skips empty values and has a limit", "[functions]") {
  CHECK(Aggregate("listagg", Of(Type::Varchar(9), {"a", "", "b"})) == "ab");
  Aggregation listagg("listagg", {Type::Varchar(9), Type::Varchar(2)});
  Vector values = Vector::Flat(Type::Varchar(9));
  for (int i = 0; i < 4; ++i) values.SetValue(i, V(std::string(1, 'a' + i), Type::Varchar(9)));
  const Vector comma = Vector::Constant(V(", ", Type::Varchar(2)));
  CHECK(listagg.Run({values, comma}, 4, false)->text() == "a, b, c, d");
  const std::string half(40000, 'x');
  CHECK(Aggregate("listagg", Of(Type::Varchar(65535), {half, half})) ==
        "54000: Result size exceeds LISTAGG limit");
}

TEST_CASE("bits, booleans and distinct counts", "[functions]") {
  CHECK(Aggregate("bit_and", Integers({7, 6})) == "6");
  CHECK(Aggregate("bit_or", Integers({1, 6})) == "7");
  CHECK(Aggregate("bool_and", {Value::Boolean(true), Value::Boolean(false)}) == "f");
  CHECK(Aggregate("bool_or", Integers({0, 5})) == "t");
  CHECK(Aggregate("bool_or", {}) == "NULL");
  std::vector<Value> values;
  for (int i = 0; i < 2000; ++i) values.push_back(Value::Integer(i % 1000));
  const auto estimate = std::stoi(Aggregate("approximate_count_distinct", values));
  CHECK(estimate > 960);
  CHECK(estimate < 1040);
}

}  // namespace vesto::functions
