#include "cluster/statement_run.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cluster/slice_error.h"
#include "exec/storage_access.h"
#include "optimizer/optimizer.h"
#include "physical/explain.h"
#include "physical/lower.h"
#include "physical/narrow.h"
#include "sql/parser/parser.h"
#include "types/text.h"

namespace vesto::cluster {
namespace {

using binder::StatementKind;

constexpr auto kProgressInterval = std::chrono::milliseconds(100);

std::string_view SeverityName(binder::NoticeSeverity severity) {
  switch (severity) {
    case binder::NoticeSeverity::kInfo: return "INFO";
    case binder::NoticeSeverity::kNotice: return "NOTICE";
    case binder::NoticeSeverity::kWarning: return "WARNING";
  }
  return "NOTICE";
}

bool IsWrite(StatementKind kind) {
  switch (kind) {
    case StatementKind::kInsert:
    case StatementKind::kUpdate:
    case StatementKind::kDelete:
    case StatementKind::kMerge:
    case StatementKind::kCopy:
    case StatementKind::kCopyFromClient:
    case StatementKind::kCreateTableAs: return true;
    case StatementKind::kQuery:
    case StatementKind::kUnload:
    case StatementKind::kCopyToClient:
    case StatementKind::kCommand: return false;
  }
  return false;
}

// Nothing is thrown to the session.
template <typename Body>
auto Guarded(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return SqlError(SqlState::kOutOfMemory, "out of memory").ToStatus();
  } catch (const std::exception& failure) {
    return absl::InternalError(failure.what());
  }
}

// Rows over the connection need a caller that carries them.
absl::Status WrongCopy() {
  return SqlError(SqlState::kObjectNotInPrerequisiteState,
                  "COPY FROM STDIN and TO STDOUT need a client that carries the rows")
      .Hint("Use ResultStream::copy, or COPY from and UNLOAD to files.");
}

}  // namespace

StatementRun::StatementRun(std::shared_ptr<SessionImpl> session,
                           std::shared_ptr<const ParsedText> parsed,
                           std::shared_ptr<const PlannedStatement> planned)
    : session_(std::move(session)),
      parsed_(std::move(parsed)),
      query_id_(session_->cluster.NextQueryId()),
      started_(std::chrono::steady_clock::now()),
      start_micros_(session_->cluster.NowMicros()),
      memory_("the statement", 0, &session_->cluster.memory),
      planned_(std::move(planned)),
      last_progress_(started_) {
  if (planned_ == nullptr) PlanAnew();
}

void StatementRun::PlanAnew() { planned_ = made_ = std::make_shared<PlannedStatement>(); }

absl::StatusOr<std::unique_ptr<StatementRun>> StatementRun::Start(
    std::shared_ptr<SessionImpl> session, std::shared_ptr<const ParsedText> parsed,
    const sql::Statement& statement, const std::vector<Value>& parameters, KeptPlan* kept) {
  std::optional<PlanInputs> inputs;
  if (kept != nullptr) inputs = session->InputsOfPlan(parameters);
  std::unique_ptr<StatementRun> run(
      new StatementRun(std::move(session), std::move(parsed),
                       inputs.has_value() ? kept->Find(*inputs) : nullptr));
  if (inputs.has_value()) run->plan_memory_ = kept->memory();
  run->session_->open_run_ = run.get();
  run->session_->LimitTime(run->cancellation_, run->started_, run->query_id_);
  run->session_->SetRunning(&run->cancellation_, run->query_id_);
  absl::Status status = Guarded([&] { return run->Prepare(statement, parameters); });
  if (!status.ok()) return run->Finish(std::move(status));
  if (inputs.has_value() && run->made_ != nullptr && run->made_->repeatable()) {
    run->made_->inputs = *std::move(inputs);
    kept->Keep(run->made_);
  }
  return run;
}

