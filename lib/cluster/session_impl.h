#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/string_map.h"
#include "catalog/catalog.h"
#include "cluster/cluster_impl.h"
#include "cluster/cursors.h"
#include "commands/command.h"
#include "settings/settings.h"
#include "sql/ast/statement.h"
#include "txn/transaction_manager.h"
#include "vesto/session.h"

namespace vesto::cluster {

class KeptPlan;
class RepeatedTexts;
class StatementRun;
struct PlanInputs;

// The statements of one string, kept alive as long as something bound from them runs.
struct ParsedText {
  std::string text;
  std::vector<sql::Statement> statements;
  // Of a text that differs from the pattern's in some integers at most (RepeatedTexts): the pattern's
  // statement is run with these as its parameters.
  std::shared_ptr<const ParsedText> pattern;
  std::vector<Value> numbers;
  std::shared_ptr<KeptPlan> kept;

  const std::vector<sql::Statement>& trees() const {
    return pattern != nullptr ? pattern->statements : statements;
  }

  ParsedText() = default;
  ParsedText(const ParsedText&) = delete;
  ParsedText& operator=(const ParsedText&) = delete;
  ~ParsedText();  // overwrites the passwords in it

  // A statement's text as logs keep it: '***' for passwords and keys.
  std::string LogText(const sql::Statement& statement) const;
};

// A statement that PREPARE or Session::Prepare named.
struct PreparedText {
  std::shared_ptr<const ParsedText> parsed;
  const sql::Statement* statement = nullptr;
  std::vector<Type> parameter_types;
  std::vector<ResultColumn> columns;
  std::shared_ptr<KeptPlan> kept;
};

// The rows that a statement has left, within its memory budget; ends it. `held`: what they are charged
// to for as long as the caller keeps them; null when they are the host's.
absl::StatusOr<ResultSet> Drain(StatementRun& run, base::MemoryCharge* held = nullptr);

// How a statement ended, as logs keep it.
void SetOutcome(const absl::Status& outcome, telemetry::QueryRecord* record);

// 25P02: only ROLLBACK is accepted.
absl::Status AbortedBlock();

ResultColumn PublicColumn(const binder::ResultColumn& column);
// The columns of the lines that EXPLAIN answers.
std::vector<ResultColumn> ExplainColumns();

// A statement that has begun: its rows are read from `run`, or stand in `ready` already.
struct StartedStatement {
  std::unique_ptr<StatementRun> run;
  ResultSet ready;

  StartedStatement(std::unique_ptr<StatementRun> run);
  explicit StartedStatement(ResultSet ready);
  StartedStatement(StartedStatement&&) noexcept;
  StartedStatement& operator=(StartedStatement&&) noexcept;
  ~StartedStatement();
};

// One connection: settings, transaction, temporary schema, prepared statements, cursor.
// Thread-safety: its session's thread, except Cancel and Terminate.
class SessionImpl : public std::enable_shared_from_this<SessionImpl> {
 public:
  // `connection`: whose session it is; a user or database that is not named is the cluster's own.
  static absl::StatusOr<std::shared_ptr<SessionImpl>> Open(ClusterImpl& cluster,
                                                           telemetry::ConnectionRecord connection);
  ~SessionImpl();

  absl::StatusOr<std::shared_ptr<const ParsedText>> Parse(std::string_view sql) const;
  // For running it at once with these parameters.
  absl::StatusOr<std::shared_ptr<const ParsedText>> ParseToRun(
      std::string_view sql, const std::vector<Value>& parameters);

  // Runs all statements of a text; `each` receives every result.
  absl::Status RunAll(std::shared_ptr<const ParsedText> parsed, const std::vector<Value>& parameters,
                      const std::function<absl::Status(ResultSet)>& each);
  // Begins one statement of any kind. `kept`: a prepared statement's plan; may be null.
  absl::StatusOr<StartedStatement> StartStatement(std::shared_ptr<const ParsedText> parsed,
                                                  const sql::Statement& statement,
                                                  const std::vector<Value>& parameters,
                                                  KeptPlan* kept = nullptr);
  // 55006 while a result is still being read.
  absl::Status CheckIdle() const;
  // Names its parameters' and columns' types, running nothing.
  absl::StatusOr<PreparedText> Describe(std::shared_ptr<const ParsedText> parsed,
                                        const sql::Statement& statement,
                                        std::vector<Type> parameter_types);

