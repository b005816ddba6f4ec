#include "optimizer/optimizer.h"

#include <catch2/catch.hpp>

#include "plan_builder.h"

namespace vesto::optimizer {
namespace {

using logical::JoinType;
using logical::NodeKind;

class Fixture : public PlanBuilder {
 protected:
  catalog::TablePtr orders_ = Table("orders", 1500000,
                                    {{"o_key", Type::Integer()},
                                     {"o_customer", Type::Integer(), 100000},
                                     {"o_total", Type::Integer(), 1000}},
                                    0);
  catalog::TablePtr lines_ = Table("lines", 6000000,
                                   {{"l_order", Type::Integer(), 1500000},
                                    {"l_part", Type::Integer(), 200000},
                                    {"l_quantity", Type::Integer(), 50}},
                                   0);
  catalog::TablePtr parts_ = Table("parts", 200000,
                                   {{"p_key", Type::Integer()}, {"p_size", Type::Integer(), 50}}, 0);
  catalog::TablePtr optional_ =
      Table("optional", 1000, {{"x", Type::Integer(), 10, false}, {"y", Type::Integer(), 10, false}});
};

TEST_CASE_METHOD(Fixture, "a filter over a cross join becomes a hash join of filtered scans",
                 "[optimizer]") {
  NodePtr lines = Scan(lines_), parts = Scan(parts_);
  ExprPtr join = Equal(Ref(*parts, "p_key"), Ref(*lines, "l_part"));
  ExprPtr small = Equal(Ref(*parts, "p_size"), Int(7));
  ExprPtr quantity = Ref(*lines, "l_quantity");
  std::vector<ExprPtr> both;
  both.push_back(std::move(join));
  both.push_back(std::move(small));
  std::vector<std::pair<std::string, ExprPtr>> items;
  items.emplace_back("q", std::move(quantity));
  // Written with the large table on the build side.
  NodePtr plan = Project(Filter(Join(JoinType::kInner, std::move(parts), std::move(lines)),
                                expr::And(std::move(both))),
                         std::move(items));
  auto optimized = Optimize(std::move(plan));
  REQUIRE(optimized.ok());
  const auto* join_node = FindNode(**optimized, NodeKind::kJoin);
  REQUIRE(join_node != nullptr);
  const auto& found = join_node->As<logical::Join>();
  CHECK(found.equalities.size() == 1);
  REQUIRE(found.children[1]->kind == NodeKind::kScan);
  const auto& build = found.children[1]->As<logical::Scan>();
  CHECK(build.table->name == "parts");
  CHECK(build.conjuncts.size() == 1);
  // Nobody reads l_order; p_size is read by the filter alone.
  CHECK(found.children[0]->output.size() == 2);
  CHECK(join_node->output.size() == 1);
  CHECK(found.estimate.rows > 0);
}

TEST_CASE_METHOD(Fixture, "a condition that NULL fails makes an outer join inner", "[optimizer]") {
  const bool rejects = GENERATE(true, false);
  NodePtr orders = Scan(orders_), lines = Scan(lines_);
  ExprPtr on = Equal(Ref(*orders, "o_key"), Ref(*lines, "l_order"));
  ExprPtr test = rejects ? Equal(Ref(*lines, "l_quantity"), Int(1))
                         : expr::IsNull(Ref(*lines, "l_quantity"), false);
  NodePtr join = Join(JoinType::kLeft, std::move(orders), std::move(lines));
  join->As<logical::Join>().residual = std::move(on);
  auto optimized = Optimize(Filter(std::move(join), std::move(test)));
  REQUIRE(optimized.ok());
  const auto* found = FindNode(**optimized, NodeKind::kJoin);
  REQUIRE(found != nullptr);
  CHECK(found->As<logical::Join>().type == (rejects ? JoinType::kInner : JoinType::kLeft));
  CHECK(found->As<logical::Join>().equalities.size() == 1);
  CHECK((FindNode(**optimized, NodeKind::kFilter) == nullptr) == rejects);
}

TEST_CASE_METHOD(Fixture, "a correlated aggregate becomes groups by the correlated column",
                 "[optimizer]") {
  // SELECT o_key FROM orders WHERE o_total = (SELECT max(l_quantity) FROM lines WHERE l_order = o_key)
  NodePtr orders = Scan(orders_), lines = Scan(lines_);
  ExprPtr correlated = Equal(Ref(*lines, "l_order"), Ref(*orders, "o_key"));
  ExprPtr argument = Ref(*lines, "l_quantity");
  NodePtr inner = Aggregate(Filter(std::move(lines), std::move(correlated)), "count",
                            std::move(argument));
  const OutputColumn count = inner->output[0];
  ExprPtr key = Ref(*orders, "o_key");
  ExprPtr total = expr::Cast(Ref(*orders, "o_total"), Type::Bigint(), true);
  NodePtr plan = Dependent(JoinType::kSingle, std::move(orders), std::move(inner));
  plan = Filter(std::move(plan),
                Equal(std::move(total), expr::Column(count.id, count.type, count.name)));
  std::vector<std::pair<std::string, ExprPtr>> items;
  items.emplace_back("k", std::move(key));
  auto optimized = Optimize(Project(std::move(plan), std::move(items)));
  REQUIRE(optimized.ok());
  CHECK(FindNode(**optimized, NodeKind::kDependentJoin) == nullptr);
  const auto* aggregate = FindNode(**optimized, NodeKind::kAggregate);
  REQUIRE(aggregate != nullptr);
  CHECK(aggregate->As<logical::Aggregate>().keys.size() == 1);
  // A count of no lines is 0, not NULL: the outer join stays, and CASE says so.
  const auto* join = FindNode(**optimized, NodeKind::kJoin);
  REQUIRE(join != nullptr);
  CHECK(join->As<logical::Join>().type == JoinType::kLeft);
  CHECK(logical::DebugString(**optimized).find("CASE") != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "an inequality under an aggregate gets the left side's distinct values",
                 "[optimizer]") {
  // (SELECT count(*) FROM lines WHERE l_quantity < x): no equality to group by.
  NodePtr outer = Scan(optional_), lines = Scan(lines_);
  ExprPtr correlated =
      expr::Compare(expr::Op::kLess, Ref(*lines, "l_quantity"), Ref(*outer, "x"));
  NodePtr inner = Aggregate(Filter(std::move(lines), std::move(correlated)), "count", nullptr);
  auto optimized = Optimize(Dependent(JoinType::kSingle, std::move(outer), std::move(inner)));
  REQUIRE(optimized.ok());
  CHECK(FindNode(**optimized, NodeKind::kDependentJoin) == nullptr);
  CHECK(FindNode(**optimized, NodeKind::kDistinct) != nullptr);
  CHECK((*optimized)->output.size() == 3);
}

TEST_CASE_METHOD(Fixture, "NOT IN without NULLs is an anti join", "[optimizer]") {
  const bool nullable = GENERATE(true, false);
  NodePtr orders = Scan(orders_);
  NodePtr right = nullable ? Scan(optional_) : Scan(lines_);
  auto join = std::make_unique<logical::DependentJoin>();
  join->type = JoinType::kNullAwareAnti;
  join->num_compared = 1;
  join->equalities.emplace_back(Ref(*orders, "o_key"), Ref(*right, nullable ? "x" : "l_order"));
  join->output = orders->output;
  join->children.push_back(std::move(orders));
  join->children.push_back(std::move(right));
  auto optimized = Optimize(std::move(join));
  REQUIRE(optimized.ok());
  const auto* found = FindNode(**optimized, NodeKind::kJoin);
  REQUIRE(found != nullptr);
  CHECK(found->As<logical::Join>().type ==
        (nullable ? JoinType::kNullAwareAnti : JoinType::kAnti));
}

TEST_CASE_METHOD(Fixture, "a disjunction gives each table its own filter", "[optimizer]") {
  NodePtr lines = Scan(lines_), parts = Scan(parts_);
  std::vector<ExprPtr> branches;
  for (int i = 1; i <= 2; ++i) {
    std::vector<ExprPtr> branch;
    branch.push_back(Equal(Ref(*parts, "p_key"), Ref(*lines, "l_part")));
    branch.push_back(Equal(Ref(*parts, "p_size"), Int(i)));
    branch.push_back(Equal(Ref(*lines, "l_quantity"), Int(10 * i)));
    branches.push_back(expr::And(std::move(branch)));
  }
  auto optimized = Optimize(Filter(Join(JoinType::kInner, std::move(lines), std::move(parts)),
                                   expr::Or(std::move(branches))));
  REQUIRE(optimized.ok());
  const auto* found = FindNode(**optimized, NodeKind::kJoin);
  REQUIRE(found != nullptr);
  CHECK(found->As<logical::Join>().equalities.size() == 1);
  CHECK(found->As<logical::Join>().residual != nullptr);
  for (const NodePtr& child : found->children) {
    REQUIRE(child->kind == NodeKind::kScan);
    REQUIRE(child->As<logical::Scan>().conjuncts.size() == 1);
    CHECK(child->As<logical::Scan>().conjuncts[0]->kind == expr::ExprKind::kInList);
  }
}

TEST_CASE_METHOD(Fixture, "co-located joins move nothing, others broadcast the inner side",
                 "[optimizer]") {
  const bool by_key = GENERATE(true, false);
  NodePtr orders = Scan(orders_), lines = Scan(lines_);
  ExprPtr on = Equal(Ref(*orders, by_key ? "o_key" : "o_customer"), Ref(*lines, "l_order"));
  auto optimized = Optimize(
      Filter(Join(JoinType::kInner, std::move(orders), std::move(lines)), std::move(on)));
  REQUIRE(optimized.ok());
  const auto* found = FindNode(**optimized, NodeKind::kJoin);
  REQUIRE(found != nullptr);
  CHECK(found->As<logical::Join>().movement ==
        (by_key ? logical::Movement::kNone : logical::Movement::kBroadcast));
}

TEST_CASE_METHOD(Fixture, "a limit sinks to the sort that gives it meaning", "[optimizer]") {
  NodePtr orders = Scan(orders_);
  ExprPtr key = Ref(*orders, "o_total");
  ExprPtr shown = Ref(*orders, "o_key");
  auto sort = std::make_unique<logical::Sort>();
  sort->output = orders->output;
  sort->keys.push_back({std::move(key), true, false});
  sort->children.push_back(std::move(orders));
  std::vector<std::pair<std::string, ExprPtr>> items;
  items.emplace_back("k", std::move(shown));
  NodePtr project = Project(std::move(sort), std::move(items));
  auto limit = std::make_unique<logical::Limit>();
  limit->limit = expr::Constant(Value::Bigint(3));
  limit->output = project->output;
  limit->children.push_back(std::move(project));
  // Below another operator, where nobody merges sorted rows.
  const OutputColumn k = limit->output[0];
  NodePtr plan = Aggregate(std::move(limit), "count", expr::Column(k.id, k.type, k.name));
  auto optimized = Optimize(std::move(plan));
  REQUIRE(optimized.ok());
  const auto* found = FindNode(**optimized, NodeKind::kLimit);
  REQUIRE(found != nullptr);
  CHECK(found->children[0]->kind == NodeKind::kSort);
}

}  // namespace
}  // namespace vesto::optimizer