StatementRun::~StatementRun() {
  if (finished_) return;
  Finish(SqlError(SqlState::kQueryCanceled, "the result was not read to its end")).IgnoreError();
}

absl::Status StatementRun::Prepare(const sql::Statement& statement,
                                   const std::vector<Value>& parameters) {
  statement_ = &statement;
  log_text_ = parsed_->LogText(statement);
  tag_ = commands::CommandTag(statement);
  if (statement.num_parameters > static_cast<int>(parameters.size())) {
    return SqlError(SqlState::kUndefinedParameter,
                    absl::StrCat("there is no parameter $", parameters.size() + 1))
        .Detail(absl::StrCat("The statement has ", statement.num_parameters,
                             " parameters; the call gave ", parameters.size(), "."));
  }
  session_->transaction();
  eval_ = session_->MakeEvalContext(query_id_);
  eval_.parameters = parameters;
  eval_.random_numbers = &random_numbers_;
  eval_.cancellation = &cancellation_;
  eval_.SetHandle<SessionImpl>(session_.get());
  bool again = false;
  if (made_ == nullptr) {
    VESTO_ASSIGN_OR_RETURN(again, Readmit());
    if (!again) PlanAnew();
  }
  if (!again) VESTO_RETURN_IF_ERROR(Bind(statement));
  if (bound().touches_sources || bound().has_stable_functions) DescribeSystem();
  for (const binder::Notice& notice : bound().notices) {
    session_->Notify(std::string(SeverityName(notice.severity)), notice.message);
  }
  if (bound().explain) return Explain(std::move(made_->bound.plan), bound().next_column_id);
  if (session_->read_only() && WritesPermanent(statement)) {
    return SqlError(SqlState::kReadOnlySqlTransaction, "transaction is read-only")
        .At(statement.offset);
  }
  if (bound().kind == StatementKind::kCommand) return RunCommand(statement);

  txn::Transaction& transaction = session_->transaction();
  if (IsWrite(bound().kind)) {
    storage_.xid = session_->cluster.transactions.AssignXid(transaction);
  }
  if (bound().touches_user_tables || IsWrite(bound().kind)) {
    storage_.snapshot = session_->cluster.transactions.TakeSnapshot(transaction);
  }
  if (again) {
    // The snapshot may see what came since Readmit looked.
    if (planned_->SameData(session_->cluster)) return StartPlan();
    PlanAnew();
    VESTO_RETURN_IF_ERROR(BindOnce(statement));
  }
  if (bound().kind == StatementKind::kCreateTableAs) VESTO_RETURN_IF_ERROR(CreateTable());
  if (bound().kind == StatementKind::kQuery) {
    for (const binder::ResultColumn& column : bound().columns) {
      made_->columns.push_back(PublicColumn(column));
    }
  }
  if (bound().kind == StatementKind::kCopyFromClient) {
    copy_in_ = std::make_unique<ClientCopyIn>(
        *bound().client_copy, eval_, &memory_,
        [this](std::shared_ptr<const logical::ConstantRows> rows) {
          return InsertClientRows(std::move(rows));
        });
    return absl::OkStatus();
  }
  if (bound().kind == StatementKind::kCopyToClient) {
    copy_out_ = std::make_unique<ClientCopyOut>(*bound().client_copy, eval_.text);
  }
  VESTO_RETURN_IF_ERROR(MakePlan(std::move(made_->bound.plan), bound().next_column_id));
  return StartPlan();
}

