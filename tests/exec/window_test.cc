#include "exec/steps/window.h"

#include <optional>

#include "step_harness.h"

namespace vesto::exec::test {
namespace {

using logical::FrameEdge;
using logical::WindowFunctionKind;
using Kind = FrameEdge::Kind;

// Columns: 0 partition, 1 order key, 2 value, 3 double, 4 text. Sorted by (partition, order).
Relation SortedRows(Random& random, int rows, int partitions) {
  Relation relation;
  relation.columns = {{1, Type::Integer(), "p"},
                      {2, Type::Integer(), "o"},
                      {3, Type::Integer(), "v"},
                      {4, Type::Double(), "f"},
                      {5, Type::Varchar(100), "t"}};
  for (int r = 0; r < rows; ++r) {
    relation.rows.push_back({Value::Integer(static_cast<int32_t>(random.Between(1, partitions))),
                             Value::Integer(static_cast<int32_t>(random.Between(1, 5))),
                             random.ValueOf(Type::Integer(), 20, 4),
                             random.ValueOf(Type::Double(), 64, 4),
                             random.ValueOf(Type::Varchar(100), 20, 4)});
  }
  std::stable_sort(relation.rows.begin(), relation.rows.end(), [](const Row& a, const Row& b) {
    return std::pair(a[0].integer(), a[1].integer()) < std::pair(b[0].integer(), b[1].integer());
  });
  return relation;
}

using Partition = std::vector<const Row*>;
// The value of row i of a partition.
using Model = std::function<std::string(const Partition&, int)>;

struct Tested {
  logical::WindowItem item;
  Model model;
};

std::pair<int, int> Frame(const logical::WindowItem& item, int i, int n) {
  const auto at = [&](const FrameEdge& edge) -> int64_t {
    switch (edge.kind) {
      case Kind::kUnboundedPreceding: return 0;
      case Kind::kPreceding: return i - edge.rows;
      case Kind::kCurrentRow: return i;
      case Kind::kFollowing: return i + edge.rows;
      case Kind::kUnboundedFollowing: return n - 1;
    }
    return 0;
  };
  const int begin = static_cast<int>(std::max<int64_t>(0, at(item.start)));
  const int end = static_cast<int>(std::min<int64_t>(n, at(item.end) + 1));
  return {begin, std::max(begin, end)};
}

bool SameOrder(const Row* a, const Row* b) { return (*a)[1].integer() == (*b)[1].integer(); }

std::vector<Tested> Functions(const Harness& harness, const Relation& relation, Random& random) {
  std::vector<Tested> tested;
  const auto add = [&](WindowFunctionKind kind, Type type, Model model) -> logical::WindowItem& {
    tested.emplace_back();
    tested.back().item.kind = kind;
    tested.back().item.type = type;
    tested.back().model = std::move(model);
    return tested.back().item;
  };
  add(WindowFunctionKind::kRowNumber, Type::Bigint(),
      [](const Partition&, int i) { return std::to_string(i + 1); });
  add(WindowFunctionKind::kRank, Type::Bigint(), [](const Partition& p, int i) {
    int first = i;
    while (first > 0 && SameOrder(p[first - 1], p[i])) --first;
    return std::to_string(first + 1);
  });
  add(WindowFunctionKind::kDenseRank, Type::Bigint(), [](const Partition& p, int i) {
    int rank = 1;
    for (int r = 1; r <= i; ++r) rank += SameOrder(p[r - 1], p[r]) ? 0 : 1;
    return std::to_string(rank);
  });
  add(WindowFunctionKind::kCumeDist, Type::Double(), [](const Partition& p, int i) {
    size_t end = i + 1;
    while (end < p.size() && SameOrder(p[end], p[i])) ++end;
    return TextOf(Value::Double(static_cast<double>(end) / static_cast<double>(p.size())));
  });
  add(WindowFunctionKind::kNtile, Type::Bigint(), [](const Partition& p, int i) {
    // PostgreSQL's rule: the first buckets take one more.
    const int n = static_cast<int>(p.size()), buckets = 3;
    int row = 0;
    for (int b = 1; b <= buckets; ++b) {
      row += n / buckets + (b <= n % buckets ? 1 : 0);
      if (i < row) return std::to_string(b);
    }
    return std::string("none");
  }).args.push_back(expr::Constant(Value::Integer(3)));
  for (const bool ignore : {false, true}) {
    for (const int offset : {0, 1, 2}) {
      for (const int sign : {-1, 1}) {
        auto& item = add(sign > 0 ? WindowFunctionKind::kLead : WindowFunctionKind::kLag,
                         Type::Integer(), [=](const Partition& p, int i) {
                           int left = offset, at = i;
                           while (left > 0) {
                             at += sign;
                             if (at < 0 || at >= static_cast<int>(p.size())) return std::string("NULL");
                             if (!ignore || !(*p[at])[2].is_null()) --left;
                           }
                           return TextOf((*p[at])[2]);
                         });
        item.args.push_back(relation.Column(2));
        item.args.push_back(expr::Constant(Value::Integer(offset)));
        item.ignore_nulls = ignore;
      }
    }
  }
  const std::vector<std::pair<FrameEdge, FrameEdge>> frames = {
      {{Kind::kUnboundedPreceding, 0}, {Kind::kUnboundedFollowing, 0}},
      {{Kind::kUnboundedPreceding, 0}, {Kind::kCurrentRow, 0}},
      {{Kind::kUnboundedPreceding, 0}, {Kind::kFollowing, 2}},
      {{Kind::kPreceding, 3}, {Kind::kFollowing, 1}},
      {{Kind::kPreceding, 5}, {Kind::kPreceding, 2}},
      {{Kind::kFollowing, 1}, {Kind::kFollowing, random.Between(2, 900)}},
      {{Kind::kCurrentRow, 0}, {Kind::kUnboundedFollowing, 0}},
  };
  for (const auto& [start, end] : frames) {
    const auto framed = [&](WindowFunctionKind kind, Type type,
                            std::function<std::string(const Partition&, int, int)> model,
                            bool ignore = false) -> logical::WindowItem& {
      logical::WindowItem edges;
      edges.start = start;
      edges.end = end;
      auto shared = std::make_shared<logical::WindowItem>(std::move(edges));
      auto& item = add(kind, type, [shared, model](const Partition& p, int i) {
        const auto [b, e] = Frame(*shared, i, static_cast<int>(p.size()));
        return model(p, b, e);
      });
      item.start = start;
      item.end = end;
      item.ignore_nulls = ignore;
      return item;
    };
    for (const bool ignore : {false, true}) {
      const auto nth = [ignore](const Partition& p, int b, int e, int n, int step) {
        for (int i = step > 0 ? b : e - 1; i >= b && i < e; i += step) {
          if ((!ignore || !(*p[i])[4].is_null()) && --n == 0) return TextOf((*p[i])[4]);
        }
        return std::string("NULL");
      };
      framed(WindowFunctionKind::kFirstValue, Type::Varchar(100),
             [nth](const Partition& p, int b, int e) { return nth(p, b, e, 1, 1); }, ignore)
          .args.push_back(relation.Column(4));
      framed(WindowFunctionKind::kLastValue, Type::Varchar(100),
             [nth](const Partition& p, int b, int e) { return nth(p, b, e, 1, -1); }, ignore)
          .args.push_back(relation.Column(4));
      auto& item = framed(WindowFunctionKind::kNthValue, Type::Varchar(100),
                          [nth](const Partition& p, int b, int e) { return nth(p, b, e, 2, 1); },
                          ignore);
      item.args.push_back(relation.Column(4));
      item.args.push_back(expr::Constant(Value::Integer(2)));
    }
    const auto aggregate = [&](std::string_view name, int column, Type type,
                               std::function<std::string(const Partition&, int, int)> model) {
      auto& item = framed(WindowFunctionKind::kAggregate, type, std::move(model));
      item.function = harness.Aggregate(name);
      if (column >= 0) item.args.push_back(relation.Column(column));
      for (size_t o = 0; o < item.function->overloads.size(); ++o) {
        const auto& parameters = item.function->overloads[o].parameters;
        if (parameters.size() != item.args.size()) continue;
        if (column < 0 || parameters[0].id == relation.columns[column].type.id ||
            parameters[0].id == TypeId::kUnknown) {
          item.overload = static_cast<int>(o);
          break;
        }
      }
    };
    aggregate("count", -1, Type::Bigint(),
              [](const Partition&, int b, int e) { return std::to_string(e - b); });
    aggregate("sum", 2, Type::Bigint(), [](const Partition& p, int b, int e) {
      int64_t sum = 0;
      bool any = false;
      for (int i = b; i < e; ++i) {
        if ((*p[i])[2].is_null()) continue;
        sum += (*p[i])[2].integer();
        any = true;
      }
      return any ? std::to_string(sum) : std::string("NULL");
    });
    aggregate("sum", 3, Type::Double(), [](const Partition& p, int b, int e) {
      double sum = 0;  // halves: exact in any order
      bool any = false;
      for (int i = b; i < e; ++i) {
        if ((*p[i])[3].is_null()) continue;
        sum += (*p[i])[3].floating();
        any = true;
      }
      return any ? TextOf(Value::Double(sum)) : std::string("NULL");
    });
    aggregate("max", 2, Type::Integer(), [](const Partition& p, int b, int e) {
      std::optional<int64_t> best;
      for (int i = b; i < e; ++i) {
        if (!(*p[i])[2].is_null()) best = std::max(best.value_or(-1000), (*p[i])[2].integer());
      }
      return best ? std::to_string(*best) : std::string("NULL");
    });
    aggregate("min", 4, Type::Varchar(100), [](const Partition& p, int b, int e) {
      std::optional<std::string> best;
      for (int i = b; i < e; ++i) {
        if ((*p[i])[4].is_null()) continue;
        std::string text = (*p[i])[4].text();
        while (text.back() == ' ') text.pop_back();
        if (!best || text < *best) best = text;
      }
      return best.value_or("NULL");
    });
  }
  return tested;
}

std::string Trim(std::string text) {
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

TEST_CASE("window functions agree with a naive model", "[exec]") {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    Random random(seed);
    const int rows = std::vector<int>{0, 1, 50, 2500}[seed % 4];
    const int partitions = std::vector<int>{1, 5, 400}[seed % 3];
    CAPTURE(seed, rows, partitions);
    Harness harness;
    const Relation relation = SortedRows(random, rows, partitions);
    std::vector<Tested> tested = Functions(harness, relation, random);
    physical::WindowSpec spec;
    spec.partition_by.push_back(relation.Column(0));
    spec.order_by.push_back({relation.Column(1), false, false});
    std::vector<logical::OutputColumn> output = relation.columns;
    std::vector<Model> models;
    for (Tested& t : tested) {
      output.push_back({100 + static_cast<int>(models.size()), t.item.type, "w"});
      models.push_back(std::move(t.model));
      spec.items.push_back(std::move(t.item));
    }
    const physical::Step step{std::move(spec), output, -1};
    auto window = MakeStep(step, relation.layout(),
                           std::make_unique<FakeInput>(BatchesOf(relation, random, 700)),
                           harness.Context(0));
    REQUIRE_OK(window);
    auto batches = Harness::Drain(**window);
    REQUIRE_OK(batches);
    const std::vector<TextRow> actual = Harness::RowsOf(*batches);
    REQUIRE(actual.size() == relation.rows.size());
    for (size_t begin = 0; begin < relation.rows.size();) {
      Partition partition;
      size_t end = begin;
      while (end < relation.rows.size() && relation.rows[end][0] == relation.rows[begin][0]) {
        partition.push_back(&relation.rows[end++]);
      }
      for (size_t i = begin; i < end; ++i) {
        TextRow expected = TextOf(relation.rows[i]);
        // The model of a large frame is slow: look at some rows of large partitions.
        if (partition.size() > 300 && i % 37 != 0) continue;
        for (size_t m = 0; m < models.size(); ++m) {
          INFO("item " << m << " row " << i);
          const std::string wanted = models[m](partition, static_cast<int>(i - begin));
          if (Trim(actual[i][relation.columns.size() + m]) != Trim(wanted)) {
            CHECK(actual[i][relation.columns.size() + m] == wanted);
          }
        }
      }
      begin = end;
    }
  }
}

TEST_CASE("ordered aggregates and percentiles run over whole partitions", "[exec]") {
  Random random(5);
  Harness harness;
  Relation relation;
  relation.columns = {{1, Type::Integer(), "p"}, {2, Type::Integer(), "v"}};
  for (const int v : {3, 1, 2, 4}) relation.rows.push_back({Value::Integer(1), Value::Integer(v)});
  relation.rows.push_back({Value::Integer(2), Value::Null(Type::Integer())});
  physical::WindowSpec spec;
  spec.partition_by.push_back(relation.Column(0));
  logical::WindowItem disc;
  disc.kind = WindowFunctionKind::kPercentileDisc;
  disc.args.push_back(expr::Constant(Value::Double(0.5)));
  disc.within_group.push_back({relation.Column(1), false, false});
  disc.type = Type::Integer();
  spec.items.push_back(std::move(disc));
  logical::WindowItem ratio;
  ratio.kind = WindowFunctionKind::kRatioToReport;
  ratio.args.push_back(relation.Column(1));
  ratio.type = Type::Double();
  spec.items.push_back(std::move(ratio));
  logical::WindowItem rank;
  rank.kind = WindowFunctionKind::kPercentRank;
  rank.type = Type::Double();
  spec.items.push_back(std::move(rank));
  std::vector<logical::OutputColumn> output = relation.columns;
  output.push_back({10, Type::Integer(), "disc"});
  output.push_back({11, Type::Double(), "ratio"});
  output.push_back({12, Type::Double(), "rank"});
  const physical::Step step{std::move(spec), output, -1};
  auto window = MakeStep(step, relation.layout(),
                         std::make_unique<FakeInput>(BatchesOf(relation, random, 2)),
                         harness.Context(0));
  REQUIRE_OK(window);
  const std::vector<TextRow> rows = Harness::RowsOf(Harness::Drain(**window).value());
  CHECK(rows == std::vector<TextRow>{{"1", "3", "2", "0.3", "0"},
                                     {"1", "1", "2", "0.1", "0"},
                                     {"1", "2", "2", "0.2", "0"},
                                     {"1", "4", "2", "0.4", "0"},
                                     {"2", "NULL", "NULL", "NULL", "0"}});
}

}  // namespace vesto::exec::test
