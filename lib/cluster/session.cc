#include "vesto/session.h"

#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "cluster/appender.h"
#include "cluster/guarded.h"
#include "cluster/kept_plan.h"
#include "cluster/script_run.h"
#include "cluster/session_impl.h"
#include "cluster/statement_run.h"
#include "column/field_encoder.h"

// The public face of a session: every entry turns absl::Status into vesto::Status and lets no
// exception pass.
namespace vesto {
namespace cluster {

class StreamImpl {
 public:
  // `script_error` (may be null) is where a script learns that this statement failed.
  explicit StreamImpl(StartedStatement statement, std::shared_ptr<Status> script_error = nullptr)
      : statement_(std::move(statement)), script_error_(std::move(script_error)) {}
  ~StreamImpl() {
    if (script_error_ == nullptr || ended_ || statement_.run == nullptr) return;
    *script_error_ = Status(SqlState::kQueryCanceled, "the result was not read to its end");
  }

  const std::vector<ResultColumn>& columns() const {
    return statement_.run != nullptr ? statement_.run->columns() : statement_.ready.columns();
  }
  StatusOr<std::optional<Batch>> Next() {
    if (!error_.ok()) return error_;
    if (ended_) return std::optional<Batch>();
    if (statement_.run == nullptr) {
      const auto& batches = statement_.ready.batches();
      if (next_ready_ < batches.size()) return std::optional<Batch>(batches[next_ready_++]);
      ended_ = true;
      return std::optional<Batch>();
    }
    auto batch = statement_.run->Next();
    if (batch.ok() && batch->has_value()) {
      return std::optional<Batch>(
          Batch(std::make_shared<const column::Batch>(**std::move(batch))));
    }
    if (const Status ended = End(batch.status()); !ended.ok()) return ended;
    return std::optional<Batch>();
  }
  Status Materialize() {
    if (statement_.run == nullptr || ended_) return error_;
    cluster_ = statement_.run->cluster();
    charge_ = base::MemoryCharge(&cluster_->memory);
    auto rest = Drain(*statement_.run, &charge_);
    if (!rest.ok()) {
      ended_ = true;
      error_ = ToPublic(rest.status(), statement_.run->parsed().text);
      if (script_error_ != nullptr) *script_error_ = error_;
      return error_;
    }
    statement_ = StartedStatement(*std::move(rest));
    return OkStatus();
  }
  Status Close() {
    if (statement_.run == nullptr) ended_ = true;
    if (ended_) return OkStatus();  // who read it knows its error
    if (const auto carried = copy(); carried.has_value() && carried->from_client) {
      return Status(SqlState::kObjectNotInPrerequisiteState, "a COPY is in progress");
    }
    if (columns().empty() && !copy().has_value()) return Materialize();
    return End(absl::OkStatus());
  }
  StatusOr<ResultSet> All() {
    if (const Status read = Materialize(); !read.ok()) return read;
    return std::move(statement_.ready);
  }
  Status Interrupted() {
    if (statement_.run == nullptr || ended_) return error_;
    return ToPublic(statement_.run->Poll());
  }
  std::optional<CopyInfo> copy() const {
    const auto* copy = statement_.run != nullptr ? statement_.run->client_copy() : nullptr;
    if (copy == nullptr) return std::nullopt;
    return CopyInfo{.from_client = copy->from_client,
                    .binary = copy->options.format == format::ClientCopyOptions::Format::kBinary,
                    .columns = static_cast<int>(copy->columns.size())};
  }
  Status PutCopyData(std::string_view bytes) {
    if (const Status usable = CheckCopy(); !usable.ok()) return usable;
    const absl::Status status = statement_.run->AddCopyData(bytes);
    return status.ok() ? OkStatus() : End(status);
  }
  Status EndCopyData() {
    if (const Status usable = CheckCopy(); !usable.ok()) return usable;
    return End(statement_.run->EndCopyData());
  }
  StatusOr<bool> GetCopyRow(std::string* out) {
    if (const Status usable = CheckCopy(); !usable.ok()) return usable;
    const auto more = statement_.run->AppendCopyRow(out);
    if (more.ok() && *more) return true;
    const Status ended = End(more.status());
    if (!ended.ok()) return ended;
    return false;
  }
  const std::string& command_tag() const {
    return statement_.run != nullptr ? statement_.run->command_tag()
                                     : statement_.ready.command_tag();
  }
  int64_t affected_rows() const {
    return statement_.run != nullptr ? statement_.run->affected_rows()
                                     : statement_.ready.affected_rows();
  }