// What a READ ONLY transaction refuses: all changes but those to rows of temporary tables.
bool StatementRun::WritesPermanent(const sql::Statement& statement) const {
  switch (bound().kind) {
    case StatementKind::kQuery:
    case StatementKind::kUnload:
    case StatementKind::kCopyToClient: return false;
    case StatementKind::kCreateTableAs: return true;
    case StatementKind::kCommand:
      return !std::holds_alternative<sql::SetStatement>(statement.node) &&
             !std::holds_alternative<sql::ResetStatement>(statement.node) &&
             !std::holds_alternative<sql::ShowStatement>(statement.node) &&
             !std::holds_alternative<sql::LockStatement>(statement.node);
    case StatementKind::kInsert:
    case StatementKind::kUpdate:
    case StatementKind::kDelete:
    case StatementKind::kMerge:
    case StatementKind::kCopy:
    case StatementKind::kCopyFromClient: break;
  }
  return std::any_of(bound().relations.begin(), bound().relations.end(),
                     [this](const binder::RelationReference& relation) {
                       if (relation.use != binder::RelationUse::kWrite) return false;
                       const auto table = catalog_->FindTable(relation.oid);
                       return table == nullptr || !table->temporary;
                     });
}

absl::StatusOr<bool> StatementRun::Readmit() {
  catalog_ = session_->CatalogNow();
  eval_.on_leader = !bound().touches_user_tables;
  NoteRunning();
  VESTO_RETURN_IF_ERROR(CheckPrivileges());
  VESTO_RETURN_IF_ERROR(LockRelations());
  return session_->CatalogNow()->version() == planned_->inputs.catalog &&
         planned_->SameData(session_->cluster);
}

// Binding needs the catalog, locks need what binding found, and waiting for a lock may let the
// catalog change: then everything is looked up again.
absl::Status StatementRun::Bind(const sql::Statement& statement) {
  constexpr int kMaxAttempts = 10;
  for (int attempt = 0; attempt < kMaxAttempts; ++attempt) {
    catalog_ = session_->CatalogNow();
    VESTO_RETURN_IF_ERROR(BindOnce(statement));
    if (attempt == 0) NoteRunning();
    VESTO_RETURN_IF_ERROR(CheckPrivileges());
    if (bound().explain || bound().kind == StatementKind::kCommand) return absl::OkStatus();
    VESTO_RETURN_IF_ERROR(LockRelations());
    if (session_->CatalogNow()->version() == catalog_->version()) return absl::OkStatus();
  }
  return SqlError(SqlState::kInternalError,
                  "could not complete because of conflict with concurrent transaction");
}

absl::Status StatementRun::BindOnce(const sql::Statement& statement) {
  DescribeViewer();
  bind_ = std::make_unique<binder::BindContext>(session_->MakeBindContext(*catalog_, eval_));
  bind_->memory = plan_memory_;
  bind_->parameter_types.clear();
  for (const Value& value : eval_.parameters) bind_->parameter_types.push_back(value.type());
  // What binding folds are constants alone: those run on the leader, by PostgreSQL's rules.
  eval_.on_leader = true;
  VESTO_ASSIGN_OR_RETURN(made_->bound, binder::Bind(statement, *bind_));
  eval_.on_leader = !bound().touches_user_tables;
  return absl::OkStatus();
}

// The one place where a statement's rights are checked: before its locks, which others would wait
// for, and again after waiting for them.
absl::Status StatementRun::CheckPrivileges() const {
  return security::CheckPrivileges(*catalog_, session_->user_id, bound().privileges);
}

void StatementRun::DescribeViewer() {
  viewer_ = std::make_unique<security::Viewer>();
  security::Viewer& viewer = *viewer_;
  eval_.SetHandle(&viewer);
  viewer.catalog = catalog_.get();
  viewer.user_id = session_->user_id;
  viewer.user = session_->user;
  viewer.database = session_->database;
  viewer.search_path = session_->settings.get().search_path;
  viewer.temporary_schema = session_->temporary_schema_;
  viewer.functions = session_->cluster.functions.get();
  viewer.system_relation = [this](std::string_view schema,
                                   std::string_view name) -> std::optional<bool> {
    const source::SourceResolver& sources = session_->cluster.sources();
    if (sources.FindSource(schema, name) == nullptr &&
        sources.FindSourceQuery(schema, name).empty()) {
      return std::nullopt;
    }
    return sources.NeedsSuperuser(schema, name);
  };
  viewer.system_relation_of = [this](catalog::Oid oid) -> std::optional<bool> {
    for (const sysview::ViewDefinition* view : session_->cluster.sources().views()) {
      if (view->oid == oid) return view->superuser_only;
    }
    return std::nullopt;
  };
}

