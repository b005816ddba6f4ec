#include "types/type_rules.h"

#include "support/status.h"
#include "types/table_design.h"

namespace vesto::types {
namespace {

constexpr Type kInt2 = Type::Smallint();
constexpr Type kInt4 = Type::Integer();
constexpr Type kInt8 = Type::Bigint();
constexpr Type kSuper{TypeId::kSuper};

TEST_CASE("arithmetic follows the table of result types", "[types]") {
  CHECK(ArithmeticResultType('+', kInt2, kInt2) == kInt2);
  CHECK(ArithmeticResultType('*', kInt2, kInt4) == kInt4);
  CHECK(ArithmeticResultType('/', kInt4, kInt8) == kInt8);
  CHECK(ArithmeticResultType('+', kInt4, Type::Real()) == Type::Double());
  CHECK(ArithmeticResultType('+', Type::Real(), Type::Real()) == Type::Real());
  CHECK(ArithmeticResultType('+', Type::Decimal(12, 2), Type::Real()) == Type::Double());
}

TEST_CASE("decimal results have the precision and scale of the guide", "[types]") {
  const Type price = Type::Decimal(8, 2);
  CHECK(ArithmeticResultType('/', price, price) == Type::Decimal(17, 9));
  CHECK(ArithmeticResultType('*', price, kInt2) == Type::Decimal(14, 2));
  CHECK(ArithmeticResultType('/', price, kInt2) == Type::Decimal(14, 8));
  // TPC-H: DEC(12,2) columns, INT4 literals.
  const Type money = Type::Decimal(12, 2);
  const Type one_minus = ArithmeticResultType('-', kInt4, money);
  CHECK(one_minus == Type::Decimal(13, 2));
  const Type revenue = ArithmeticResultType('*', money, one_minus);
  CHECK(revenue == Type::Decimal(26, 4));
  CHECK(ArithmeticResultType('*', revenue, one_minus) == Type::Decimal(38, 6));
  const Type percent = ArithmeticResultType('*', Type::Decimal(5, 2), Type::Decimal(38, 4));
  CHECK(percent == Type::Decimal(38, 6));
  CHECK(ArithmeticResultType('/', percent, Type::Decimal(38, 4)) == Type::Decimal(38, 4));
  CHECK(ArithmeticResultType('%', Type::Decimal(10, 2), Type::Decimal(5, 3)) ==
        Type::Decimal(5, 3));
}

TEST_CASE("branches and set operations agree on one type", "[types]") {
  const auto common = [](std::vector<Type> types, std::string_view what = "UNION") {
    const auto type = CommonType(types, what);
    return type.ok() ? type->ToString() : test::Describe(type.status());
  };
  CHECK(common({Type::Decimal(7, 2), Type::Decimal(15, 3)}) == "numeric(15,3)");
  CHECK(common({kInt2, kInt4, Type::Unknown()}) == "integer");
  CHECK(common({Type::Char(3), Type::Varchar(2)}) == "character varying(3)");
  CHECK(common({Type::Date(), Type::Timestamp()}) == "timestamp without time zone");
  CHECK(common({kInt4, Type::Real()}) == "double precision");
  CHECK(common({Type::Varchar(3), kInt8}) ==
        "42804: UNION types character varying and bigint cannot be matched");
  CHECK(common({kInt8, Type::Varchar(3)}, "COALESCE") ==
        "42804: COALESCE types bigint and character varying cannot be matched");
  CHECK(common({Type::Date(), Type::Time()}, "CASE") ==
        "42804: CASE types date and time without time zone cannot be matched");
  CHECK(common({Type::Decimal(18, 2), Type::Decimal(18, 10)}) ==
        "22003: Numeric data overflow (result precision)");
  CHECK(common({Type::Decimal(18, 2), Type::Decimal(18, 10)}, "CASE") == "numeric(26,10)");
  CHECK(common({Type::Decimal(38, 2), Type::Decimal(30, 10)}) ==
        "22003: Numeric data overflow (result precision)");
  CHECK(common({Type::Unknown(), Type::Unknown()}) == "unknown");
  // A literal keeps its width beside a shorter column.
  Type literal = Type::Unknown();
  literal.length = 9;
  CHECK(common({Type::Varchar(3), literal}, "CASE") == "character varying(9)");
  CHECK(common({literal, Type::Varchar(3)}, "CASE") == "character varying(9)");
}

TEST_CASE("both sides of a comparison meet in one type", "[types]") {
  Type literal = Type::Unknown();
  literal.length = 4;
  CHECK(ComparisonType(kInt4, literal) == kInt4);
  CHECK(ComparisonType(Type::Date(), literal) == Type::Date());
  CHECK(ComparisonType(Type::Varchar(2), literal) == Type::Varchar(4));
  CHECK(ComparisonType(Type::Char(9), literal) == Type::Char(9));
  CHECK(ComparisonType(Type::Date(), Type::TimestampTz()) == Type::TimestampTz());
  CHECK(ComparisonType(kInt4, Type::Decimal(8, 2)) == Type::Decimal(12, 2));
  // Only decimals pull a string column to their side; other numbers become text.
  CHECK(ComparisonType(Type::Decimal(8, 2), Type::Varchar(5))->id == TypeId::kDecimal);
  CHECK(ComparisonType(kInt4, Type::Varchar(5))->id == TypeId::kVarchar);
  CHECK(ComparisonType(Type::Boolean(), kInt4) == Type::Boolean());
  CHECK(ComparisonType(kSuper, Type::Varchar(5)) == kSuper);
  CHECK_FALSE(ComparisonType(Type::Date(), kInt4).has_value());
  CHECK_FALSE(ComparisonType(Type::Boolean(), Type::Varchar(3)).has_value());
  CHECK_FALSE(ComparisonType(Type::Date(), Type::Time()).has_value());
}

TEST_CASE("the conversion matrix", "[types]") {
  CHECK(CanConvertImplicitly(kInt4, Type::Varchar(10)));
  CHECK(CanConvertImplicitly(kInt4, Type::Boolean()));
  CHECK_FALSE(CanConvertImplicitly(Type::Boolean(), kInt4));
  CHECK(CanCast(Type::Boolean(), kInt4));
  CHECK_FALSE(CanCast(Type::Boolean(), Type::Varchar(5)));
  CHECK_FALSE(CanCast(Type::Decimal(5, 2), Type::Boolean()));
  CHECK_FALSE(CanCast(Type::Date(), kSuper));
  CHECK(CanCast(kSuper, Type::Date()));
  CHECK_FALSE(CanConvertImplicitly(Type::Varchar(3), Type::Varbyte(3)));
  CHECK(CanCast(Type::Varchar(3), Type::Varbyte(3)));
  CHECK(CanCast(kInt8, Type::Varbyte(8)));
  CHECK_FALSE(CanCast(Type::Decimal(5, 0), Type::Varbyte(8)));
  CHECK_FALSE(CanConvertImplicitly(Type::Time(), Type::Timestamp()));
  CHECK_FALSE(CanCast(Type::Date(), kInt4));
}

TEST_CASE("type names of DDL resolve with their defaults", "[types]") {
  const auto resolve = [](std::string_view name, std::vector<int> modifiers = {}) {
    const auto type = ResolveType(name, modifiers);
    return type.ok() ? type->ToString() : test::Describe(type.status());
  };
  CHECK(resolve("INT") == "integer");
  CHECK(resolve("varchar") == "character varying(256)");
  CHECK(resolve("text") == "character varying(256)");
  CHECK(resolve("bpchar") == "character(256)");
  CHECK(resolve("nchar") == "character(1)");
  CHECK(resolve("character  varying", {20}) == "character varying(20)");
  CHECK(resolve("varchar", {-1}) == "character varying(65535)");
  CHECK(resolve("char", {-1}) == "character(4096)");
  CHECK(resolve("decimal") == "numeric(18,0)");
  CHECK(resolve("numeric", {38, 37}) == "numeric(38,37)");
  CHECK(resolve("float") == "double precision");
  CHECK(resolve("float", {24}) == "real");
  CHECK(resolve("timestamptz") == "timestamp with time zone");
  CHECK(resolve("interval year to month") == "interval year to month");
  CHECK(resolve("interval second", {3}) == "interval day to second(3)");
  CHECK(resolve("varbyte") == "binary varying(64000)");
  CHECK(resolve("serial") == "42704: type \"serial\" does not exist");
  CHECK(resolve("varchar", {65536}) ==
        "22023: length for type character varying cannot exceed 65535");
  CHECK(resolve("char", {0}) == "22023: length for type character must be at least 1");
  CHECK(resolve("numeric", {39}) == "22023: NUMERIC precision 39 must be between 1 and 38");
  CHECK(resolve("numeric", {5, 6}) == "22023: NUMERIC scale 6 must be between 0 and precision 5");
  CHECK(resolve("integer", {4}) == "42601: type modifier is not allowed for type \"integer\"");
}

TEST_CASE("catalog numbers of types", "[types]") {
  CHECK(TypeOid(Type::Varchar(5)) == 1043);
  CHECK(TypeModifier(Type::Varchar(5)) == 9);
  CHECK(TypeModifier(Type::Decimal(12, 2)) == ((12 << 16) | 2) + 4);
  CHECK(TypeModifier(kInt4) == -1);
  CHECK(TypeName(Type::Char(1)) == "bpchar");
}

TEST_CASE("encodings know their types", "[types]") {
  CHECK(ParseEncoding("AZ64") == Encoding::kAz64);
  CHECK_FALSE(ParseEncoding("gzip").has_value());
  CHECK(EncodingName(Encoding::kText32k) == "text32k");
  CHECK_FALSE(EncodingAccepts(Encoding::kAz64, Type::Varchar(5)));
  CHECK_FALSE(EncodingAccepts(Encoding::kMostly16, kInt2));
  CHECK(EncodingAccepts(Encoding::kMostly8, Type::Decimal(10, 2)));
  CHECK_FALSE(EncodingAccepts(Encoding::kMostly8, Type::Decimal(20, 2)));
  CHECK_FALSE(EncodingAccepts(Encoding::kText255, Type::Char(5)));
  CHECK(DefaultEncoding(kInt4, false, false) == Encoding::kAz64);
  CHECK(DefaultEncoding(kInt4, true, false) == Encoding::kRaw);
  CHECK(DefaultEncoding(Type::Varchar(5), false, false) == Encoding::kLzo);
  CHECK(DefaultEncoding(Type::Varchar(5), false, true) == Encoding::kRaw);
  CHECK(DefaultEncoding(Type::Real(), false, false) == Encoding::kRaw);
  CHECK(DefaultEncoding(kSuper, false, false) == Encoding::kZstd);
}

}  // namespace
}  // namespace vesto::types
