#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/memory_pool.h"
#include "column/batch.h"
#include "sql/ast/statement.h"
#include "vesto/result_set.h"
#include "vesto/session.h"

namespace vesto::cluster {

class SessionImpl;
struct ParsedText;

// The cursor of a session: DECLARE, FETCH and CLOSE.
//
// A session has one open cursor at a time; it belongs to its transaction and ends with it. DECLARE
// checks the query, the first FETCH runs it to its end and keeps the rows, as Redshift's leader does:
// later changes of the same transaction are not seen. Forward only.
// Rows are charged to the cluster's memory: 53200 when the budget refuses.
// Source: redshift/statements.md §H. Used on its session's thread.
class Cursors {
 public:
  explicit Cursors(SessionImpl& session);
  ~Cursors();

  // Runs `statement` if it is one of the three; else nullopt. 25P01 for DECLARE outside a
  // transaction block, 42P03 for a name that is taken, 34000 for one that does not exist.
  absl::StatusOr<std::optional<ResultSet>> Run(const std::shared_ptr<const ParsedText>& parsed,
                                               const sql::Statement& statement,
                                               const std::vector<Value>& parameters);

  // What FETCH from `name` gives; null: there is no such cursor.
  const std::vector<ResultColumn>* FindColumns(std::string_view name) const;

  std::optional<Session::Cursor> open() const;

  // At the transaction's end.
  void CloseAll();

 private:
  struct Cursor {
    std::string name;
    std::shared_ptr<const ParsedText> parsed;  // keeps `query` alive
    const sql::Statement* query = nullptr;
    std::vector<Value> parameters;
    std::vector<ResultColumn> columns;
    int64_t start_micros = 0;

    bool filled = false;
    std::vector<std::shared_ptr<const column::Batch>> batches;
    base::MemoryCharge charge;
    int64_t rows = 0;
    // Rows [0, next) have been fetched; the next one is `row` of `batch`.
    int64_t next = 0;
    size_t batch = 0;
    int row = 0;
    bool beyond = false;  // a FETCH asked for more than there was: no current row
  };

  absl::StatusOr<ResultSet> Declare(const std::shared_ptr<const ParsedText>& parsed,
                                    const sql::DeclareCursorStatement& declare, int offset,
                                    const std::vector<Value>& parameters);
  absl::StatusOr<ResultSet> Fetch(const sql::FetchStatement& fetch, int offset);
  absl::StatusOr<ResultSet> Close(const sql::CloseStatement& close, int offset);
  absl::Status Fill();
  // Up to `count` rows from the cursor's place on, which moves behind them.
  std::vector<Batch> Take(int64_t count);
  // The last row fetched; none before the first FETCH and beyond the end.
  std::vector<Batch> CurrentRow() const;
  void Publish() const;

  SessionImpl& session_;
  std::unique_ptr<Cursor> cursor_;  // null: none is open
};

}  // namespace vesto::cluster