void StatementRun::DescribeSystem() {
  ClusterImpl& cluster = session_->cluster;
  system_ = std::make_unique<sysview::SystemState>();
  sysview::SystemState& system = *system_;
  system.catalog = catalog_;
  system.shards = &cluster;
  system.telemetry = &cluster.telemetry;
  system.locks = &cluster.locks;
  system.transactions = &cluster.transactions;
  system.functions = cluster.functions.get();
  system.topology = cluster.topology;
  system.snapshot = cluster.transactions.TakeSnapshot(session_->transaction());
  system.now_micros = start_micros_;
  system.database = session_->database;
  system.user = session_->user;
  system.user_id = session_->user_id;
  system.sees_all_queries =
      security::Access(*catalog_, session_->user_id).sees_all_queries();
  system.search_path = session_->settings.get().search_path;
  system.temporary_schema = bind_->temp_schema;
  system.views = &cluster.sources();
  system.settings = &session_->settings;
  system.describe = [this](std::string_view query, const std::vector<std::string>& search_path)
      -> absl::StatusOr<std::vector<source::SourceColumn>> {
    VESTO_ASSIGN_OR_RETURN(const sql::QueryPtr parsed, sql::ParseQuery(query));
    binder::BindContext bind = *bind_;
    bind.search_path = search_path;
    VESTO_ASSIGN_OR_RETURN(const binder::BoundStatement bound, binder::BindQuery(*parsed, bind));
    std::vector<source::SourceColumn> columns;
    for (const binder::ResultColumn& column : bound.columns) {
      columns.push_back({column.name, column.type});
    }
    return columns;
  };
  eval_.SetHandle(&system);
}

absl::Status StatementRun::LockRelations() {
  txn::Transaction& transaction = session_->transaction();
  // In oid order: statements that lock the same tables do not deadlock among themselves.
  std::vector<std::pair<uint32_t, txn::LockMode>> locks;
  for (const binder::RelationReference& relation : bound().relations) {
    if (relation.is_view) continue;
    const txn::LockMode mode = relation.use == binder::RelationUse::kWrite
                                   ? txn::LockMode::kShareRowExclusive
                                   : txn::LockMode::kAccessShare;
    locks.emplace_back(relation.oid, mode);
  }
  std::sort(locks.begin(), locks.end());
  locks.erase(std::unique(locks.begin(), locks.end()), locks.end());
  for (size_t i = 0; i < locks.size(); ++i) {
    // The stronger of two modes on one table comes second: it alone is taken.
    if (i + 1 < locks.size() && locks[i + 1].first == locks[i].first) continue;
    if (locks[i].second == txn::LockMode::kShareRowExclusive) {
      session_->cluster.transactions.AssignXid(transaction);
    }
    VESTO_RETURN_IF_ERROR(session_->cluster.locks.Acquire(
        transaction, locks[i].first, locks[i].second, {.cancellation = &cancellation_}));
  }
  return absl::OkStatus();
}

