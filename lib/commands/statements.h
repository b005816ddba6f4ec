#pragma once

#include "commands/command.h"

// One function per statement, each in the file of its name.
namespace vesto::commands {

using Result = absl::StatusOr<CommandResult>;

Result RunCreateTable(const sql::CreateTableStatement& node, int offset, CommandContext& context);
Result RunAlterTable(const sql::AlterTableStatement& node, int offset, CommandContext& context);
Result RunAlterTableAppend(const sql::AlterTableStatement& node, int offset,
                           CommandContext& context);
Result RunCreateView(const sql::CreateViewStatement& node, int offset, CommandContext& context);
Result RunCreateSchema(const sql::CreateSchemaStatement& node, int offset, CommandContext& context);
Result RunCreateDatabase(const sql::CreateDatabaseStatement& node, int offset,
                         CommandContext& context);
Result RunAlterObject(const sql::AlterObjectStatement& node, int offset, CommandContext& context);
Result RunDrop(const sql::DropStatement& node, int offset, CommandContext& context);
Result RunTruncate(const sql::TruncateStatement& node, int offset, CommandContext& context);
Result RunComment(const sql::CommentStatement& node, int offset, CommandContext& context);
Result RunCreateUser(const sql::CreateUserStatement& node, int offset, CommandContext& context);
Result RunGrant(const sql::GrantStatement& node, int offset, CommandContext& context);
Result RunLock(const sql::LockStatement& node, int offset, CommandContext& context);
Result RunAnalyze(const sql::AnalyzeStatement& node, int offset, CommandContext& context);
Result RunAnalyzeCompression(const sql::AnalyzeStatement& node, int offset,
                             CommandContext& context);
Result RunVacuum(const sql::VacuumStatement& node, int offset, CommandContext& context);
Result RunSet(const sql::SetStatement& node, int offset, CommandContext& context);
Result RunReset(const sql::ResetStatement& node, int offset, CommandContext& context);
Result RunShowObject(const sql::ShowStatement& node, int offset, CommandContext& context);
Result RunShow(const sql::ShowStatement& node, int offset, CommandContext& context);

// What CommandColumns answers.
std::vector<binder::ResultColumn> ShowColumns(const sql::ShowStatement& node);
std::vector<binder::ResultColumn> AnalyzeCompressionColumns();

// Parts of ALTER and DROP that live with their objects.
absl::Status AlterUser(const sql::AlterObjectStatement& node, int offset, CommandContext& context);
absl::Status AlterGroup(const sql::AlterObjectStatement& node, int offset, CommandContext& context);
absl::Status DropUser(const std::string& name, bool if_exists, int offset, CommandContext& context);
absl::Status DropGroup(const std::string& name, int offset, CommandContext& context);

}  // namespace vesto::commands
