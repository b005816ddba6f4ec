#include "vesto/session.h"

#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "cluster/appender.h"
#include "cluster/session_impl.h"
#include "cluster/statement_run.h"

// The public face of a session: every entry turns absl::Status into vesto::Status and lets no
// exception pass.
namespace vesto {
namespace cluster {

class StreamImpl {
 public:
  explicit StreamImpl(std::unique_ptr<StatementRun> run) : run_(std::move(run)) {}

  const std::vector<ResultColumn>& columns() const { return run_->columns(); }
  StatusOr<std::optional<Batch>> Next() {
    if (!error_.ok()) return error_;
    if (ended_) return std::optional<Batch>();
    auto batch = run_->Next();
    if (batch.ok() && batch->has_value()) {
      return std::optional<Batch>(
          Batch(std::make_shared<const column::Batch>(**std::move(batch))));
    }
    ended_ = true;
    error_ = ToPublic(run_->Finish(batch.status()), run_->parsed().text);
    if (!error_.ok()) return error_;
    return std::optional<Batch>();
  }
  const std::string& command_tag() const { return run_->command_tag(); }
  int64_t affected_rows() const { return run_->affected_rows(); }

 private:
  std::unique_ptr<StatementRun> run_;
  Status error_;
  bool ended_ = false;
};

class PreparedImpl {
 public:
  PreparedImpl(std::shared_ptr<SessionImpl> session, PreparedText text)
      : session_(std::move(session)), text_(std::move(text)) {}
  const PreparedText& text() const { return text_; }
  SessionImpl& session() const { return *session_; }

 private:
  const std::shared_ptr<SessionImpl> session_;
  const PreparedText text_;
};

namespace {

template <typename Body>
auto Guarded(Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return Status(SqlState::kOutOfMemory, "out of memory");
  } catch (const std::exception& failure) {
    return Status(SqlState::kInternalError, failure.what());
  }
}

}  // namespace
}  // namespace cluster

using cluster::Guarded;

ResultStream::ResultStream(std::unique_ptr<cluster::StreamImpl> impl) : impl_(std::move(impl)) {}
ResultStream::ResultStream(ResultStream&&) noexcept = default;
ResultStream& ResultStream::operator=(ResultStream&&) noexcept = default;
ResultStream::~ResultStream() = default;
const std::vector<ResultColumn>& ResultStream::columns() const { return impl_->columns(); }
StatusOr<std::optional<Batch>> ResultStream::Next() {
  return Guarded([&]() -> StatusOr<std::optional<Batch>> { return impl_->Next(); });
}
const std::string& ResultStream::command_tag() const { return impl_->command_tag(); }
int64_t ResultStream::affected_rows() const { return impl_->affected_rows(); }

PreparedStatement::PreparedStatement(std::unique_ptr<cluster::PreparedImpl> impl)
    : impl_(std::move(impl)) {}
PreparedStatement::PreparedStatement(PreparedStatement&&) noexcept = default;
PreparedStatement& PreparedStatement::operator=(PreparedStatement&&) noexcept = default;
PreparedStatement::~PreparedStatement() = default;
const std::vector<Type>& PreparedStatement::parameter_types() const {
  return impl_->text().parameter_types;
}
const std::vector<ResultColumn>& PreparedStatement::columns() const {
  return impl_->text().columns;
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
  return Guarded([&] { return RunText(impl_->session(), impl_->text().parsed, parameters); });
}

StatusOr<ResultStream> PreparedStatement::Stream(const std::vector<Value>& parameters) {
  return Guarded([&]() -> StatusOr<ResultStream> {
    const auto& text = impl_->text();
    auto run = impl_->session().Begin(text.parsed, *text.statement, parameters);
    if (!run.ok()) return ToPublic(run.status(), text.parsed->text);
    return ResultStream(std::make_unique<cluster::StreamImpl>(*std::move(run)));
  });
}

Appender::Appender(std::unique_ptr<cluster::AppenderImpl> impl) : impl_(std::move(impl)) {}
Appender::Appender(Appender&&) noexcept = default;
Appender& Appender::operator=(Appender&&) noexcept = default;
Appender::~Appender() = default;
Status Appender::AppendRow(const std::vector<Value>& values) {
  return Guarded([&] { return ToPublic(impl_->AppendRow(values)); });
}
Status Appender::Close() {
  return Guarded([&] { return ToPublic(impl_->Close()); });
}
int64_t Appender::rows() const { return impl_->rows(); }

Session::Session(std::shared_ptr<cluster::SessionImpl> impl) : impl_(std::move(impl)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

StatusOr<ResultSet> Session::Execute(std::string_view sql, const std::vector<Value>& parameters) {
  return Guarded([&]() -> StatusOr<ResultSet> {
    auto parsed = impl_->Parse(sql);
    if (!parsed.ok()) {
      impl_->EndImplicit(false).IgnoreError();
      return ToPublic(parsed.status(), sql);
    }
    return RunText(*impl_, *std::move(parsed), parameters);
  });
}

StatusOr<std::vector<ResultSet>> Session::ExecuteAll(std::string_view sql) {
  return Guarded([&]() -> StatusOr<std::vector<ResultSet>> {
    auto parsed = impl_->Parse(sql);
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
  return Guarded([&]() -> StatusOr<ResultStream> {
    auto parsed = impl_->Parse(sql);
    if (!parsed.ok()) return ToPublic(parsed.status(), sql);
    if ((*parsed)->statements.size() != 1) {
      return Status(SqlState::kSyntaxError, "Stream takes exactly one statement");
    }
    auto run = impl_->Begin(*parsed, (*parsed)->statements[0], parameters);
    if (!run.ok()) return ToPublic(run.status(), sql);
    return ResultStream(std::make_unique<cluster::StreamImpl>(*std::move(run)));
  });
}

StatusOr<PreparedStatement> Session::Prepare(std::string_view sql) {
  return Guarded([&]() -> StatusOr<PreparedStatement> {
    auto parsed = impl_->Parse(sql);
    if (!parsed.ok()) return ToPublic(parsed.status(), sql);
    if ((*parsed)->statements.size() != 1) {
      return Status(SqlState::kSyntaxError,
                    "cannot insert multiple commands into a prepared statement");
    }
    auto text = impl_->Describe(*parsed, (*parsed)->statements[0], {});
    if (!text.ok()) return ToPublic(text.status(), sql);
    return PreparedStatement(std::make_unique<cluster::PreparedImpl>(impl_, *std::move(text)));
  });
}

StatusOr<vesto::Appender> Session::Append(std::string_view table) {
  return Guarded([&]() -> StatusOr<vesto::Appender> {
    auto appender = cluster::AppenderImpl::Open(impl_, table);
    if (!appender.ok()) {
      impl_->EndImplicit(false).IgnoreError();
      return ToPublic(appender.status());
    }
    return vesto::Appender(*std::move(appender));
  });
}

void Session::Cancel() { impl_->Cancel(); }
void Session::OnNotice(std::function<void(const Notice&)> callback) {
  impl_->on_notice = std::move(callback);
}
void Session::OnProgress(std::function<bool(const Progress&)> callback) {
  impl_->on_progress = std::move(callback);
}
bool Session::in_transaction() const { return impl_->in_block(); }
bool Session::transaction_failed() const { return impl_->failed(); }
int32_t Session::pid() const { return impl_->pid; }

}  // namespace vesto
