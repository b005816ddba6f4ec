#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cluster/repeated_texts.h"
#include "cluster/session_impl.h"
#include "types/type_rules.h"

// Statements that steer the session itself and have no plan: transactions, prepared statements,
// CANCEL, SET SESSION AUTHORIZATION, DISCARD; cursors have their own file.
namespace vesto::cluster {
namespace {

// What Redshift, whose grammar has no such word, says.
absl::Status Unknown(std::string_view word, int offset) {
  return SqlError(SqlState::kSyntaxError, absl::StrCat("syntax error at or near \"", sv(word), "\""))
      .At(offset);
}

}  // namespace

absl::Status AbortedBlock() {
  return SqlError(SqlState::kInFailedSqlTransaction,
                  "current transaction is aborted, commands ignored until end of transaction block")
      .Hint("End it with ROLLBACK.");
}

absl::StatusOr<std::optional<ResultSet>> SessionImpl::RunSessionStatement(
    const std::shared_ptr<const ParsedText>& parsed, const sql::Statement& statement,
    const std::vector<Value>& parameters) {
  const auto done = [&]() -> std::optional<ResultSet> {
    return ResultSet({}, {}, commands::CommandTag(statement), 0);
  };
  if (const auto* transaction = std::get_if<sql::TransactionStatement>(&statement.node)) {
    switch (transaction->kind) {
      case sql::TransactionStatement::Kind::kBegin:
        if (failed_) return AbortedBlock();
        if (in_block_) {
          Notify("WARNING", "there is already a transaction in progress");
        } else {
          BeginBlock();
          settings.mutable_parameters().transaction_read_only = transaction->read_only;
        }
        return done();
      case sql::TransactionStatement::Kind::kCommit: {
        if (!in_block_) Notify("WARNING", "there is no transaction in progress");
        if (failed_) {
          // PostgreSQL's answer to COMMIT of a failed transaction.
          Rollback();
          return ResultSet({}, {}, "ROLLBACK", 0);
        }
        VESTO_RETURN_IF_ERROR(Commit());
        return done();
      }
      case sql::TransactionStatement::Kind::kRollback:
        if (!in_block_) Notify("WARNING", "there is no transaction in progress");
        Rollback();
        return done();
    }
  }
  if (const auto* prepare = std::get_if<sql::PrepareStatement>(&statement.node)) {
    if (failed_) return AbortedBlock();
    if (prepared.contains(prepare->name)) {
      return SqlError(SqlState::kDuplicatePreparedStatement,
                      absl::StrCat("prepared statement \"", prepare->name, "\" already exists"))
          .At(statement.offset);
    }
    std::vector<Type> types;
    for (const sql::TypeName& name : prepare->types) {
      VESTO_ASSIGN_OR_RETURN(const Type type, types::ResolveType(name.name, name.modifiers));
      types.push_back(type);
    }
    VESTO_ASSIGN_OR_RETURN(PreparedText text,
                           Describe(parsed, *prepare->statement, std::move(types)));
    prepared.emplace(prepare->name, std::move(text));
    return done();
  }
  if (const auto* cancel = std::get_if<sql::CancelStatement>(&statement.node)) {
    if (failed_) return AbortedBlock();
    VESTO_RETURN_IF_ERROR(SignalStatement(*cancel));
    return done();
  }
  if (const auto* deallocate = std::get_if<sql::DeallocateStatement>(&statement.node)) {
    if (failed_) return AbortedBlock();
    if (deallocate->name.empty()) {
      if (strict()) return Unknown("ALL", statement.offset);
      Deallocate("");
    } else if (!Deallocate(deallocate->name)) {
      return SqlError(SqlState::kInvalidStatementName,
                      absl::StrCat("prepared statement \"", deallocate->name, "\" does not exist"))
          .At(statement.offset);
    }
    return done();
  }
  if (failed_) return AbortedBlock();
  if (const auto* set = std::get_if<sql::SetStatement>(&statement.node)) {
    if (set->name == "session_authorization") {
      VESTO_RETURN_IF_ERROR(SetAuthorization(*set, statement.offset));
      return done();
    }
    if (set->name == "transaction" && in_any_block()) {
      settings.mutable_parameters().transaction_read_only =
          !set->values.empty() && set->values[0] == "read only";
    }
  }
  if (const auto* reset = std::get_if<sql::ResetStatement>(&statement.node);
      reset != nullptr && reset->name == "session_authorization") {
    Become(login_);
    return done();
  }
  if (const auto* discard = std::get_if<sql::DiscardStatement>(&statement.node)) {
    if (strict()) return Unknown("DISCARD", statement.offset);
    VESTO_RETURN_IF_ERROR(Discard(discard->what, statement.offset));
    return done();
  }
  // Nothing ever listens, so there is nothing to end.
  if (std::holds_alternative<sql::UnlistenStatement>(statement.node)) {
    if (strict()) return NotSupported("UNLISTEN", statement.offset);
    return done();
  }
  if (const auto* close = std::get_if<sql::CloseStatement>(&statement.node);
      close != nullptr && close->cursor.empty() && strict()) {
    return Unknown("ALL", statement.offset);
  }
  return cursors_.Run(parsed, statement, parameters);
}

// Back to what the session was when it began. Source: PostgreSQL manual, DISCARD.
absl::Status SessionImpl::Discard(sql::DiscardStatement::What what, int offset) {
  using What = sql::DiscardStatement::What;
  if (what == What::kSequences) return absl::OkStatus();  // there are none
  if (what == What::kPlans || what == What::kAll) repeated_texts_->Clear();
  if (what == What::kPlans) return absl::OkStatus();
  if (what == What::kAll) {
    if (in_any_block()) {
      return SqlError(SqlState::kActiveSqlTransaction,
                      "DISCARD ALL cannot run inside a transaction block")
          .At(offset);
    }
    cursors_.CloseAll();
    Deallocate("");
    Become(login_);
    settings.ResetAll();
  }
  DropTemporaryTables();
  return absl::OkStatus();
}

absl::Status SessionImpl::SignalStatement(const sql::CancelStatement& cancel) {
  std::shared_ptr<SessionImpl> target;
  if (cancel.pid >= 0 && cancel.pid <= INT32_MAX) {
    target = cluster.sessions.Find(static_cast<int32_t>(cancel.pid));
  }
  if (target == nullptr) {
    return SqlError(SqlState::kInvalidParameterValue,
                    absl::StrCat("Session ", cancel.pid,
                                 " does not exist. The session PID might have changed. Check the "
                                 "stl_restarted_sessions system table for details."));
  }
  VESTO_RETURN_IF_ERROR(CheckMaySignal(*target));
  target->Cancel();
  return absl::OkStatus();
}

absl::Status SessionImpl::CheckMaySignal(const SessionImpl& target) const {
  // Who `target` acts as is its own thread's affair; who logged in never changes.
  if (target.login_.id == user_id ||
      security::Access(*cluster.catalog.Snapshot(nullptr), user_id).superuser()) {
    return absl::OkStatus();
  }
  return SqlError(SqlState::kInsufficientPrivilege,
                  "must be superuser to signal other server processes");
}

}  // namespace vesto::cluster