commands::CommandContext StatementRun::MakeCommandContext() {
  ClusterImpl& cluster = session_->cluster;
  txn::Transaction& transaction = session_->transaction();
  const txn::Xid xid = cluster.transactions.AssignXid(transaction);
  return commands::CommandContext{
      .catalog = catalog_,
      .changes = session_->changes(),
      .oids = cluster.catalog,
      .shards = cluster,
      .locks = cluster.locks,
      .transaction = transaction,
      .xid = xid,
      .topology = cluster.topology,
      .settings = session_->settings,
      .bind = *bind_,
      .runner = *this,
      .cancellation = &cancellation_,
      .in_transaction_block = session_->in_any_block(),
      .user_id = session_->user_id,
      .password_policy = {.allow_md5 = cluster.password_policy().allow_md5,
                          .allow_scram = !session_->strict()},
      .temporary_schema = [this] { return session_->TemporarySchema(); },
      .notice = [this](std::string severity,
                       std::string message) { session_->Notify(severity, message); },
      .snapshot = [&cluster, &transaction]() -> const txn::Snapshot& {
        return cluster.transactions.TakeSnapshot(transaction);
      }};
}

absl::Status StatementRun::RunCommand(const sql::Statement& statement) {
  commands::CommandContext context = MakeCommandContext();
  VESTO_ASSIGN_OR_RETURN(commands::CommandResult result, commands::RunCommand(statement, context));
  tag_ = std::move(result.tag);
  commits_ = result.commits;
  std::vector<ResultColumn> columns;
  for (const binder::ResultColumn& column : result.columns) {
    columns.push_back({column.name, column.type});
  }
  GiveRows(std::move(columns), std::move(result.rows));
  return absl::OkStatus();
}

void StatementRun::GiveRows(std::vector<ResultColumn> columns,
                            std::vector<std::vector<Value>> rows) {
  made_->columns = std::move(columns);
  for (size_t begin = 0; begin < rows.size(); begin += column::kBatchRows) {
    const int count = static_cast<int>(std::min<size_t>(column::kBatchRows, rows.size() - begin));
    column::Batch batch;
    batch.rows = count;
    for (size_t c = 0; c < made_->columns.size(); ++c) {
      column::Vector vector = column::Vector::Flat(made_->columns[c].type);
      for (int i = 0; i < count; ++i) vector.SetValue(i, rows[begin + i][c]);
      batch.columns.push_back(std::move(vector));
    }
    ready_.push_back(std::move(batch));
  }
}

absl::Status StatementRun::CreateTable() {
  commands::CommandContext context = MakeCommandContext();
  const binder::TableDefinition& definition = *bound().create_table;
  VESTO_ASSIGN_OR_RETURN(catalog::TablePtr table,
                         commands::CreateTable(*definition.entry, context));
  binder::InsertIntoCreatedTable(std::move(table), &made_->bound);
  return absl::OkStatus();
}

absl::StatusOr<logical::NodePtr> StatementRun::OptimizePlan(logical::NodePtr plan,
                                                            expr::ColumnId* next_id) {
  optimizer::OptimizeContext context{.eval = eval_,
                                     .statistics = session_->cluster,
                                     .topology = session_->cluster.topology,
                                     .next_column_id = *next_id,
                                     .enabled = session_->settings.get().vesto_optimizer};
  VESTO_ASSIGN_OR_RETURN(plan, optimizer::Optimize(std::move(plan), context));
  *next_id = context.next_column_id;
  return plan;
}

absl::Status StatementRun::MakePlan(logical::NodePtr plan, expr::ColumnId next_column_id) {
  ClusterImpl& cluster = session_->cluster;
  VESTO_ASSIGN_OR_RETURN(plan, OptimizePlan(std::move(plan), &next_column_id));
  VESTO_ASSIGN_OR_RETURN(made_->plan,
                         physical::Lower(std::move(plan), cluster.topology, next_column_id));
  made_->NoteScanned(cluster);
  // Bounds are read after the snapshot was taken: whatever it sees lies within them.
  physical::NarrowDecimals(made_->plan, [&cluster](const catalog::TableEntry& table, int column) {
    return cluster.Bounds(table, column);
  });
  return absl::OkStatus();
}

