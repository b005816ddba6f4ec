#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/cancellation.h"
#include "binder/bound_statement.h"
#include "cluster/client_copy.h"
#include "cluster/kept_plan.h"
#include "cluster/session_impl.h"
#include "column/batch.h"
#include "exec/query_run.h"
#include "exec/storage_access.h"
#include "functions/eval_context.h"
#include "security/security_functions.h"
#include "sysview/system_views.h"

namespace vesto::cluster {

// One statement from its syntax tree to its last row: bound, locked, optimized, lowered, run.
// Owns everything that its plan points into. Used on the session's thread.
class StatementRun : public commands::StatementRunner {
 public:
  // `kept` (may be null): where a plan may be found, and is left for the next time. Used by the time
  // that this returns.
  static absl::StatusOr<std::unique_ptr<StatementRun>> Start(
      std::shared_ptr<SessionImpl> session, std::shared_ptr<const ParsedText> parsed,
      const sql::Statement& statement, const std::vector<Value>& parameters, KeptPlan* kept);
  ~StatementRun() override;

  const std::vector<ResultColumn>& columns() const { return planned_->columns; }
  // The next rows; nullopt at the end.
  absl::StatusOr<std::optional<column::Batch>> Next();
  // Cancellation and progress, between turns of work on the session's thread.
  absl::Status Poll();
  // Ends the statement: commits or rolls back what is its own. Idempotent. Called with the first
  // error, or OK at the end; a statement that is dropped before is cancelled.
  absl::Status Finish(absl::Status outcome);

  // Null unless this is COPY FROM STDIN or TO STDOUT, which these take the place of Next for.
  const binder::ClientCopy* client_copy() const {
    return bound().client_copy.has_value() ? &*bound().client_copy : nullptr;
  }
  absl::Status AddCopyData(std::string_view bytes);
  absl::Status EndCopyData();
  // Appends the next row of the data; false after the last, when the end is appended.
  absl::StatusOr<bool> AppendCopyRow(std::string* out);

  const std::string& command_tag() const { return tag_; }
  int64_t affected_rows() const { return affected_rows_; }
  const ParsedText& parsed() const { return *parsed_; }
  base::MemoryPool& memory() { return memory_; }
  const std::shared_ptr<ClusterImpl>& cluster() const { return session_->owner; }

  // commands::StatementRunner
  absl::StatusOr<int64_t> RunPlan(logical::NodePtr plan, expr::ColumnId next_column_id) override;

 private:
  // `planned`: null unless a plan of an earlier execution may serve.
  StatementRun(std::shared_ptr<SessionImpl> session, std::shared_ptr<const ParsedText> parsed,
               std::shared_ptr<const PlannedStatement> planned);

  absl::Status Prepare(const sql::Statement& statement, const std::vector<Value>& parameters);
  const binder::BoundStatement& bound() const { return planned_->bound; }
  // Locks what a plan of an earlier execution needs. False when things have changed since.
  absl::StatusOr<bool> Readmit();
  void PlanAnew();
  absl::Status Bind(const sql::Statement& statement);
  // By the catalog as `catalog_` has it.
  absl::Status BindOnce(const sql::Statement& statement);
  // What a statement of an ordinary plan and its twin from an earlier execution go through.
  absl::Status CheckPrivileges() const;
  absl::Status LockRelations();
  bool WritesPermanent(const sql::Statement& statement) const;
  void DescribeSystem();
  void DescribeViewer();
  absl::Status RunCommand(const sql::Statement& statement);
  absl::Status CreateTable();
  absl::Status MakePlan(logical::NodePtr plan, expr::ColumnId next_column_id);
  absl::Status StartPlan();
  absl::Status InsertClientRows(std::shared_ptr<const logical::ConstantRows> rows);
  absl::Status Explain(logical::NodePtr plan, expr::ColumnId next_column_id);
  absl::StatusOr<logical::NodePtr> OptimizePlan(logical::NodePtr plan, expr::ColumnId* next_id);
  commands::CommandContext MakeCommandContext();
  void NotifyLoaded();
  // What is known of the statement before it ends.
  telemetry::QueryRecord Describe() const;
  void NoteRunning();  // until Record
  void Record(const absl::Status& outcome);
  void GiveRows(std::vector<ResultColumn> columns, std::vector<std::vector<Value>> rows);

  const std::shared_ptr<SessionImpl> session_;
  const std::shared_ptr<const ParsedText> parsed_;
  const sql::Statement* statement_ = nullptr;
  std::string log_text_;  // as views and logs show it
  txn::Xid log_xid_ = 0;  // likewise
  const int64_t query_id_;
  const std::chrono::steady_clock::time_point started_;
  const int64_t start_micros_;
  base::MemoryPool memory_;
  base::MemoryPool* plan_memory_ = &memory_;  // of the rows in the plan; outlives a plan that is kept
  base::Cancellation cancellation_;
  std::atomic<uint64_t> random_numbers_{0};
  functions::EvalContext eval_;
  std::unique_ptr<sysview::SystemState> system_;  // what system views read
  std::unique_ptr<security::Viewer> viewer_;  // what HAS_TABLE_PRIVILEGE and its family read
  std::shared_ptr<const catalog::CatalogSnapshot> catalog_;
  std::unique_ptr<binder::BindContext> bind_;
  std::shared_ptr<PlannedStatement> made_;  // by this execution; null: found
  std::shared_ptr<const PlannedStatement> planned_;
  exec::StorageAccess storage_;
  std::shared_ptr<exec::QueryRun> run_;
  std::unique_ptr<ClientCopyIn> copy_in_;
  std::unique_ptr<ClientCopyOut> copy_out_;
  int64_t rows_copied_ = 0;
  std::vector<column::Batch> ready_;  // rows of commands and EXPLAIN
  size_t next_ready_ = 0;
  std::string tag_;
  int64_t affected_rows_ = 0;
  int64_t rows_returned_ = 0;
  bool commits_ = false;
  bool finished_ = false;
  std::chrono::steady_clock::time_point last_progress_;
};

}  // namespace vesto::cluster
