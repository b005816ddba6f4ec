#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/command.h"
#include "commands/statements.h"

namespace vesto::commands {
namespace {

template <typename... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

std::string KindName(sql::ObjectKind kind) {
  switch (kind) {
    case sql::ObjectKind::kTable: return "TABLE";
    case sql::ObjectKind::kView: return "VIEW";
    case sql::ObjectKind::kSchema: return "SCHEMA";
    case sql::ObjectKind::kDatabase: return "DATABASE";
    case sql::ObjectKind::kUser: return "USER";
    case sql::ObjectKind::kGroup: return "GROUP";
    case sql::ObjectKind::kMaterializedView: return "MATERIALIZED VIEW";
    case sql::ObjectKind::kFunction: return "FUNCTION";
    case sql::ObjectKind::kProcedure: return "PROCEDURE";
    case sql::ObjectKind::kRole: return "ROLE";
    case sql::ObjectKind::kColumn: return "COLUMN";
    case sql::ObjectKind::kConstraint: return "CONSTRAINT";
    case sql::ObjectKind::kLanguage: return "LANGUAGE";
  }
  return "OBJECT";
}

}  // namespace

std::string CommandTag(const sql::Statement& statement) {
  return std::visit(
      Overloaded{
          [](const sql::SelectStatement&) -> std::string { return "SELECT"; },
          [](const sql::InsertStatement&) -> std::string { return "INSERT"; },
          [](const sql::UpdateStatement&) -> std::string { return "UPDATE"; },
          [](const sql::DeleteStatement&) -> std::string { return "DELETE"; },
          [](const sql::MergeStatement&) -> std::string { return "MERGE"; },
          [](const sql::TruncateStatement&) -> std::string { return "TRUNCATE TABLE"; },
          [](const sql::CreateTableStatement&) -> std::string { return "CREATE TABLE"; },
          [](const sql::CreateTableAsStatement&) -> std::string { return "SELECT"; },
          [](const sql::AlterTableStatement& node) -> std::string {
            return node.action == sql::AlterTableStatement::Action::kAppend ? "ALTER TABLE APPEND"
                                                                            : "ALTER TABLE";
          },
          [](const sql::DropStatement& node) { return absl::StrCat("DROP ", KindName(node.kind)); },
          [](const sql::CreateViewStatement&) -> std::string { return "CREATE VIEW"; },
          [](const sql::CreateSchemaStatement&) -> std::string { return "CREATE SCHEMA"; },
          [](const sql::CreateDatabaseStatement&) -> std::string { return "CREATE DATABASE"; },
          [](const sql::AlterObjectStatement& node) {
            return absl::StrCat("ALTER ", KindName(node.kind));
          },
          [](const sql::CreateUserStatement& node) {
            return absl::StrCat("CREATE ", KindName(node.kind));
          },
          [](const sql::GrantStatement& node) -> std::string {
            if (node.defaults.has_value()) return "ALTER DEFAULT PRIVILEGES";
            return node.revoke ? "REVOKE" : "GRANT";
          },
          [](const sql::CommentStatement&) -> std::string { return "COMMENT"; },
          [](const sql::CopyStatement&) -> std::string { return "COPY"; },
          [](const sql::ClientCopyStatement&) -> std::string { return "COPY"; },
          [](const sql::UnloadStatement&) -> std::string { return "UNLOAD"; },
          [](const sql::ExplainStatement&) -> std::string { return "EXPLAIN"; },
          [](const sql::AnalyzeStatement&) -> std::string { return "ANALYZE"; },
          [](const sql::VacuumStatement&) -> std::string { return "VACUUM"; },
          [](const sql::LockStatement&) -> std::string { return "LOCK TABLE"; },
          [](const sql::TransactionStatement& node) -> std::string {
            switch (node.kind) {
              case sql::TransactionStatement::Kind::kBegin: return "BEGIN";
              case sql::TransactionStatement::Kind::kCommit: return "COMMIT";
              case sql::TransactionStatement::Kind::kRollback: break;
            }
            return "ROLLBACK";
          },
          [](const sql::SetStatement&) -> std::string { return "SET"; },
          [](const sql::ResetStatement&) -> std::string { return "RESET"; },
          [](const sql::ShowStatement&) -> std::string { return "SHOW"; },
          [](const sql::PrepareStatement&) -> std::string { return "PREPARE"; },
          [](const sql::ExecuteStatement&) -> std::string { return "EXECUTE"; },
          [](const sql::DeallocateStatement&) -> std::string { return "DEALLOCATE"; },
          [](const sql::DeclareCursorStatement&) -> std::string { return "DECLARE CURSOR"; },
          [](const sql::FetchStatement&) -> std::string { return "FETCH"; },
          [](const sql::CloseStatement&) -> std::string { return "CLOSE CURSOR"; },
          [](const sql::CancelStatement&) -> std::string { return "CANCEL"; },
          [](const sql::DiscardStatement& node) -> std::string {
            switch (node.what) {
              case sql::DiscardStatement::What::kAll: return "DISCARD ALL";
              case sql::DiscardStatement::What::kPlans: return "DISCARD PLANS";
              case sql::DiscardStatement::What::kSequences: return "DISCARD SEQUENCES";
              case sql::DiscardStatement::What::kTemporary: break;
            }
            return "DISCARD TEMP";
          },
          [](const sql::UnlistenStatement&) -> std::string { return "UNLISTEN"; },
          [](const sql::UnsupportedStatement& node) { return node.feature; },
      },
      statement.node);
}

std::vector<binder::ResultColumn> CommandColumns(const sql::Statement& statement) {
  if (const auto* show = std::get_if<sql::ShowStatement>(&statement.node)) {
    return ShowColumns(*show);
  }
  const auto* analyze = std::get_if<sql::AnalyzeStatement>(&statement.node);
  if (analyze != nullptr && analyze->compression) return AnalyzeCompressionColumns();
  return {};
}

absl::StatusOr<CommandResult> RunCommand(const sql::Statement& statement,
                                         CommandContext& context) {
  const int offset = statement.offset;
  const auto unsupported = [&]() -> Result { return NotSupported(CommandTag(statement), offset); };
  VESTO_ASSIGN_OR_RETURN(
      CommandResult result,
      std::visit(
          Overloaded{
              [&](const sql::CreateTableStatement& n) { return RunCreateTable(n, offset, context); },
              [&](const sql::AlterTableStatement& n) { return RunAlterTable(n, offset, context); },
              [&](const sql::CreateViewStatement& n) { return RunCreateView(n, offset, context); },
              [&](const sql::CreateSchemaStatement& n) {
                return RunCreateSchema(n, offset, context);
              },
              [&](const sql::CreateDatabaseStatement& n) {
                return RunCreateDatabase(n, offset, context);
              },
              [&](const sql::AlterObjectStatement& n) { return RunAlterObject(n, offset, context); },
              [&](const sql::DropStatement& n) { return RunDrop(n, offset, context); },
              [&](const sql::TruncateStatement& n) { return RunTruncate(n, offset, context); },
              [&](const sql::CommentStatement& n) { return RunComment(n, offset, context); },
              [&](const sql::CreateUserStatement& n) { return RunCreateUser(n, offset, context); },
              [&](const sql::GrantStatement& n) { return RunGrant(n, offset, context); },
              [&](const sql::LockStatement& n) { return RunLock(n, offset, context); },
              [&](const sql::AnalyzeStatement& n) { return RunAnalyze(n, offset, context); },
              [&](const sql::VacuumStatement& n) { return RunVacuum(n, offset, context); },
              [&](const sql::SetStatement& n) { return RunSet(n, offset, context); },
              [&](const sql::ResetStatement& n) { return RunReset(n, offset, context); },
              [&](const sql::ShowStatement& n) { return RunShow(n, offset, context); },
              [&](const auto&) { return unsupported(); },
          },
          statement.node));
  result.columns = CommandColumns(statement);
  if (result.tag.empty()) result.tag = CommandTag(statement);
  return result;
}

}  // namespace vesto::commands
