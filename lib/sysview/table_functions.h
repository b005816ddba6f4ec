#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "source/table_source.h"
#include "sysview/system_views.h"

// Functions in FROM that give rows of the catalog: PG_GET_LATE_BINDING_VIEW_COLS, PG_GET_COLS.
// Source: Database Developer Guide, "System information functions".
namespace vesto::sysview {

struct TableFunction {
  std::string name;
  size_t num_arguments = 0;
  std::vector<source::SourceColumn> columns;
  std::function<absl::Status(const SystemState&, const std::vector<Value>& arguments, Rows&)> rows;
};

// nullptr when there is none.
const TableFunction* FindCatalogFunction(std::string_view name, size_t num_arguments);

// One call of a table function in a statement.
class TableFunctionSource : public source::TableSource {
 public:
  TableFunctionSource(const TableFunction& function, std::vector<Value> arguments)
      : function_(function), arguments_(std::move(arguments)) {}
  const std::string& schema() const override { return schema_; }
  const std::string& name() const override { return function_.name; }
  const std::vector<source::SourceColumn>& columns() const override { return function_.columns; }
  bool leader_only() const override { return true; }
  absl::StatusOr<std::unique_ptr<source::SourceReader>> OpenReader(
      const functions::EvalContext& context) const override;

 private:
  const TableFunction& function_;
  const std::vector<Value> arguments_;
  const std::string schema_ = "pg_catalog";
};

}  // namespace vesto::sysview
