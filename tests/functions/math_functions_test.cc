#include "functions/call_function.h"

namespace vesto::functions {
namespace {
Value D(const std::string& text, int precision, int scale) {
  return V(text, Type::Decimal(precision, scale));
}
}  // namespace

TEST_CASE("ROUND and TRUNC of decimals print the digits asked for", "[functions]") {
  CHECK(Run("round", D("28.05", 8, 2)) == "28");
  CHECK(Run("round", D("28.05", 8, 2), 1) == "28.1");
  CHECK(Run("round", D("-28.05", 8, 2), 1) == "-28.1");
  CHECK(Run("round", D("28.05", 8, 2), -1) == "30");
  CHECK(Run("round", D("28.05", 8, 2), 5) == "28.05");
  CHECK(Run("round", D("99.99", 4, 2)) == "100");
  CHECK(Run("round", D("28.05", 8, 2), -50) == "0");
  CHECK(Run("trunc", D("111.15", 8, 2), 1) == "111.1");
  CHECK(Run("trunc", D("111.15", 8, 2), -1) == "110");
  CHECK(Run("trunc", D("-111.15", 8, 2)) == "-111");
  CHECK(Run("ceil", D("28.05", 8, 2)) == "29");
  CHECK(Run("ceiling", D("-28.05", 8, 2)) == "-28");
  CHECK(Run("floor", D("-28.05", 8, 2)) == "-29");
  CHECK(Run("floor", D("28.05", 8, 2)) == "28");
  CHECK(Run("round", D("99999999999999999999999999999999999999", 38, 0)) ==
        "99999999999999999999999999999999999999");
}

TEST_CASE("ROUND of other numbers", "[functions]") {
  CHECK(Run("round", 2.5) == "3");
  CHECK(Run("round", -2.5) == "-3");
  CHECK(Run("round", 1.2345, 2) == "1.23");
  CHECK(Run("round", 1250, -2) == "1300");
  CHECK(Run("round", 2147483647, -1) == "22003: integer out of range");
  CHECK(Run("trunc", 1299, -2) == "1200");
  CHECK(Run("round", 7) == "7");
  CHECK(Run("floor", -1.5) == "-2");
  CHECK(Run("trunc", TimestampOf("2011-07-21 10:32:38.248109")) == "2011-07-21");
}

TEST_CASE("ABS, SIGN and MOD", "[functions]") {
  CHECK(Run("abs", -5) == "5");
  CHECK(Run("abs", D("-1.50", 4, 2)) == "1.50");
  CHECK(Run("abs", Value::Integer(INT32_MIN)) == "22003: integer out of range");
  CHECK(Run("sign", D("-1.50", 4, 2)) == "-1");
  CHECK(Run("sign", 2.5) == "1");
  CHECK(Run("mod", 10, 3) == "1");
  CHECK(Run("mod", -10, 3) == "-1");
  CHECK(Run("mod", Value::Integer(INT32_MIN), -1) == "0");
  CHECK(Run("mod", D("10.50", 4, 2), D("3.000", 4, 3)) == "1.500");
  CHECK(Run("mod", 10, 0) == "22012: Divide by zero");
}

TEST_CASE("powers, roots and logarithms", "[functions]") {
  CHECK(Run("power", 2, 10) == "1024");
  CHECK(Run("^", 2, 3) == "8");
  CHECK(Run("power", 0, -1).substr(0, 5) == "2201F");
  CHECK(Run("power", 10, 400).substr(0, 5) == "22003");
  CHECK(Run("sqrt", 16) == "4");
  CHECK(Run("sqrt", "16") == "4");
  CHECK(Run("sqrt", -1) == "2201F: cannot take square root of a negative number");
  CHECK(Run("cbrt", 27) == "3");
  CHECK(Run("exp", 0) == "1");
  CHECK(Run("ln", 1) == "0");
  CHECK(Run("ln", 0) == "2201E: cannot take logarithm of zero");
  CHECK(Run("log", 100000) == "5");
  CHECK(Run("log", 2, 8) == "3");
  CHECK(Run("pi") == "3.14159265358979");
  CHECK(Run("degrees", 0.5) == "28.6478897565412");
  CHECK(Run("factorial", 5) == "120");
}

TEST_CASE("bitwise operators", "[functions]") {
  CHECK(Run("&", 6, 3) == "2");
  CHECK(Run("|", 6, 3) == "7");
  CHECK(Run("#", 6, 3) == "5");
  CHECK(Run("~", 0) == "-1");
  CHECK(Run("<<", 1, 4) == "16");
  CHECK(Run(">>", -8, 1) == "-4");
}

TEST_CASE("RANDOM lies in [0, 1) and moves on", "[functions]") {
  const auto registry = BuiltinRegistry();
  const Overload& random = registry->FindScalar("random")->overloads[0];
  std::atomic<uint64_t> numbers{0};
  EvalContext context;
  context.random_numbers = &numbers;
  const Type type = Type::Double();
  Vector first = Vector::Flat(type);
  Vector second = Vector::Flat(type);
  const KernelCall call{context, {}, 2048, nullptr, nullptr, type};
  REQUIRE_OK(random.kernel(call, &first));
  REQUIRE_OK(random.kernel(call, &second));
  double sum = 0;
  for (int row = 0; row < 2048; ++row) {
    const double value = first.data<double>()[row];
    REQUIRE((value >= 0 && value < 1));
    sum += value;
  }
  CHECK(sum / 2048 == Approx(0.5).margin(0.05));
  CHECK(first.data<double>()[0] != second.data<double>()[0]);
  CHECK(numbers == 2 * 2048);
}

TEST_CASE("numbers written after a pattern", "[functions]") {
  CHECK(Run("to_char", D("-125.8", 6, 1), "999D99S") == "125.80-");
  CHECK(Run("to_char", D("-125.88", 6, 2), "S999D99L") == "-125.88$");
  CHECK(Run("to_char", D("125.8", 6, 1), "999D99S") == "125.80+");
  CHECK(Run("to_char", D("125.8", 6, 1), "PL999D99") == "+ 125.80");
  CHECK(Run("to_char", D("-125.88", 6, 2), "$999D99PR") == "$<125.88>");
  CHECK(Run("to_char", 125, "RN") == "           CXXV");
  CHECK(Run("to_char", 485, "999") == " 485");
  CHECK(Run("to_char", -485, "999") == "-485");
  CHECK(Run("to_char", 1485, "9,999") == " 1,485");
  CHECK(Run("to_char", D("148.5", 6, 1), "FM999.990") == "148.500");
  CHECK(Run("to_char", 12, "0999") == " 0012");
  CHECK(Run("to_char", 482, "999th") == " 482nd");
  CHECK(Run("to_number", "12,454.8-", "99G999D9S") == "-12454.8");
  CHECK(Run("to_number", "$2,012.12", "L9,999.99") == "2012.12");
}

}  // namespace vesto::functions
