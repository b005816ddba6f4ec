#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/result_set.h"
#include "vesto/row_encoder.h"
#include "vesto/status.h"
#include "vesto/value.h"

namespace vesto {

namespace cluster {
class SessionImpl;
class StreamImpl;
class PreparedImpl;
class AppenderImpl;
class ScriptImpl;
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

// What COPY FROM STDIN or COPY TO STDOUT carries between the client and the statement.
struct CopyInfo {
  bool from_client = false;
  bool binary = false;  // else text or CSV
  int columns = 0;
};

// A result that is computed while it is read. Next() does the work on the caller's thread, helped
// by the cluster's workers, which stop when the unread part grows (back-pressure).
// The statement's transaction ends with the stream: at its end, at its first error, by Close, or when
// it is destroyed before any of them, which cancels the statement and so undoes its transaction or fails
// its block. Movable. One thread at a time.
class ResultStream {
 public:
  ResultStream(ResultStream&&) noexcept;
  ResultStream& operator=(ResultStream&&) noexcept;
  ~ResultStream();

  const std::vector<ResultColumn>& columns() const;
  // The next rows; nullopt at the end. After an error every call gives that error.
  StatusOr<std::optional<Batch>> Next();
  // Reads what is left into memory, within the memory budget, and ends the statement, so that the
  // session is free for others; Next() goes on with the same rows.
  Status Materialize();
  // Ends the statement, which has done well: what is left of its rows is not computed. A statement
  // without rows runs to its end. 55000 during COPY FROM STDIN. After the end it does nothing.
  Status Close();
  // Why the statement should end now (cancelled, timed out, session terminated); OK otherwise. Does
  // no work: for a caller that waits for something else between two calls of Next.
  Status Interrupted();

  // --- COPY FROM STDIN and COPY TO STDOUT: instead of Next ---------------------------------------
  // PostgreSQL's statements, with its options and formats. Nullopt for every other statement.
  std::optional<CopyInfo> copy() const;
  // FROM STDIN: the next bytes of the data, cut anywhere. Errors: 22P04 for rows of the wrong shape,
  // those of INSERT for values, with the line and the column in the context; the statement has
  // ended then.
  Status PutCopyData(std::string_view bytes);
  // FROM STDIN: that was all; the statement ends. Dropping the stream instead undoes the rows.
  Status EndCopyData();
  // TO STDOUT: appends the next row (the first one with what precedes it) to `out`; false at the
  // end, with what follows the last row appended.
  StatusOr<bool> GetCopyRow(std::string* out);

  // Complete only after the end.
  const std::string& command_tag() const;
  int64_t affected_rows() const;

 private:
  friend class Session;
  friend class PreparedStatement;
  friend class Script;
  explicit ResultStream(std::unique_ptr<cluster::StreamImpl> impl);
  std::unique_ptr<cluster::StreamImpl> impl_;
};

// The statements of one text, each read as it is computed, with the transaction bounds of
// Session::Execute: without BEGIN they are one transaction, and the first error undoes them all.
// Movable. One thread at a time; it must not outlive its session.
class Script {
 public:
  Script(Script&&) noexcept;
  Script& operator=(Script&&) noexcept;
  ~Script();  // before the end: what ran outside BEGIN is rolled back

  // Starts the next statement; nullopt after the last one, when the text's own transaction is
  // committed. The stream of the former statement must have been read to its end. After an error
  // (of Next or of a stream) nothing more runs, and every call gives that error.
  StatusOr<std::optional<ResultStream>> Next();

 private:
  friend class Session;
  explicit Script(std::unique_ptr<cluster::ScriptImpl> impl);
  std::unique_ptr<cluster::ScriptImpl> impl_;
};

// A statement parsed and typed once, to run many times with other parameters. It keeps its plan while
// definitions, settings, data and the parameters' types stay as they are. Its memory counts against the
// cluster's; a Prepare that finds none fails with 53200.
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
// After its Cluster is gone every statement fails with 57P01. Movable; a handle of this header that was
// moved from answers 55000, or nothing.
// Thread-safety: one thread at a time; Cancel and Terminate may be called from any thread.
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
  // The statements of a text, each streamed.
  StatusOr<Script> Run(std::string_view sql);
  // `parameter_types`: those that the caller knows; unknown ones, and those beyond its end, are
  // inferred. An empty text is an empty statement, with the command tag "".
  StatusOr<PreparedStatement> Prepare(std::string_view sql,
                                      const std::vector<Type>& parameter_types = {});
  // `table`: "orders" or "public.orders".
  StatusOr<vesto::Appender> Append(std::string_view table);

