#include <utility>
#include <vector>

#include "sql/ast/query.h"
#include "sql/ast/values_rows.h"

// Trees are freed without recursion: a node hands its children that have children of their own to
// a list, and the list is worked off until it is empty. A chain of a million operators then needs
// no stack, and a list of a million literals costs nothing extra.
namespace vesto::sql {
namespace {

class Graveyard {
 public:
  void Take(ExpressionPtr& expression) {
    if (expression != nullptr && !IsLeaf(*expression))
      expressions_.push_back(std::move(expression));
  }
  void Take(QueryPtr& query) {
    if (query != nullptr) queries_.push_back(std::move(query));
  }
  void Take(TableRefPtr& table) {
    if (table != nullptr) tables_.push_back(std::move(table));
  }
  template <typename T>
  void Take(std::vector<T>& list) {
    for (T& item : list) Take(item);
  }
  void Take(OrderItem& item) { Take(item.expression); }
  void Take(SelectItem& item) { Take(item.expression); }
  void Take(CommonTable& table) { Take(table.query); }
  void Take(CaseBranch& branch) {
    Take(branch.when);
    Take(branch.then);
  }
  // Grouping elements nest as deep as the parser allows, which recursion can bear.
  void Take(GroupingElement& element) {
    Take(element.expressions);
    Take(element.elements);
  }
  void Take(WindowSpec& window) {
    Take(window.partition_by);
    Take(window.order_by);
    if (window.frame.has_value()) {
      Take(window.frame->start_offset);
      Take(window.frame->end_offset);
    }
  }
  void Take(Select& select) {
    Take(select.items);
    Take(select.from);
    Take(select.where);
    Take(select.start_with);
    Take(select.connect_by);
    Take(select.group_by);
    Take(select.having);
    Take(select.qualify);
    Take(select.top);
  }

  void TakeChildren(Expression& expression) {
    Take(expression.args);
    Take(expression.branches);
    Take(expression.otherwise);
    Take(expression.query);
    Take(expression.within_group);
    if (expression.over != nullptr) Take(*expression.over);
  }
  void TakeChildren(Query& query) {
    if (query.with.has_value()) Take(query.with->tables);
    if (query.select != nullptr) Take(*query.select);
    if (query.rows != nullptr) Take(query.rows->trees());
    Take(query.inputs);
    Take(query.order_by);
    Take(query.limit);
    Take(query.limit_offset);
  }
  void TakeChildren(TableRef& table) {
    Take(table.query);
    Take(table.function);
    Take(table.left);
    Take(table.right);
    Take(table.on);
    Take(table.aggregates);
    Take(table.values);
  }

  // Each node dies after its children have been taken, so its destructor finds none.
  void Bury() {
    while (!expressions_.empty() || !queries_.empty() || !tables_.empty()) {
      BuryOne(expressions_);
      BuryOne(queries_);
      BuryOne(tables_);
    }
  }

  static bool IsLeaf(const Expression& expression) {
    return expression.args.empty() && expression.branches.empty() &&
           expression.otherwise == nullptr && expression.query == nullptr &&
           expression.over == nullptr && expression.within_group.empty();
  }

 private:
  template <typename T>
  void BuryOne(std::vector<std::unique_ptr<T>>& list) {
    if (list.empty()) return;
    const std::unique_ptr<T> node = std::move(list.back());
    list.pop_back();
    TakeChildren(*node);
  }

  std::vector<ExpressionPtr> expressions_;
  std::vector<QueryPtr> queries_;
  std::vector<TableRefPtr> tables_;
};

}  // namespace

Expression::Expression() = default;

Expression::~Expression() {
  if (Graveyard::IsLeaf(*this)) return;
  Graveyard graveyard;
  graveyard.TakeChildren(*this);
  graveyard.Bury();
}

Query::Query() = default;

Query::~Query() {
  Graveyard graveyard;
  graveyard.TakeChildren(*this);
  graveyard.Bury();
}

TableRef::~TableRef() {
  Graveyard graveyard;
  graveyard.TakeChildren(*this);
  graveyard.Bury();
}

}  // namespace vesto::sql