absl::Status StatementRun::StartPlan() {
  ClusterImpl& cluster = session_->cluster;
  if (bound().kind == StatementKind::kCopy) {
    // Known from the start, so that a COPY that fails can be looked up; its count is 0 then.
    session_->last_copy_id = query_id_;
    session_->last_copy_count = 0;
  }
  storage_.shards = &cluster;
  storage_.mounts = &cluster.mounts;
  storage_.telemetry = &cluster.telemetry;
  storage_.now_micros = [&cluster] { return cluster.NowMicros(); };
  storage_.identity = [&cluster](const catalog::ColumnEntry& column, int64_t count) {
    return cluster.NextIdentity(column, count);
  };
  exec::QueryContext context;
  context.topology = cluster.topology;
  context.eval = &eval_;
  context.cancellation = &cancellation_;
  context.memory = &memory_;
  context.storage = &storage_;
  context.max_recursion = session_->settings.get().vesto_max_recursion;
  VESTO_ASSIGN_OR_RETURN(run_,
                         exec::QueryRun::Start(planned_->plan, std::move(context), &cluster.workers));
  run_->SetPoll([this] { return Poll(); });
  return absl::OkStatus();
}

std::vector<ResultColumn> ExplainColumns() {
  return {{"QUERY PLAN", Type::Varchar(kVarcharMaxBytes)}};
}

absl::Status StatementRun::Explain(logical::NodePtr plan, expr::ColumnId next_column_id) {
  if (plan == nullptr) {
    return SqlError(SqlState::kSyntaxError, "EXPLAIN needs a statement with a plan");
  }
  VESTO_ASSIGN_OR_RETURN(plan, OptimizePlan(std::move(plan), &next_column_id));
  std::vector<std::vector<Value>> rows;
  for (std::string& line : physical::Explain(*plan, bound().explain_verbose)) {
    rows.push_back({Value::Varchar(std::move(line))});
  }
  tag_ = "EXPLAIN";
  GiveRows(ExplainColumns(), std::move(rows));
  return absl::OkStatus();
}

absl::StatusOr<int64_t> StatementRun::RunPlan(logical::NodePtr plan,
                                              expr::ColumnId next_column_id) {
  ClusterImpl& cluster = session_->cluster;
  txn::Transaction& transaction = session_->transaction();
  storage_.xid = cluster.transactions.AssignXid(transaction);
  storage_.snapshot = cluster.transactions.TakeSnapshot(transaction);
  storage_.affected_rows = 0;
  VESTO_RETURN_IF_ERROR(MakePlan(std::move(plan), next_column_id));
  VESTO_RETURN_IF_ERROR(StartPlan());
  while (true) {
    VESTO_ASSIGN_OR_RETURN(const auto batch, run_->Next());
    if (!batch.has_value()) break;
  }
  run_.reset();
  return storage_.affected_rows.load();
}

absl::Status StatementRun::Poll() {
  VESTO_RETURN_IF_ERROR(cancellation_.status());
  if (!session_->on_progress) return absl::OkStatus();
  const auto now = std::chrono::steady_clock::now();
  if (now - last_progress_ > kProgressInterval) {
    last_progress_ = now;
    const Progress progress{storage_.rows_read.load(), 0};
    if (!session_->on_progress(progress)) {
      return SqlError(SqlState::kQueryCanceled,
                      absl::StrCat("Query (", query_id_, ") cancelled on user's request"));
    }
  }
  return absl::OkStatus();
}

absl::Status StatementRun::InsertClientRows(std::shared_ptr<const logical::ConstantRows> rows) {
  bind_->client_rows = std::move(rows);
  VESTO_ASSIGN_OR_RETURN(binder::BoundStatement insert, binder::Bind(*statement_, *bind_));
  bind_->client_rows = nullptr;
  VESTO_ASSIGN_OR_RETURN(const int64_t inserted,
                         RunPlan(std::move(insert.plan), insert.next_column_id));
  rows_copied_ += inserted;
  return absl::OkStatus();
}

