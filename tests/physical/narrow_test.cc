#include "physical/narrow.h"

#include <catch2/catch.hpp>

#include "types/decimal.h"

namespace vesto::physical {
namespace {

using expr::Op;
using types::PhysicalType;

// One scan of a DECIMAL(p,2) column and a projection over it.
struct Fixture {
  explicit Fixture(int precision) {
    auto entry = std::make_shared<catalog::TableEntry>();
    entry->name = "t";
    for (const char* name : {"price", "discount"}) {
      catalog::ColumnEntry column;
      column.name = name;
      column.type = Type::Decimal(precision, 2);
      entry->columns.push_back(column);
    }
    table = entry;
  }

  expr::ExprPtr Ref(int column) const {
    return expr::Column(column, table->columns[column].type, table->columns[column].name);
  }

  Plan Make(expr::ExprPtr expression) const {
    ScanSpec scan;
    scan.table = table;
    scan.columns = {0, 1};
    std::vector<logical::OutputColumn> layout;
    for (int i = 0; i < 2; ++i) {
      layout.push_back({i, table->columns[i].type, table->columns[i].name});
    }
    ProjectSpec project;
    const Type type = expression->type;
    project.expressions.push_back(std::move(expression));
    Segment segment;
    segment.steps.push_back({std::move(scan), layout, -1});
    segment.steps.push_back({std::move(project), {{2, type, "x"}}, -1});
    Plan plan;
    plan.streams.emplace_back();
    plan.streams.back().segments.push_back(std::move(segment));
    return plan;
  }

  static Step& StepOf(Plan& plan, int index) { return plan.streams[0].segments[0].steps[index]; }

  catalog::TablePtr table;
};

ColumnBoundsSource Bounds(int128_t low, int128_t high) {
  return [=](const catalog::TableEntry&, int) {
    return std::optional<std::pair<int128_t, int128_t>>({low, high});
  };
}

TEST_CASE("a product that bounds keep within 64 bits is computed there", "[physical]") {
  Fixture fixture(12);
  const bool small = GENERATE(true, false);
  auto product = expr::Arithmetic(Op::kMultiply, fixture.Ref(0), fixture.Ref(1));
  REQUIRE(product->physical == PhysicalType::kInt128);
  Plan plan = fixture.Make(std::move(product));
  NarrowDecimals(plan, Bounds(0, small ? 10495000 : types::PowerOfTen(12)));
  const auto& project = std::get<ProjectSpec>(Fixture::StepOf(plan, 1).spec);
  CHECK(project.expressions[0]->physical ==
        (small ? PhysicalType::kInt64 : PhysicalType::kInt128));
}

TEST_CASE("a scan reads a wide decimal column in 64 bits where its values fit", "[physical]") {
  Fixture fixture(38);
  const bool small = GENERATE(true, false);
  Plan plan = fixture.Make(fixture.Ref(0));
  NarrowDecimals(plan, Bounds(-5, small ? 5 : types::PowerOfTen(30)));
  const auto& scan = std::get<ScanSpec>(Fixture::StepOf(plan, 0).spec);
  CHECK(scan.physical.empty() == !small);
}

TEST_CASE("an intermediate that overflows keeps the sum wide", "[physical]") {
  Fixture fixture(19);
  // Each side fits, their sum does not.
  const int128_t limit = (static_cast<int128_t>(1) << 62) + 5;
  Plan plan =
      fixture.Make(expr::Arithmetic(Op::kAdd, fixture.Ref(0), fixture.Ref(1)));
  NarrowDecimals(plan, Bounds(0, limit));
  const auto& project = std::get<ProjectSpec>(Fixture::StepOf(plan, 1).spec);
  CHECK(project.expressions[0]->physical == PhysicalType::kInt128);
}

TEST_CASE("without bounds nothing is narrow", "[physical]") {
  Fixture fixture(19);
  Plan plan =
      fixture.Make(expr::Arithmetic(Op::kSubtract, fixture.Ref(0), fixture.Ref(1)));
  NarrowDecimals(plan, [](const catalog::TableEntry&, int)
                           -> std::optional<std::pair<int128_t, int128_t>> { return std::nullopt; });
  CHECK(std::get<ScanSpec>(Fixture::StepOf(plan, 0).spec).physical.empty());
  const auto& project = std::get<ProjectSpec>(Fixture::StepOf(plan, 1).spec);
  CHECK(project.expressions[0]->physical == PhysicalType::kInt128);
}

}  // namespace
}  // namespace vesto::physical
