#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "commands/lookup.h"
#include "commands/statements.h"
#include "types/datetime.h"

// SET, RESET and SHOW of session parameters.
namespace vesto::commands {

Result RunSet(const sql::SetStatement& node, int offset, CommandContext& context) {
  // Deprecated and ignored; every isolation level is executed as the database's.
  if (node.name == "session_characteristics" || node.name == "transaction") return CommandResult{};
  if (node.name == "role" && !node.to_default && node.values != std::vector<std::string>{"none"}) {
    return NotSupported("SET ROLE", offset);
  }
  if (node.name == "role") return CommandResult{};
  absl::Status status;
  if (node.to_default) {
    status = context.settings.Reset(node.name, node.local);
  } else {
    if (node.name == "timezone" && !node.values.empty()) {
      VESTO_RETURN_IF_ERROR(types::FindTimeZone(node.values.front()).status());
    }
    status = context.settings.Set(node.name, node.values, node.local);
  }
  if (!status.ok()) return WithOffset(status, OffsetOf(status) < 0 ? offset : OffsetOf(status));
  if (node.local && !context.in_transaction_block) {
    context.notice("WARNING", "SET LOCAL can only be used in transaction blocks");
  }
  return CommandResult{};
}

Result RunReset(const sql::ResetStatement& node, int offset, CommandContext& context) {
  if (node.name == "all") {
    context.settings.ResetAll();
    return CommandResult{};
  }
  if (absl::Status status = context.settings.Reset(node.name); !status.ok()) {
    return WithOffset(status, offset);
  }
  return CommandResult{};
}

std::vector<binder::ResultColumn> ShowColumns(const sql::ShowStatement& node) {
  const Type text = Type::Varchar(kVarcharMaxBytes);
  if (node.object_form == "table") return {{"Show Table DDL statement", text}};
  if (!node.object_form.empty()) return {{"Show View DDL statement", text}};
  if (node.name == "all") return {{"name", text}, {"setting", text}, {"description", text}};
  return {{node.name, text}};
}

Result RunShow(const sql::ShowStatement& node, int offset, CommandContext& context) {
  if (!node.object_form.empty()) return RunShowObject(node, offset, context);
  CommandResult result;
  const Type text = Type::Varchar(kVarcharMaxBytes);
  if (node.name == "all") {
    for (const auto& shown : context.settings.All()) {
      result.rows.push_back({Value::OfText(text, shown.name), Value::OfText(text, shown.value),
                             Value::OfText(text, shown.description)});
    }
    return result;
  }
  absl::StatusOr<std::string> value = context.settings.Show(node.name);
  if (!value.ok()) return WithOffset(value.status(), offset);
  result.rows.push_back({Value::OfText(text, *value)});
  return result;
}

}  // namespace vesto::commands