absl::Status StatementRun::AddCopyData(std::string_view bytes) {
  return Guarded([&]() -> absl::Status {
    if (copy_in_ == nullptr) return WrongCopy();
    VESTO_RETURN_IF_ERROR(Poll());
    return copy_in_->Add(bytes);
  });
}

absl::Status StatementRun::EndCopyData() {
  return Guarded([&]() -> absl::Status {
    if (copy_in_ == nullptr) return WrongCopy();
    return copy_in_->Finish();
  });
}

absl::StatusOr<bool> StatementRun::AppendCopyRow(std::string* out) {
  return Guarded([&]() -> absl::StatusOr<bool> {
    if (copy_out_ == nullptr) return WrongCopy();
    copy_out_->AppendStart(out);
    while (!copy_out_->has_row()) {
      VESTO_ASSIGN_OR_RETURN(auto batch, run_->Next());
      if (!batch.has_value()) {
        copy_out_->AppendEnd(out);
        return false;
      }
      copy_out_->Load(*std::move(batch));
    }
    copy_out_->AppendRow(out);
    ++rows_copied_;
    return true;
  });
}

absl::StatusOr<std::optional<column::Batch>> StatementRun::Next() {
  return Guarded([&]() -> absl::StatusOr<std::optional<column::Batch>> {
    if (client_copy() != nullptr) return WrongCopy();
    if (run_ == nullptr) {
      if (next_ready_ >= ready_.size()) return std::nullopt;
      rows_returned_ += ready_[next_ready_].rows;
      return ready_[next_ready_++];
    }
    VESTO_ASSIGN_OR_RETURN(auto batch, run_->Next());
    if (batch.has_value()) rows_returned_ += batch->rows;
    return batch;
  });
}

absl::Status StatementRun::Finish(absl::Status outcome) {
  if (finished_) return outcome;
  finished_ = true;
  if (run_ != nullptr) {
    if (!outcome.ok()) cancellation_.Cancel(outcome);
    run_->Stop();
  }
  session_->SetRunning(nullptr, -1);
  session_->open_run_ = nullptr;
  if (bound().touches_user_tables) session_->last_query_id = query_id_;
  affected_rows_ = storage_.affected_rows.load();
  if (run_ != nullptr && bound().touches_user_tables) {
    outcome = SliceError(outcome, query_id_, session_->pid);
  }
  // The slices of Redshift know no other state than XX000.
  if (session_->strict() && bound().touches_user_tables &&
      SqlStateCode(SqlStateOf(outcome)).starts_with("22")) {
    outcome = WithState(outcome, SqlState::kInternalError);
  }
  if (client_copy() != nullptr) affected_rows_ = rows_copied_;
  if (outcome.ok()) {
    switch (bound().explain ? StatementKind::kCommand : bound().kind) {
      case StatementKind::kInsert: tag_ = absl::StrCat("INSERT 0 ", affected_rows_); break;
      case StatementKind::kUpdate: tag_ = absl::StrCat("UPDATE ", affected_rows_); break;
      case StatementKind::kDelete: tag_ = absl::StrCat("DELETE ", affected_rows_); break;
      case StatementKind::kMerge: tag_ = "MERGE"; break;
      case StatementKind::kCopyFromClient:
      case StatementKind::kCopyToClient: tag_ = absl::StrCat("COPY ", affected_rows_); break;
      case StatementKind::kCopy:
        tag_ = "COPY";
        session_->last_copy_count = affected_rows_;
        NotifyLoaded();
        break;
      case StatementKind::kUnload:
        tag_ = "UNLOAD";
        session_->last_unload_id = query_id_;
        session_->last_unload_count = affected_rows_;
        session_->Notify("INFO", absl::StrCat("UNLOAD completed, ", affected_rows_,
                                              " record(s) unloaded successfully."));
        break;
      case StatementKind::kQuery:
      case StatementKind::kCreateTableAs:
      case StatementKind::kCommand: break;
    }
  }
  if (outcome.ok() && commits_) {
    outcome = session_->Commit();
  } else if (absl::Status ended = session_->EndImplicit(outcome.ok()); outcome.ok()) {
    outcome = ended;
  }
  Record(outcome);
  session_->ReportParameters();
  return outcome;
}

