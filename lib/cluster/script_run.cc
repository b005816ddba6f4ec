#include "cluster/script_run.h"

#include <utility>

#include "base/status_macros.h"
#include "cluster/statement_run.h"

namespace vesto::cluster {

ScriptRun::ScriptRun(std::shared_ptr<SessionImpl> session,
                     std::shared_ptr<const ParsedText> parsed, std::vector<Value> parameters)
    : session_(std::move(session)), parsed_(std::move(parsed)), parameters_(std::move(parameters)) {}

ScriptRun::~ScriptRun() {
  if (!ended_) {
    Fail(SqlError(SqlState::kQueryCanceled, "the statements were not run to their end"))
        .IgnoreError();
  }
}

absl::StatusOr<std::optional<StartedStatement>> ScriptRun::Next() {
  if (!error_.ok()) return error_;
  if (ended_) return std::nullopt;
  const auto& statements = parsed_->trees();
  if (next_ == 0) {
    absl::Status status = session_->CheckIdle();
    if (status.ok() && statements.size() > 1 && !parameters_.empty()) {
      status = SqlError(SqlState::kSyntaxError,
                        "cannot insert multiple commands into a prepared statement");
    }
    if (!status.ok()) {
      ended_ = true;
      error_ = status;
      return status;
    }
    session_->SetImplicitBlock(statements.size() > 1);
  }
  if (next_ == statements.size()) {
    VESTO_RETURN_IF_ERROR(End());
    return std::nullopt;
  }
  const bool repeated = parsed_->pattern != nullptr;
  auto started = session_->StartStatement(parsed_, statements[next_],
                                          repeated ? parsed_->numbers : parameters_,
                                          parsed_->kept.get());
  ++next_;
  if (!started.ok()) return Fail(started.status());
  return std::optional<StartedStatement>(*std::move(started));
}

absl::Status ScriptRun::Fail(absl::Status error) {
  if (ended_) return error;
  ended_ = true;
  error_ = error;
  session_->SetImplicitBlock(false);
  session_->EndImplicit(false).IgnoreError();
  return error;
}

absl::Status ScriptRun::End() {
  ended_ = true;
  session_->SetImplicitBlock(false);
  error_ = session_->EndImplicit(true);
  return error_;
}

}  // namespace vesto::cluster