  // Ends the running statement with 57014. Does nothing when none runs.
  void Cancel();

  // Called on the thread that runs the statement. An empty function removes it.
  void OnNotice(std::function<void(const Notice&)> callback);
  // Called at most every 100 ms while a statement runs; returning false cancels it.
  void OnProgress(std::function<bool(const Progress&)> callback);

  // --- For endpoints that carry a session over a network -----------------------------------------
  // For a door that keeps statements of its own under names which DEALLOCATE may say: called with the
  // name, or "" for all of them; true if it knew the name.
  void OnDeallocate(std::function<bool(std::string_view name)> callback);
  // From here to EndPipeline statements outside BEGIN share one transaction, as the messages of
  // PostgreSQL's extended query do up to Sync: it is committed by EndPipeline, or rolled back by
  // the first error.
  void BeginPipeline();
  Status EndPipeline();
  // As the error of a statement would: the block of BEGIN is failed, or what runs outside one is
  // rolled back.
  void FailTransaction();
  // Sets a parameter as a client's startup packet does: it is also what RESET goes back to.
  // Errors: 42704 for an unknown name, 22023 for a bad value.
  Status SetDefault(std::string_view parameter, std::string_view value);
  // As SHOW prints it. 42704 for an unknown name.
  StatusOr<std::string> Show(std::string_view parameter) const;
  // Called on the session's thread with every parameter that clients are told of: at once with
  // their present values, then when a statement has changed one.
  void OnParameterChange(std::function<void(std::string_view name, std::string_view value)> callback);
  // Ends the session, as PG_TERMINATE_BACKEND does: the running statement fails with 57P01, as does
  // every later one. Any thread.
  void Terminate();
  // Called on any thread when the session is ended so. It must not call into the session.
  void OnTerminate(std::function<void()> callback);
  bool terminated() const;
  // What Cluster::Cancel asks for beside the pid.
  int32_t cancel_key() const;
  // The names of a result column's table and column, and whether it may be NULL.
  struct Origin {
    std::string schema, table, column;
    bool not_null = false, identity = false;
  };
  // Of a ResultColumn whose `table` is not 0; nullopt when that is gone.
  std::optional<Origin> OriginOf(const ResultColumn& column) const;
  // The cursor that DECLARE has opened, under the name that SQL has folded. To clients it is a portal.
  struct Cursor {
    std::string name;
    std::vector<ResultColumn> columns;
  };
  std::optional<Cursor> open_cursor() const;  // there is one at a time
  // `forms`: one per type, or one for all; none means text.
  RowEncoder NewRowEncoder(const std::vector<Type>& types, const std::vector<ValueForm>& forms,
                           BinaryDialect dialect) const;
  // A parameter as a client sent it. Errors: 22P02 and others for text that is no value of `type`,
  // 22P03 for bytes that are none, 22021 for text that is not UTF-8.
  StatusOr<Value> DecodeParameter(const Type& type, ValueForm form, std::string_view bytes,
                                  BinaryDialect dialect) const;

  bool in_transaction() const;  // inside BEGIN
  bool transaction_failed() const;  // inside BEGIN after an error: only ROLLBACK is accepted
  int32_t pid() const;  // PG_BACKEND_PID()
  // The user's SESSION TIMEOUT when the session began: an endpoint ends a session that is silent for
  // so long. 0 = none.
  std::chrono::seconds idle_timeout() const;

 private:
  friend class Cluster;
  explicit Session(std::shared_ptr<cluster::SessionImpl> impl);
  std::shared_ptr<cluster::SessionImpl> impl_;
};

}  // namespace vesto
