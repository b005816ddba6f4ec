#include "cluster/session_impl.h"

#include <algorithm>
#include <random>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "cluster/kept_plan.h"
#include "cluster/repeated_texts.h"
#include "cluster/script_run.h"
#include "cluster/statement_run.h"
#include "commands/command.h"
#include "expr/evaluator.h"
#include "sql/parser/parser.h"
#include "sysview/system_views.h"
#include "types/datetime.h"
#include "types/type_rules.h"

namespace vesto::cluster {
namespace {

// The parameters whose changes a client is told of (PostgreSQL's ParameterStatus).
constexpr std::string_view kReportedParameters[] = {
    "client_encoding", "DateStyle", "TimeZone", "integer_datetimes", "is_superuser",
    "server_encoding", "server_version", "session_authorization"};

int32_t RandomKey() {
  std::random_device device;
  return static_cast<int32_t>(device());
}

absl::Status Terminated() {
  return SqlError(SqlState::kAdminShutdown,
                  "terminating connection due to administrator command");
}

// Superusers may always come in, as in PostgreSQL.
absl::Status CheckConnectionLimits(const catalog::UserEntry& user,
                                   const catalog::DatabaseEntry& database,
                                   const std::vector<telemetry::SessionRecord>& sessions) {
  if (user.superuser) return absl::OkStatus();
  const auto of_user = std::count_if(sessions.begin(), sessions.end(), [&](const auto& session) {
    return session.userid == user.id;
  });
  if (user.connection_limit >= 0 && of_user >= user.connection_limit) {
    return SqlError(SqlState::kTooManyConnections,
                    absl::StrCat("too many connections for user \"", user.name, "\""));
  }
  int limit = 0;
  const auto of_database =
      std::count_if(sessions.begin(), sessions.end(), [&](const auto& session) {
        return session.database == database.name;
      });
  if (absl::SimpleAtoi(database.connection_limit, &limit) && of_database >= limit) {
    return SqlError(SqlState::kTooManyConnections,
                    absl::StrCat("too many connections for database \"", database.name, "\""));
  }
  return absl::OkStatus();
}

}  // namespace

void SetOutcome(const absl::Status& outcome, telemetry::QueryRecord* record) {
  record->aborted = !outcome.ok();
  if (outcome.ok()) return;
  record->error_sqlstate = std::string(SqlStateCode(SqlStateOf(outcome)));
  record->error_message = std::string(outcome.message());
}

absl::StatusOr<ResultSet> Drain(StatementRun& run, base::MemoryCharge* held) {
  std::vector<Batch> batches;
  base::MemoryCharge own(&run.memory());
  base::MemoryCharge& charge = held != nullptr ? *held : own;
  while (true) {
    absl::StatusOr<std::optional<column::Batch>> batch = run.Next();
    absl::Status status = batch.status();
    if (status.ok() && batch->has_value()) status = charge.Grow((*batch)->ByteSize());
    if (!status.ok()) return run.Finish(std::move(status));
    if (!batch->has_value()) break;
    batches.push_back(Batch(std::make_shared<const column::Batch>(**std::move(batch))));
  }
  VESTO_RETURN_IF_ERROR(run.Finish(absl::OkStatus()));
  return ResultSet(run.columns(), std::move(batches), run.command_tag(), run.affected_rows());
}

ResultColumn PublicColumn(const binder::ResultColumn& column) {
  return {column.name, column.type, column.table, column.table_column + 1};
}

StartedStatement::StartedStatement(std::unique_ptr<StatementRun> run_in) : run(std::move(run_in)) {}
StartedStatement::StartedStatement(ResultSet ready_in) : ready(std::move(ready_in)) {}
StartedStatement::StartedStatement(StartedStatement&&) noexcept = default;
StartedStatement& StartedStatement::operator=(StartedStatement&&) noexcept = default;
StartedStatement::~StartedStatement() = default;

SessionImpl::SessionImpl(ClusterImpl& cluster_in, telemetry::ConnectionRecord connection)
    : owner(cluster_in.shared_from_this()),
      cluster(cluster_in),
      pid(connection.pid),
      cancel_key(RandomKey()),
      user(connection.user),
      database(connection.database),
      connection_(std::move(connection)),
      connected_micros_(cluster_in.NowMicros()),
      cursors_(*this),
      repeated_texts_(std::make_unique<RepeatedTexts>(*this)) {}

absl::StatusOr<std::shared_ptr<SessionImpl>> SessionImpl::Open(
    ClusterImpl& cluster, telemetry::ConnectionRecord connection) {
  if (connection.pid == 0) connection.pid = cluster.NextPid();
  if (connection.user.empty()) connection.user = cluster.options.superuser;
  if (connection.database.empty()) connection.database = cluster.options.database;
  std::shared_ptr<SessionImpl> session(new SessionImpl(cluster, std::move(connection)));
  // Two sessions that open at once must not both take the last free place.
  base::MutexLock lock(cluster.connect_mutex);
  VESTO_ASSIGN_OR_RETURN(session->login_, session->FindUser(session->user));
  session->Become(session->login_);
  const auto catalog = cluster.catalog.Snapshot(nullptr);
  const catalog::UserPtr user = catalog->FindUser(session->user_id);
  const catalog::DatabasePtr database = catalog->FindDatabase(session->database);
  if (database == nullptr) {
    return SqlError(SqlState::kInvalidCatalogName,
                    absl::StrCat("database \"", session->database, "\" does not exist"));
  }
  if (user == nullptr) {  // dropped since it was looked up
    return SqlError(SqlState::kUndefinedObject,
                    absl::StrCat("user \"", session->user, "\" does not exist"));
  }
  VESTO_RETURN_IF_ERROR(CheckConnectionLimits(*user, *database, cluster.telemetry.sessions()));
  for (const auto& [name, value] : user->parameters) {
    // Checked by ALTER USER; a value that has become impossible since must not lock the user out.
    commands::SetUserParameter(name, value, &session->settings).IgnoreError();
  }
  session->idle_timeout_seconds = user->session_timeout_seconds;
  cluster.telemetry.AddSession({session->pid, session->user, session->database,
                                session->connected_micros_, user->id,
                                user->session_timeout_seconds});
  session->LogConnection("initiating session", 0);
  cluster.sessions.Add(session);
  session->opened_ = true;
  return session;
}

void SessionImpl::LogConnection(std::string event, int64_t duration_micros) const {
  telemetry::ConnectionRecord record = connection_;
  record.event = std::move(event);
  record.micros = cluster.NowMicros();
  record.duration_micros = duration_micros;
  cluster.telemetry.connections.Add(std::move(record));
}

telemetry::QueryRecord SessionImpl::DescribeStatement(int64_t query_id, txn::Xid xid) const {
  telemetry::QueryRecord record;
  record.query = query_id;
  record.userid = user_id;
  record.user = user;
  record.database = database;
  record.label = settings.query_group_is_set() ? settings.get().query_group : "default";
  record.xid = xid;
  record.pid = pid;
  return record;
}

void SessionImpl::LogSessionStatement(const ParsedText& parsed, const sql::Statement& statement,
                                      const Identity& asked_by, int64_t start_micros, txn::Xid xid,
                                      const absl::Status& outcome) {
  if (xid == 0 && in_block_) xid = block_xid_;
  if (xid == 0) xid = cluster.transactions.NextNumber();
  telemetry::QueryRecord record = DescribeStatement(cluster.NextQueryId(), xid);
  record.user = asked_by.user;
  record.userid = asked_by.id;
  record.type = "UTILITY";
  record.text = parsed.LogText(statement);
  record.start_micros = start_micros;
  record.end_micros = cluster.NowMicros();
  SetOutcome(outcome, &record);
  cluster.telemetry.queries.Add(std::move(record));
}

SessionImpl::~SessionImpl() {
  if (opened_) LogConnection("disconnecting session", cluster.NowMicros() - connected_micros_);
  cluster.sessions.Remove(pid);
  Rollback();
  // Temporary tables end with their session.
  if (temporary_schema_ != 0) {
    DropTemporaryTables();
    Commit().IgnoreError();
  }
  cluster.telemetry.RemoveSession(pid);
}

void SessionImpl::DropTemporaryTables() {
  if (temporary_schema_ == 0) return;
  const auto catalog = CatalogNow();
  const txn::Xid xid = cluster.transactions.AssignXid(transaction());
  for (const auto& table : catalog->tables()) {
    if (table->schema != temporary_schema_) continue;
    for (int slice = 0; slice < cluster.num_slices(); ++slice) {
      cluster.store(slice).Drop(xid, table->oid).IgnoreError();
    }
    changes().DropRelation(table->oid);
    if (catalog->FindAccessList(table->oid) != nullptr) changes().DropAccessList(table->oid);
  }
  for (const auto& view : catalog->views()) {
    if (view->schema == temporary_schema_) changes().DropRelation(view->oid);
  }
  if (catalog->FindSchema(temporary_schema_) != nullptr) changes().DropSchema(temporary_schema_);
}

absl::StatusOr<std::shared_ptr<const ParsedText>> SessionImpl::Parse(std::string_view sql) const {
  auto parsed = std::make_shared<ParsedText>();
  parsed->text = std::string(sql);
  VESTO_ASSIGN_OR_RETURN(parsed->statements, sql::Parse(parsed->text));
  return parsed;
}

absl::StatusOr<std::shared_ptr<const ParsedText>> SessionImpl::ParseToRun(
    std::string_view sql, const std::vector<Value>& parameters) {
  return parameters.empty() ? repeated_texts_->Parse(sql) : Parse(sql);
}

// --- Transactions -------------------------------------------------------------------------------

txn::Transaction& SessionImpl::transaction() {
  if (transaction_ == nullptr) {
    transaction_ = cluster.transactions.Begin(pid);
    if (settings_at_begin_.version() != settings.version()) settings_at_begin_ = settings;
    identity_at_begin_ = identity();
    transaction_start_micros_ = cluster.NowMicros();
  }
  return *transaction_;
}

catalog::Changes& SessionImpl::changes() {
  if (changes_ == nullptr) changes_ = cluster.catalog.NewChanges();
  return *changes_;
}

absl::Status SessionImpl::Commit() {
  in_block_ = false;
  failed_ = false;
  if (settings.get().transaction_read_only) {
    settings.mutable_parameters().transaction_read_only = false;
  }
  cursors_.CloseAll();
  if (transaction_ == nullptr) return absl::OkStatus();
  absl::Status status = cluster.locks.CheckSerializable(*transaction_);
  if (status.ok() && changes_ != nullptr) status = cluster.catalog.Commit(*changes_);
  if (!status.ok()) {
    Rollback();
    return status;
  }
  status = cluster.transactions.Commit(*transaction_);
  cluster.locks.Release(*transaction_, status.ok());
  transaction_.reset();
  changes_.reset();
  settings.EndTransaction();
  if (identity_is_local_) Become(identity_at_begin_);
  return status;
}

void SessionImpl::Rollback() {
  in_block_ = false;
  failed_ = false;
  Undo();
}

void SessionImpl::Undo() {
  cursors_.CloseAll();
  if (transaction_ == nullptr) return;
  cluster.transactions.Abort(*transaction_);
  cluster.locks.Release(*transaction_, false);
  transaction_.reset();
  changes_.reset();
  if (settings.version() != settings_at_begin_.version()) settings.Restore(settings_at_begin_);
  Become(identity_at_begin_);
}

void SessionImpl::BeginBlock() {
  block_xid_ = cluster.transactions.AssignXid(transaction());
  in_block_ = true;
}

absl::Status SessionImpl::EndImplicit(bool ok) {
  if (in_block_) {
    if (!ok && !failed_) {
      // Others must not wait for the locks of a transaction that can do no more.
      Undo();
      failed_ = true;
    }
    return absl::OkStatus();
  }
  if (!ok) {
    Rollback();
    return absl::OkStatus();
  }
  if (implicit_block_ || pipeline_) return absl::OkStatus();
  return Commit();
}

void SessionImpl::BeginPipeline() {
  pipeline_ = true;
  pipeline_statements_ = 0;
}

absl::Status SessionImpl::EndPipeline() {
  pipeline_ = false;
  pipeline_statements_ = 0;
  const absl::Status status = in_block_ ? absl::OkStatus() : Commit();
  ReportParameters();
  return status;
}

// --- Contexts -----------------------------------------------------------------------------------

void SessionImpl::Notify(std::string severity, std::string message) const {
  if (on_notice) on_notice(Notice{std::move(severity), std::move(message)});
}

std::shared_ptr<const catalog::CatalogSnapshot> SessionImpl::CatalogNow() {
  return cluster.catalog.Snapshot(changes_.get());
}

absl::StatusOr<catalog::Oid> SessionImpl::TemporarySchema() {
  if (temporary_schema_ != 0 && CatalogNow()->FindSchema(temporary_schema_) != nullptr) {
    return temporary_schema_;
  }
  auto schema = std::make_shared<catalog::SchemaEntry>();
  schema->oid = cluster.catalog.NextOid();
  schema->name = absl::StrCat("pg_temp_", pid);
  schema->owner = user_id;
  schema->temporary_session = pid;
  temporary_schema_ = schema->oid;
  changes().PutSchema(std::move(schema));
  return temporary_schema_;
}

types::TextContext SessionImpl::MakeTextContext() const {
  if (text_version_ != settings.version()) {
    const settings::Parameters& parameters = settings.get();
    types::TextContext text;
    // SET checked the zone; should its file have gone since, UTC is better than no answer.
    if (auto zone = types::FindTimeZone(parameters.timezone); zone.ok()) {
      text.datetime.time_zone = *zone;
    }
    switch (settings.date_order()) {
      case settings::DateOrder::kMonthDayYear:
        text.datetime.date_order = types::DateOrder::kMonthDayYear;
        break;
      case settings::DateOrder::kDayMonthYear:
        text.datetime.date_order = types::DateOrder::kDayMonthYear;
        break;
      case settings::DateOrder::kYearMonthDay:
        text.datetime.date_order = types::DateOrder::kYearMonthDay;
        break;
    }
    text.extra_float_digits = static_cast<int>(parameters.extra_float_digits);
    text_ = std::move(text);
    text_version_ = settings.version();
  }
  types::TextContext text = text_;
  text.datetime.now_micros =
      transaction_ != nullptr ? transaction_start_micros_ : cluster.NowMicros();
  return text;
}

functions::EvalContext SessionImpl::MakeEvalContext(int64_t query_id) const {
  functions::EvalContext eval;
  const settings::Parameters& parameters = settings.get();
  eval.text = MakeTextContext();
  eval.statement_start_micros = cluster.NowMicros();
  eval.transaction_start_micros =
      transaction_ != nullptr ? transaction_start_micros_ : eval.statement_start_micros;
  eval.user = user;
  eval.database = database;
  eval.user_id = user_id;
  eval.session_pid = pid;
  eval.query_id = query_id;
  eval.numeric_rounding = parameters.enable_numeric_rounding;
  eval.random_seed = parameters.seed != 0
                         ? static_cast<uint64_t>(parameters.seed * 2147483647.0)
                         : static_cast<uint64_t>(eval.statement_start_micros) + query_id;
  return eval;
}

// Schemas without USAGE are passed over in silence, as in PostgreSQL.
std::vector<std::string> SessionImpl::UsablePath(const catalog::CatalogSnapshot& catalog) const {
  std::vector<std::string> path = settings.get().search_path;
  const security::Access rights(catalog, user_id);
  if (rights.superuser()) return path;
  std::erase_if(path, [&](const std::string& entry) {
    const auto schema = catalog.FindSchema(std::string_view(entry == "$user" ? user : entry));
    return schema != nullptr && (rights.Held(security::Target::kSchema, schema->oid) &
                                 (catalog::kUsage)) == 0;
  });
  return path;
}

std::optional<PlanInputs> SessionImpl::InputsOfPlan(const std::vector<Value>& parameters) const {
  if (changes_ != nullptr) return std::nullopt;
  PlanInputs inputs{.catalog = cluster.catalog.Snapshot(nullptr)->version(),
                    .settings = settings.version(),
                    .user_id = user_id,
                    .temporary_schema = temporary_schema_};
  inputs.parameter_types.reserve(parameters.size());
  for (const Value& value : parameters) inputs.parameter_types.push_back(value.type());
  return inputs;
}

binder::BindContext SessionImpl::MakeBindContext(const catalog::CatalogSnapshot& catalog,
                                                 const functions::EvalContext& eval) const {
  binder::BindContext bind{.catalog = catalog, .functions = *cluster.functions, .eval = eval};
  bind.sources = strict() ? &cluster.sources().as_redshift() : &cluster.sources();
  bind.search_path = UsablePath(catalog);
  bind.temp_schema = temporary_schema_;
  bind.user = user;
  bind.user_id = user_id;
  bind.database = database;
  bind.error_on_nondeterministic_update = settings.get().error_on_nondeterministic_update;
  bind.strict = strict();
  bind.interval_forbid_composite_literals = settings.get().interval_forbid_composite_literals;
  return bind;
}

// --- Statements ---------------------------------------------------------------------------------

void SessionImpl::SetRunning(base::Cancellation* cancellation, int64_t query_id) {
  base::MutexLock lock(cancel_mutex_);
  running_ = cancellation;
  open_query_id_ = query_id;
  if (running_ != nullptr && terminated()) running_->Cancel(Terminated());
}

SessionImpl::Interruptible::Interruptible(SessionImpl& session, functions::EvalContext* eval)
    : session_(session) {
  session_.LimitTime(cancellation_, std::chrono::steady_clock::now(), eval->query_id);
  {
    base::MutexLock lock(session_.cancel_mutex_);
    outer_ = session_.running_;
    outer_query_id_ = session_.open_query_id_;
  }
  session_.SetRunning(&cancellation_, eval->query_id);
  eval->cancellation = &cancellation_;
}

SessionImpl::Interruptible::~Interruptible() { session_.SetRunning(outer_, outer_query_id_); }

void SessionImpl::LimitTime(base::Cancellation& cancellation,
                            std::chrono::steady_clock::time_point start, int64_t query_id) const {
  const int64_t timeout_ms = settings.get().statement_timeout;
  if (timeout_ms <= 0) return;
  cancellation.CancelAt(start + std::chrono::milliseconds(timeout_ms),
                        SqlError(SqlState::kQueryCanceled,
                                 absl::StrCat("Query (", query_id, ") canceled on user's request"))
                            .Hint("statement_timeout was reached."));
}

void SessionImpl::Cancel() {
  base::MutexLock lock(cancel_mutex_);
  if (running_ == nullptr) return;
  running_->Cancel(SqlError(SqlState::kQueryCanceled,
                            absl::StrCat("Query (", open_query_id_, ") cancelled on user's request")));
}

void SessionImpl::Terminate() {
  // The callback runs under the lock, so that who removes it knows that it runs no more.
  base::MutexLock lock(cancel_mutex_);
  terminated_.store(true, std::memory_order_release);
  if (running_ != nullptr) running_->Cancel(Terminated());
  if (on_terminate_) on_terminate_();
}

void SessionImpl::OnTerminate(std::function<void()> callback) {
  base::MutexLock lock(cancel_mutex_);
  on_terminate_ = std::move(callback);
}

void SessionImpl::OnParameterChange(ParameterCallback callback) {
  on_parameter_change_ = std::move(callback);
  reported_.clear();
  reported_version_ = 0;
  ReportParameters();
}

void SessionImpl::ReportParameters() {
  if (!on_parameter_change_ || reported_version_ == settings.version()) return;
  reported_version_ = settings.version();
  for (const std::string_view name : kReportedParameters) {
    const absl::StatusOr<std::string> value = settings.Show(name);
    if (!value.ok()) continue;
    std::string& reported = reported_[std::string(name)];
    if (reported == *value) continue;
    reported = *value;
    on_parameter_change_(name, reported);
  }
}

absl::Status SessionImpl::CheckIdle() const {
  if (open_run_ == nullptr) return absl::OkStatus();
  return SqlError(SqlState::kObjectInUse, "a result of this session is still being read")
      .Hint("Read it to its end or destroy its ResultStream first.");
}

absl::StatusOr<StartedStatement> SessionImpl::StartStatement(
    std::shared_ptr<const ParsedText> parsed, const sql::Statement& statement,
    const std::vector<Value>& parameters, KeptPlan* kept) {
  if (terminated()) return Terminated();
  VESTO_RETURN_IF_ERROR(CheckIdle());
  if (pipeline_) ++pipeline_statements_;
  if (const auto* execute = std::get_if<sql::ExecuteStatement>(&statement.node)) {
    if (failed_) return AbortedBlock();
    const auto it = prepared.find(execute->name);
    if (it == prepared.end()) {
      EndImplicit(false).IgnoreError();
      return SqlError(SqlState::kInvalidStatementName,
                      absl::StrCat("prepared statement \"", execute->name, "\" does not exist"))
          .At(statement.offset);
    }
    const PreparedText target = it->second;
    absl::StatusOr<std::vector<Value>> values = EvaluateArguments(*execute, target);
    if (!values.ok()) {
      EndImplicit(false).IgnoreError();
      return values.status();
    }
    return StatementRun::Start(shared_from_this(), target.parsed, *target.statement, *values,
                               target.kept.get());
  }
  // It may change whose session this is, and end the transaction.
  const Identity asked_by = identity();
  const int64_t start_micros = cluster.NowMicros();
  const txn::Xid xid = in_block_ ? block_xid_ : 0;
  const auto log = [&](const absl::Status& outcome) {
    LogSessionStatement(*parsed, statement, asked_by, start_micros, xid, outcome);
  };
  auto special = RunSessionStatement(parsed, statement, parameters);
  if (!special.ok()) {
    log(special.status());
    EndImplicit(false).IgnoreError();
    return special.status();
  }
  if (special->has_value()) {
    log(absl::OkStatus());
    ReportParameters();
    return StartedStatement(**std::move(special));
  }
  if (failed_) return AbortedBlock();
  return StatementRun::Start(shared_from_this(), std::move(parsed), statement, parameters, kept);
}

absl::Status SessionImpl::RunAll(std::shared_ptr<const ParsedText> parsed,
                                 const std::vector<Value>& parameters,
                                 const std::function<absl::Status(ResultSet)>& each) {
  ScriptRun script(shared_from_this(), std::move(parsed), parameters);
  while (true) {
    VESTO_ASSIGN_OR_RETURN(auto started, script.Next());
    if (!started.has_value()) return absl::OkStatus();
    absl::StatusOr<ResultSet> result = std::move(started->ready);
    if (started->run != nullptr) result = Drain(*started->run);
    absl::Status status = result.ok() ? each(*std::move(result)) : result.status();
    if (!status.ok()) return script.Fail(std::move(status));
  }
}

absl::StatusOr<std::vector<Value>> SessionImpl::EvaluateArguments(
    const sql::ExecuteStatement& execute, const PreparedText& target) {
  const auto catalog = CatalogNow();
  functions::EvalContext eval = MakeEvalContext(0);
  const Interruptible interruptible(*this, &eval);
  eval.on_leader = true;
  const binder::BindContext bind = MakeBindContext(*catalog, eval);
  std::vector<Value> values;
  for (size_t i = 0; i < execute.arguments.size(); ++i) {
    const Type type = i < target.parameter_types.size() ? target.parameter_types[i] : Type();
    VESTO_ASSIGN_OR_RETURN(const expr::ExprPtr bound,
                           binder::BindScalar(*execute.arguments[i], type, bind));
    VESTO_ASSIGN_OR_RETURN(Value value, expr::EvaluateConstant(*bound, eval));
    values.push_back(std::move(value));
  }
  if (values.size() != static_cast<size_t>(target.statement->num_parameters)) {
    return SqlError(SqlState::kSyntaxError,
                    absl::StrCat("wrong number of parameters for prepared statement \"",
                                 execute.name, "\""))
        .Detail(absl::StrCat("Expected ", target.statement->num_parameters, " parameters but got ",
                             values.size(), "."));
  }
  return values;
}

bool SessionImpl::Deallocate(const std::string& name) {
  bool known = prepared.erase(name) > 0;
  if (name.empty()) prepared.clear();
  if (on_deallocate && on_deallocate(name)) known = true;
  return known;
}

absl::StatusOr<PreparedText> SessionImpl::Describe(std::shared_ptr<const ParsedText> parsed,
                                                   const sql::Statement& statement,
                                                   std::vector<Type> parameter_types) {
  const auto* transaction = std::get_if<sql::TransactionStatement>(&statement.node);
  if (failed_ && (transaction == nullptr ||
                  transaction->kind == sql::TransactionStatement::Kind::kBegin)) {
    return AbortedBlock();
  }
  PreparedText text;
  text.parsed = std::move(parsed);
  text.statement = &statement;
  // The whole text is kept, with all that was parsed from it.
  VESTO_ASSIGN_OR_RETURN(
      text.kept, KeptPlan::Make(text.parsed->text.size(),
                                std::holds_alternative<sql::InsertStatement>(statement.node),
                                &cluster.memory));
  const auto catalog = CatalogNow();
  functions::EvalContext eval = MakeEvalContext(0);
  const Interruptible interruptible(*this, &eval);
  binder::BindContext bind = MakeBindContext(*catalog, eval);
  bind.parameter_types = std::move(parameter_types);
  bind.parameter_types.resize(std::max<size_t>(bind.parameter_types.size(),
                                               static_cast<size_t>(statement.num_parameters)));
  VESTO_ASSIGN_OR_RETURN(binder::BoundStatement bound, binder::Bind(statement, bind));
  // What is cancelled stays unfolded, and binding goes on.
  VESTO_RETURN_IF_ERROR(interruptible.status());
  text.parameter_types = std::move(bound.parameter_types);
  if (bound.explain) {
    text.columns = ExplainColumns();
    return text;
  }
  if (const auto* fetch = std::get_if<sql::FetchStatement>(&statement.node)) {
    const auto* columns = cursors_.FindColumns(fetch->cursor);
    if (columns != nullptr) text.columns = *columns;
    return text;
  }
  if (const auto* execute = std::get_if<sql::ExecuteStatement>(&statement.node)) {
    const auto target = prepared.find(execute->name);
    if (target != prepared.end()) text.columns = target->second.columns;
    return text;
  }
  if (bound.kind == binder::StatementKind::kCommand) {
    bound.columns = commands::CommandColumns(statement);
  } else if (bound.kind != binder::StatementKind::kQuery) {
    bound.columns.clear();
  }
  for (const binder::ResultColumn& column : bound.columns) {
    text.columns.push_back(PublicColumn(column));
  }
  return text;
}

}  // namespace vesto::cluster