 private:
  // The statement's end, good or bad.
  Status End(const absl::Status& outcome) {
    ended_ = true;
    error_ = ToPublic(statement_.run->Finish(outcome), statement_.run->parsed().text);
    if (!error_.ok() && script_error_ != nullptr) *script_error_ = error_;
    return error_;
  }
  Status CheckCopy() const {
    if (!error_.ok()) return error_;
    if (ended_ || !copy().has_value()) {
      return Status(SqlState::kObjectNotInPrerequisiteState, "no COPY is in progress");
    }
    return OkStatus();
  }

  std::shared_ptr<ClusterImpl> cluster_;  // whose memory `charge_` is of
  base::MemoryCharge charge_;             // for the rows that Materialize has read
  StartedStatement statement_;
  const std::shared_ptr<Status> script_error_;
  size_t next_ready_ = 0;
  Status error_;
  bool ended_ = false;
};

class ScriptImpl {
 public:
  ScriptImpl(std::shared_ptr<SessionImpl> session, std::shared_ptr<const ParsedText> parsed)
      : parsed_(std::move(parsed)), script_(std::move(session), parsed_, {}) {}

  // The next statement's stream; null after the last one.
  StatusOr<std::unique_ptr<StreamImpl>> Next() {
    if (!stream_error_->ok()) return *stream_error_;
    auto started = script_.Next();
    if (!started.ok()) return ToPublic(started.status(), parsed_->text);
    if (!started->has_value()) return std::unique_ptr<StreamImpl>();
    return std::make_unique<StreamImpl>(**std::move(started), stream_error_);
  }

 private:
  const std::shared_ptr<const ParsedText> parsed_;
  ScriptRun script_;
  const std::shared_ptr<Status> stream_error_ = std::make_shared<Status>();
};

// One statement outside a script. What is ready at once has nothing left that could end its
// transaction.
StatusOr<std::unique_ptr<StreamImpl>> StartStream(
    SessionImpl& session, const std::shared_ptr<const ParsedText>& parsed,
    const sql::Statement& statement, const std::vector<Value>& parameters,
    KeptPlan* kept = nullptr) {
  auto started = session.StartStatement(parsed, statement, parameters, kept);
  if (!started.ok()) return ToPublic(started.status(), parsed->text);
  if (started->run == nullptr) {
    if (const absl::Status ended = session.EndImplicit(true); !ended.ok()) return ToPublic(ended);
  }
  return std::make_unique<StreamImpl>(*std::move(started));
}

class PreparedImpl {
 public:
  PreparedImpl(std::shared_ptr<SessionImpl> session, PreparedText text)
      : session_(std::move(session)), text_(std::move(text)) {}
  const PreparedText& text() const { return text_; }
  StatusOr<std::unique_ptr<StreamImpl>> Start(const std::vector<Value>& parameters) {
    if (text_.statement == nullptr) {  // of an empty text
      return std::make_unique<StreamImpl>(StartedStatement(ResultSet()));
    }
    return StartStream(*session_, text_.parsed, *text_.statement, parameters, text_.kept.get());
  }