  // Ends the running statement with 57014. Any thread.
  void Cancel();
  // Ends the running statement, and every later one, with 57P01. Any thread.
  void Terminate();
  bool terminated() const { return terminated_.load(std::memory_order_acquire); }
  void OnTerminate(std::function<void()> callback);
  // 42501 unless this session's user may cancel or end `target`: one's own, or a superuser any.
  absl::Status CheckMaySignal(const SessionImpl& target) const;
  // Null: nothing runs.
  void SetRunning(base::Cancellation* cancellation, int64_t query_id);
  // Lets cancel requests, statement_timeout and the end of the session reach what is no statement's
  // run: binding for Describe, the arguments of EXECUTE. Until it goes, in the session's thread.
  class Interruptible {
   public:
    Interruptible(SessionImpl& session, functions::EvalContext* eval);
    ~Interruptible();
    absl::Status status() const { return cancellation_.status(); }

   private:
    SessionImpl& session_;
    base::Cancellation cancellation_;
    base::Cancellation* outer_ = nullptr;  // of a statement whose result is half read
    int64_t outer_query_id_ = -1;
  };
  // Lets statement_timeout end what began at `start`.
  void LimitTime(base::Cancellation& cancellation, std::chrono::steady_clock::time_point start,
                 int64_t query_id) const;

  // --- Transactions -----------------------------------------------------------------------------
  bool in_block() const { return in_block_; }
  bool failed() const { return failed_; }
  // BEGIN READ ONLY, or by the session's parameters.
  bool read_only() const {
    const settings::Parameters& parameters = settings.get();
    return parameters.transaction_read_only || parameters.default_transaction_read_only ||
           parameters.readonly;
  }
  // Fails where Redshift fails, though clients of PostgreSQL would like an answer.
  bool strict() const { return settings.get().vesto_compat == "strict"; }
  txn::Transaction& transaction();  // begins one when there is none
  catalog::Changes& changes();
  bool has_transaction() const { return transaction_ != nullptr; }
  absl::Status Commit();
  void Rollback();
  void BeginBlock();
  // After a statement outside a block and outside a multi-statement string.
  absl::Status EndImplicit(bool ok);
  void SetImplicitBlock(bool on) { implicit_block_ = on; }
  // Until EndPipeline, statements outside BEGIN share one transaction.
  void BeginPipeline();
  absl::Status EndPipeline();
  // Where statements that cannot run inside a transaction block are refused.
  bool in_any_block() const { return in_block_ || implicit_block_ || pipeline_statements_ > 1; }

  void Notify(std::string severity, std::string message) const;
  // Whom to tell of the parameters that clients are told of, and what changed of them since.
  using ParameterCallback = std::function<void(std::string_view name, std::string_view value)>;
  void OnParameterChange(ParameterCallback callback);
  void ReportParameters();

  std::shared_ptr<const catalog::CatalogSnapshot> CatalogNow();
  absl::StatusOr<catalog::Oid> TemporarySchema();
  catalog::Oid temporary_schema() const { return temporary_schema_; }  // 0 = none yet
  // The search path without the schemas that the user may not use.
  std::vector<std::string> UsablePath(const catalog::CatalogSnapshot& catalog) const;
  functions::EvalContext MakeEvalContext(int64_t query_id) const;
  // How values are read from text and written as text now.
  types::TextContext MakeTextContext() const;
  // nullopt while the transaction has definitions of its own.
  std::optional<PlanInputs> InputsOfPlan(const std::vector<Value>& parameters) const;
  binder::BindContext MakeBindContext(const catalog::CatalogSnapshot& catalog,
                                      const functions::EvalContext& eval) const;

