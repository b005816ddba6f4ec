#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "column/batch.h"
#include "functions/eval_context.h"
#include "vesto/type.h"

namespace vesto::source {

struct SourceColumn {
  std::string name;
  Type type;
  bool hidden = false;  // found by its name, left out of `*`: pg_class.oid
};

// Reads the rows of one scan. One thread at a time.
class SourceReader {
 public:
  virtual ~SourceReader() = default;
  // False at the end.
  virtual absl::StatusOr<bool> Next(column::Batch* batch) = 0;
};

// Rows that live elsewhere than in table shards: system views, later external tables.
// Thread-safety: immutable; OpenReader may be called from any thread.
class TableSource {
 public:
  virtual ~TableSource() = default;
  virtual const std::string& schema() const = 0;  // "pg_catalog", ...
  virtual const std::string& name() const = 0;
  virtual const std::vector<SourceColumn>& columns() const = 0;
  // True for PG_* and information_schema: queries on these alone run on the leader, with
  // leader-only functions allowed (redshift/architecture.md §18).
  virtual bool leader_only() const = 0;
  // Columns are delivered in the order of `columns()`, all of them.
  virtual absl::StatusOr<std::unique_ptr<SourceReader>> OpenReader(
      const functions::EvalContext& context) const = 0;
};

// The seam through which names in FROM find sources: sysview and the wings answer.
class SourceResolver {
 public:
  virtual ~SourceResolver() = default;
  // nullptr when this resolver knows no such relation.
  virtual std::shared_ptr<const TableSource> FindSource(std::string_view schema,
                                                        std::string_view name) const = 0;
  // Virtual relations that are SQL over others (SVL, SVV, information_schema): their query text,
  // "" when there is none.
  virtual std::string_view FindSourceQuery(std::string_view schema, std::string_view name) const = 0;
  // Functions in FROM that give rows, with constant arguments; nullptr for any other.
  virtual std::shared_ptr<const TableSource> FindTableFunction(
      std::string_view name, const std::vector<Value>& arguments) const {
    return nullptr;
  }
  // True for relations that ordinary users may not read (system-views.md, visibility S).
  virtual bool NeedsSuperuser(std::string_view schema, std::string_view name) const {
    return false;
  }
};

}  // namespace vesto::source