 private:
  const std::shared_ptr<SessionImpl> session_;
  const PreparedText text_;
};

}  // namespace cluster

using cluster::Guarded;

ResultStream::ResultStream(std::unique_ptr<cluster::StreamImpl> impl) : impl_(std::move(impl)) {}
ResultStream::ResultStream(ResultStream&&) noexcept = default;
ResultStream& ResultStream::operator=(ResultStream&&) noexcept = default;
ResultStream::~ResultStream() = default;
const std::vector<ResultColumn>& ResultStream::columns() const {
  static const std::vector<ResultColumn> kNone;
  return impl_ != nullptr ? impl_->columns() : kNone;
}
StatusOr<std::optional<Batch>> ResultStream::Next() {
  return Guarded(impl_, [&]() -> StatusOr<std::optional<Batch>> { return impl_->Next(); });
}
Status ResultStream::Materialize() {
  return Guarded(impl_, [&] { return impl_->Materialize(); });
}
Status ResultStream::Close() {
  return Guarded(impl_, [&] { return impl_->Close(); });
}
Status ResultStream::Interrupted() {
  return Guarded(impl_, [&] { return impl_->Interrupted(); });
}
std::optional<CopyInfo> ResultStream::copy() const {
  return impl_ != nullptr ? impl_->copy() : std::nullopt;
}
Status ResultStream::PutCopyData(std::string_view bytes) {
  return Guarded(impl_, [&] { return impl_->PutCopyData(bytes); });
}
Status ResultStream::EndCopyData() {
  return Guarded(impl_, [&] { return impl_->EndCopyData(); });
}
StatusOr<bool> ResultStream::GetCopyRow(std::string* out) {
  return Guarded(impl_, [&] { return impl_->GetCopyRow(out); });
}
const std::string& ResultStream::command_tag() const {
  static const std::string kNone;
  return impl_ != nullptr ? impl_->command_tag() : kNone;
}
int64_t ResultStream::affected_rows() const {
  return impl_ != nullptr ? impl_->affected_rows() : 0;
}

Script::Script(std::unique_ptr<cluster::ScriptImpl> impl) : impl_(std::move(impl)) {}
Script::Script(Script&&) noexcept = default;
Script& Script::operator=(Script&&) noexcept = default;
Script::~Script() = default;
StatusOr<std::optional<ResultStream>> Script::Next() {
  return Guarded(impl_, [&]() -> StatusOr<std::optional<ResultStream>> {
    auto stream = impl_->Next();
    if (!stream.ok()) return stream.status();
    if (*stream == nullptr) return std::optional<ResultStream>();
    return std::optional<ResultStream>(ResultStream(*std::move(stream)));
  });
}

PreparedStatement::PreparedStatement(std::unique_ptr<cluster::PreparedImpl> impl)
    : impl_(std::move(impl)) {}
PreparedStatement::PreparedStatement(PreparedStatement&&) noexcept = default;
PreparedStatement& PreparedStatement::operator=(PreparedStatement&&) noexcept = default;
PreparedStatement::~PreparedStatement() = default;
const std::vector<Type>& PreparedStatement::parameter_types() const {
  static const std::vector<Type> kNone;
  return impl_ != nullptr ? impl_->text().parameter_types : kNone;
}
const std::vector<ResultColumn>& PreparedStatement::columns() const {
  static const std::vector<ResultColumn> kNone;
  return impl_ != nullptr ? impl_->text().columns : kNone;
}

namespace {

// The last result of a text: what Execute returns.
StatusOr<ResultSet> RunText(cluster::SessionImpl& session,
                            std::shared_ptr<const cluster::ParsedText> parsed,
                            const std::vector<Value>& parameters) {
  ResultSet last;
  const absl::Status status =
      session.RunAll(parsed, parameters, [&](ResultSet result) -> absl::Status {
        last = std::move(result);
        return absl::OkStatus();
      });
  if (!status.ok()) return ToPublic(status, parsed->text);
  return last;
}

}  // namespace

StatusOr<ResultSet> PreparedStatement::Execute(const std::vector<Value>& parameters) {
  return Guarded(impl_, [&]() -> StatusOr<ResultSet> {
    auto stream = impl_->Start(parameters);
    if (!stream.ok()) return stream.status();
    return (*stream)->All();
  });
}

StatusOr<ResultStream> PreparedStatement::Stream(const std::vector<Value>& parameters) {
  return Guarded(impl_, [&]() -> StatusOr<ResultStream> {
    auto stream = impl_->Start(parameters);
    if (!stream.ok()) return stream.status();
    return ResultStream(*std::move(stream));
  });
}

Appender::Appender(std::unique_ptr<cluster::AppenderImpl> impl) : impl_(std::move(impl)) {}
Appender::Appender(Appender&&) noexcept = default;
Appender& Appender::operator=(Appender&&) noexcept = default;
Appender::~Appender() = default;
Status Appender::AppendRow(const std::vector<Value>& values) {
  return Guarded(impl_, [&] { return ToPublic(impl_->AppendRow(values)); });
}
Status Appender::Close() {
  return Guarded(impl_, [&] { return ToPublic(impl_->Close()); });
}
int64_t Appender::rows() const { return impl_ != nullptr ? impl_->rows() : 0; }

Session::Session(std::shared_ptr<cluster::SessionImpl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

StatusOr<ResultSet> Session::Execute(std::string_view sql, const std::vector<Value>& parameters) {
  return Guarded(impl_, [&]() -> StatusOr<ResultSet> {
    auto parsed = impl_->ParseToRun(sql, parameters);
    if (!parsed.ok()) {
      impl_->EndImplicit(false).IgnoreError();
      return ToPublic(parsed.status(), sql);
    }
    return RunText(*impl_, *std::move(parsed), parameters);
  });
}

StatusOr<std::vector<ResultSet>> Session::ExecuteAll(std::string_view sql) {
  return Guarded(impl_, [&]() -> StatusOr<std::vector<ResultSet>> {
    auto parsed = impl_->ParseToRun(sql, {});
    if (!parsed.ok()) {
      impl_->EndImplicit(false).IgnoreError();
      return ToPublic(parsed.status(), sql);
    }
    std::vector<ResultSet> results;
    const absl::Status status = impl_->RunAll(*parsed, {}, [&](ResultSet result) {
      results.push_back(std::move(result));
      return absl::OkStatus();
    });
    if (!status.ok()) return ToPublic(status, sql);
    return results;
  });
}

StatusOr<ResultStream> Session::Stream(std::string_view sql, const std::vector<Value>& parameters) {
  return Guarded(impl_, [&]() -> StatusOr<ResultStream> {
    auto parsed = impl_->Parse(sql);
    if (!parsed.ok()) return ToPublic(parsed.status(), sql);
    if ((*parsed)->statements.size() != 1) {
      return Status(SqlState::kSyntaxError, "Stream takes exactly one statement");
    }
    auto stream = cluster::StartStream(*impl_, *parsed, (*parsed)->statements[0], parameters);
    if (!stream.ok()) return stream.status();
    return ResultStream(*std::move(stream));
  });
}

StatusOr<Script> Session::Run(std::string_view sql) {
  return Guarded(impl_, [&]() -> StatusOr<Script> {
    auto parsed = impl_->ParseToRun(sql, {});
    if (!parsed.ok()) {
      impl_->EndImplicit(false).IgnoreError();
      return ToPublic(parsed.status(), sql);
    }
    return Script(std::make_unique<cluster::ScriptImpl>(impl_, *std::move(parsed)));
  });
}

StatusOr<PreparedStatement> Session::Prepare(std::string_view sql,
                                             const std::vector<Type>& parameter_types) {
  return Guarded(impl_, [&]() -> StatusOr<PreparedStatement> {
    auto parsed = impl_->Parse(sql);
    if (!parsed.ok()) return ToPublic(parsed.status(), sql);
    const auto& statements = (*parsed)->statements;
    if (statements.size() > 1) {
      return Status(SqlState::kSyntaxError,
                    "cannot insert multiple commands into a prepared statement");
    }
    if (statements.empty()) {
      return PreparedStatement(
          std::make_unique<cluster::PreparedImpl>(impl_, cluster::PreparedText{*parsed}));
    }
    auto text = impl_->Describe(*parsed, statements[0], parameter_types);
    if (!text.ok()) return ToPublic(text.status(), sql);
    return PreparedStatement(std::make_unique<cluster::PreparedImpl>(impl_, *std::move(text)));
  });
}

StatusOr<vesto::Appender> Session::Append(std::string_view table) {
  return Guarded(impl_, [&]() -> StatusOr<vesto::Appender> {
    auto appender = cluster::AppenderImpl::Open(impl_, table);
    if (!appender.ok()) {
      impl_->EndImplicit(false).IgnoreError();
      return ToPublic(appender.status());
    }
    return vesto::Appender(*std::move(appender));
  });
}

void Session::Cancel() {
  if (impl_ != nullptr) impl_->Cancel();
}
void Session::OnNotice(std::function<void(const Notice&)> callback) {
  if (impl_ != nullptr) impl_->on_notice = std::move(callback);
}
void Session::OnProgress(std::function<bool(const Progress&)> callback) {
  if (impl_ != nullptr) impl_->on_progress = std::move(callback);
}
void Session::BeginPipeline() {
  if (impl_ != nullptr) impl_->BeginPipeline();
}
void Session::OnDeallocate(std::function<bool(std::string_view)> callback) {
  if (impl_ != nullptr) impl_->on_deallocate = std::move(callback);
}
Status Session::EndPipeline() {
  return Guarded(impl_, [&] { return ToPublic(impl_->EndPipeline()); });
}
void Session::FailTransaction() {
  if (impl_ != nullptr) impl_->EndImplicit(false).IgnoreError();
}
Status Session::SetDefault(std::string_view parameter, std::string_view value) {
  return Guarded(impl_, [&] {
    return ToPublic(impl_->settings.SetDefault(parameter, {std::string(value)}));
  });
}
StatusOr<std::string> Session::Show(std::string_view parameter) const {
  return Guarded(impl_, [&]() -> StatusOr<std::string> {
    auto value = impl_->settings.Show(parameter);
    if (!value.ok()) return ToPublic(value.status());
    return *std::move(value);
  });
}
void Session::OnParameterChange(
    std::function<void(std::string_view name, std::string_view value)> callback) {
  if (impl_ == nullptr) return;
  impl_->OnParameterChange(std::move(callback));
}
void Session::OnTerminate(std::function<void()> callback) {
  if (impl_ != nullptr) impl_->OnTerminate(std::move(callback));
}
void Session::Terminate() {
  if (impl_ != nullptr) impl_->Terminate();
}
bool Session::terminated() const { return impl_ == nullptr || impl_->terminated(); }
int32_t Session::cancel_key() const { return impl_ != nullptr ? impl_->cancel_key : 0; }
std::optional<Session::Origin> Session::OriginOf(const ResultColumn& column) const {
  if (impl_ == nullptr) return std::nullopt;
  const auto catalog = impl_->CatalogNow();
  const auto table = catalog->FindTable(column.table);
  if (table == nullptr || column.table_column < 1 ||
      column.table_column > static_cast<int>(table->columns.size())) {
    return std::nullopt;
  }
  const auto& entry = table->columns[column.table_column - 1];
  const auto schema = catalog->FindSchema(table->schema);
  return Origin{schema != nullptr ? schema->name : "", table->name, entry.name, entry.not_null,
                entry.identity};
}
std::optional<Session::Cursor> Session::open_cursor() const {
  return impl_ != nullptr ? impl_->open_cursor() : std::nullopt;
}
RowEncoder Session::NewRowEncoder(const std::vector<Type>& types,
                                  const std::vector<ValueForm>& forms,
                                  BinaryDialect dialect) const {
  return RowEncoder(std::make_unique<column::FieldEncoder>(types, forms, dialect,
                                                           impl_ != nullptr
                                                               ? impl_->MakeTextContext()
                                                               : types::TextContext()));
}
StatusOr<Value> Session::DecodeParameter(const Type& type, ValueForm form, std::string_view bytes,
                                         BinaryDialect dialect) const {
  return Guarded(impl_, [&]() -> StatusOr<Value> {
    auto value = column::DecodeParameter(type, form, bytes, dialect, impl_->MakeTextContext());
    if (!value.ok()) return ToPublic(value.status());
    return *std::move(value);
  });
}
bool Session::in_transaction() const { return impl_ != nullptr && impl_->in_block(); }
bool Session::transaction_failed() const { return impl_ != nullptr && impl_->failed(); }
int32_t Session::pid() const { return impl_ != nullptr ? impl_->pid : 0; }
std::chrono::seconds Session::idle_timeout() const {
  return std::chrono::seconds(impl_ != nullptr ? impl_->idle_timeout_seconds : 0);
}

}  // namespace vesto