  const std::shared_ptr<ClusterImpl> owner;  // first: it is there until the rest is gone
  ClusterImpl& cluster;
  settings::Settings settings;
  const int32_t pid;
  const int32_t cancel_key;  // what a second connection must know to cancel
  std::string user, database;  // `user`, `user_id`: as whom the session acts
  int32_t user_id = catalog::kSuperuserId;
  int idle_timeout_seconds = 0;  // the user's SESSION TIMEOUT; 0 = none
  std::function<void(const Notice&)> on_notice;
  std::function<bool(const Progress&)> on_progress;
  std::function<bool(std::string_view)> on_deallocate;
  StringMap<PreparedText> prepared;
  // Forgets a prepared statement, or all of them (""), here and at the door; false: nobody knew it.
  bool Deallocate(const std::string& name);
  std::optional<Session::Cursor> open_cursor() const { return cursors_.open(); }
  int64_t last_query_id = -1;        // PG_LAST_QUERY_ID: of the last statement with a plan
  int64_t last_copy_id = -1, last_copy_count = 0;
  int64_t last_unload_id = -1, last_unload_count = 0;

 private:
  friend class StatementRun;
  SessionImpl(ClusterImpl& cluster, telemetry::ConnectionRecord connection);

  // Statements that steer the session itself; nullopt when `statement` is none of them.
  absl::StatusOr<std::optional<ResultSet>> RunSessionStatement(
      const std::shared_ptr<const ParsedText>& parsed, const sql::Statement& statement,
      const std::vector<Value>& parameters);
  // Undoes what the transaction did; the block, if there is one, is still open.
  void Undo();
  absl::Status Discard(sql::DiscardStatement::What what, int offset);
  void DropTemporaryTables();
  absl::Status SignalStatement(const sql::CancelStatement& cancel);
  // --- authorization.cc ---
  // Who the session acts as, and with which rights.
  struct Identity {
    std::string user;
    int32_t id = catalog::kSuperuserId;
    bool superuser = false;
  };
  absl::StatusOr<Identity> FindUser(const std::string& name);
  // A statement that steers the session has ended. `xid`: of the block that it was given in, or 0.
  void LogSessionStatement(const ParsedText& parsed, const sql::Statement& statement,
                           const Identity& asked_by, int64_t start_micros, txn::Xid xid,
                           const absl::Status& outcome);
  Identity identity() const;
  void Become(const Identity& identity);
  // SET [LOCAL] SESSION AUTHORIZATION.
  absl::Status SetAuthorization(const sql::SetStatement& set, int offset);

  absl::StatusOr<std::vector<Value>> EvaluateArguments(const sql::ExecuteStatement& execute,
                                                       const PreparedText& target);

  void LogConnection(std::string event, int64_t duration_micros) const;
  // What logs know of each statement, without its text and times.
  telemetry::QueryRecord DescribeStatement(int64_t query_id, txn::Xid xid) const;

  const telemetry::ConnectionRecord connection_;
  const int64_t connected_micros_;
  std::unique_ptr<txn::Transaction> transaction_;
  std::unique_ptr<catalog::Changes> changes_;
  settings::Settings settings_at_begin_;
  int64_t transaction_start_micros_ = 0;
  bool opened_ = false;          // the session is in the registries
  bool in_block_ = false;        // BEGIN was given
  bool implicit_block_ = false;  // several statements in one string
  bool pipeline_ = false;        // BeginPipeline was called
  int pipeline_statements_ = 0;  // statements since then
  bool failed_ = false;
  txn::Xid block_xid_ = 0;  // of the last BEGIN
  Identity login_, identity_at_begin_;
  bool identity_is_local_ = false;  // until the transaction's end
  catalog::Oid temporary_schema_ = 0;
  StatementRun* open_run_ = nullptr;
  Cursors cursors_;
  std::unique_ptr<RepeatedTexts> repeated_texts_;

  ParameterCallback on_parameter_change_;
  mutable types::TextContext text_;    // of settings of this version, without the time
  mutable uint64_t text_version_ = 0;
  std::map<std::string, std::string, std::less<>> reported_;  // as on_parameter_change was told
  uint64_t reported_version_ = 0;  // of the settings then

  // Set by Terminate on another thread; pairs with the acquire load in terminated().
  std::atomic<bool> terminated_{false};
  base::Mutex cancel_mutex_;
  std::function<void()> on_terminate_ ABSL_GUARDED_BY(cancel_mutex_);
  base::Cancellation* running_ ABSL_GUARDED_BY(cancel_mutex_) = nullptr;
  int64_t open_query_id_ ABSL_GUARDED_BY(cancel_mutex_) = -1;
};

}  // namespace vesto::cluster
