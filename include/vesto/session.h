#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/result_set.h"
#include "vesto/status.h"
#include "vesto/value.h"

namespace vesto {

namespace cluster {
class SessionImpl;
class StreamImpl;
class PreparedImpl;
class AppenderImpl;
}  // namespace cluster

// A message beside the result: INFO, NOTICE, WARNING.
struct Notice {
  std::string severity;
  std::string message;
};

// How far a statement is. `rows` are rows that its sources have read so far.
struct Progress {
  int64_t rows = 0;
  int64_t bytes = 0;
};

// A result that is computed while it is read. Next() does the work on the caller's thread, helped
// by the cluster's workers, which stop when the unread part grows (back-pressure).
// The statement's transaction ends with the stream: at its end, at its first error, or when it is
// destroyed before (which cancels the rest). Movable. One thread at a time.
class ResultStream {
 public:
  ResultStream(ResultStream&&) noexcept;
  ResultStream& operator=(ResultStream&&) noexcept;
  ~ResultStream();

  const std::vector<ResultColumn>& columns() const;
  // The next rows; nullopt at the end. After an error every call gives that error.
  StatusOr<std::optional<Batch>> Next();
  // Complete only after the end.
  const std::string& command_tag() const;
  int64_t affected_rows() const;

 private:
  friend class Session;
  friend class PreparedStatement;
  explicit ResultStream(std::unique_ptr<cluster::StreamImpl> impl);
  std::unique_ptr<cluster::StreamImpl> impl_;
};

// A statement parsed and typed once, to run many times with other parameters.
// It belongs to its session and must not outlive it. One thread at a time.
class PreparedStatement {
 public:
  PreparedStatement(PreparedStatement&&) noexcept;
  PreparedStatement& operator=(PreparedStatement&&) noexcept;
  ~PreparedStatement();

  const std::vector<Type>& parameter_types() const;
  const std::vector<ResultColumn>& columns() const;  // empty for statements without a result
  StatusOr<ResultSet> Execute(const std::vector<Value>& parameters = {});
  StatusOr<ResultStream> Stream(const std::vector<Value>& parameters = {});

 private:
  friend class Session;
  explicit PreparedStatement(std::unique_ptr<cluster::PreparedImpl> impl);
  std::unique_ptr<cluster::PreparedImpl> impl_;
};

// Adds rows to one table without SQL. Rows become visible, all or none, at Close(): it commits them
// unless the session is inside BEGIN. Values are converted as INSERT would. One thread at a time.
class Appender {
 public:
  Appender(Appender&&) noexcept;
  Appender& operator=(Appender&&) noexcept;
  ~Appender();  // without Close(): the rows are dropped

  // One value per column of the table.
  Status AppendRow(const std::vector<Value>& values);
  Status Close();
  int64_t rows() const;

 private:
  friend class Session;
  explicit Appender(std::unique_ptr<cluster::AppenderImpl> impl);
  std::unique_ptr<cluster::AppenderImpl> impl_;
};

// One connection to a cluster: settings, a transaction, temporary tables, prepared statements.
// It must not outlive its Cluster. Movable.
// Thread-safety: one thread at a time; Cancel may be called from any thread.
class Session {
 public:
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();  // rolls back what is open and drops temporary tables

  // Runs one or more statements separated by semicolons and returns the last one's result.
  // Without BEGIN, several statements are one transaction, as in PostgreSQL's simple query: the
  // first error undoes them all. $1 is parameters[0] (one statement only).
  // Errors: the statement's, with SQLSTATE, position, detail and hint; 53200 when the result does
  // not fit the memory budget; 55006 while a ResultStream of this session is open.
  StatusOr<ResultSet> Execute(std::string_view sql, const std::vector<Value>& parameters = {});
  // As Execute, but every statement's result, in order.
  StatusOr<std::vector<ResultSet>> ExecuteAll(std::string_view sql);
  // One statement whose result is read as it is computed.
  StatusOr<ResultStream> Stream(std::string_view sql, const std::vector<Value>& parameters = {});
  StatusOr<PreparedStatement> Prepare(std::string_view sql);
  // `table`: "orders" or "public.orders".
  StatusOr<vesto::Appender> Append(std::string_view table);

  // Ends the running statement with 57014. Does nothing when none runs.
  void Cancel();

  // Called on the thread that runs the statement. An empty function removes it.
  void OnNotice(std::function<void(const Notice&)> callback);
  // Called at most every 100 ms while a statement runs; returning false cancels it.
  void OnProgress(std::function<bool(const Progress&)> callback);

  bool in_transaction() const;  // inside BEGIN
  bool transaction_failed() const;  // inside BEGIN after an error: only ROLLBACK is accepted
  int32_t pid() const;  // PG_BACKEND_PID()

 private:
  friend class Cluster;
  explicit Session(std::shared_ptr<cluster::SessionImpl> impl);
  std::shared_ptr<cluster::SessionImpl> impl_;
};

}  // namespace vesto