void StatementRun::NotifyLoaded() {
  std::string table;
  for (const binder::RelationReference& relation : bound().relations) {
    if (relation.use != binder::RelationUse::kWrite) continue;
    if (const auto entry = catalog_->FindTable(relation.oid)) table = entry->name;
  }
  session_->Notify("INFO", absl::StrCat("Load into table '", table, "' completed, ",
                                        affected_rows_, " record(s) loaded successfully."));
  if (const int64_t rejected = storage_.rejected_rows.load(); rejected > 0) {
    session_->Notify("INFO", absl::StrCat("Load into table '", table, "' completed, ", rejected,
                                          " record(s) could not be loaded.  Check "
                                          "'stl_load_errors' system table for details."));
  }
}

telemetry::QueryRecord StatementRun::Describe() const {
  telemetry::QueryRecord record = session_->DescribeStatement(query_id_, log_xid_);
  record.type = bound().kind == StatementKind::kCommand ? "UTILITY" : "QUERY";
  record.start_micros = start_micros_;
  record.on_slices = bound().touches_user_tables;
  return record;
}

void StatementRun::NoteRunning() {
  // Statements of one block share its number; one that stands alone and reads needs none of the
  // transactions' own.
  txn::TransactionManager& transactions = session_->cluster.transactions;
  log_xid_ = session_->in_any_block() || bound().kind == StatementKind::kCommand ||
                     IsWrite(bound().kind)
                 ? transactions.AssignXid(session_->transaction())
                 : transactions.NextNumber();
  constexpr size_t kTextBytes = 600;  // what STV_RECENTS shows
  telemetry::QueryRecord record = Describe();
  record.text = types::TruncateUtf8(log_text_, kTextBytes);
  session_->cluster.telemetry.BeginQuery(std::move(record));
}

void StatementRun::Record(const absl::Status& outcome) {
  session_->cluster.telemetry.EndQuery(query_id_);
  if (log_xid_ == 0) log_xid_ = session_->cluster.transactions.NextNumber();
  telemetry::QueryRecord record = Describe();
  record.text = std::move(log_text_);
  record.end_micros = session_->cluster.NowMicros();
  record.rows_returned = rows_returned_;
  SetOutcome(outcome, &record);
  if (run_ != nullptr) {
    const std::vector<exec::StepReport> reports = run_->Report();
    record.steps.reserve(reports.size());
    for (const exec::StepReport& report : reports) {
      telemetry::StepRecord step;
      step.stream = report.stream;
      step.segment = report.segment;
      step.step = report.step;
      step.slice = report.slice;
      step.label = std::string(report.label);
      if (const auto* scan = std::get_if<physical::ScanSpec>(&report.spec->spec)) {
        step.table = scan->table->oid;
        step.label = absl::StrCat("scan   tbl=", scan->table->oid, " name=", scan->table->name);
      } else if (const auto* insert = std::get_if<physical::InsertSpec>(&report.spec->spec)) {
        step.table = insert->table->oid;
        step.label = absl::StrCat("insert tbl=", insert->table->oid);
      }
      step.rows = report.counters.rows;
      step.bytes = report.counters.bytes;
      step.start_micros = start_micros_ + report.start_micros;
      step.end_micros = start_micros_ + report.end_micros;
      step.rows_pre_filter = report.counters.rows_before_filter;
      step.is_diskbased = report.counters.spilled;
      step.is_rrscan = report.counters.zone_map_used;
      step.work_memory = report.counters.work_memory;
      record.steps.push_back(std::move(step));
    }
  }
  session_->cluster.telemetry.queries.Add(std::move(record));
}

}  // namespace vesto::cluster
