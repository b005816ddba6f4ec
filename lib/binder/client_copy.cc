#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "logical/constant_rows.h"
#include "sql/ast/statement.h"

// COPY FROM STDIN and TO STDOUT: PostgreSQL's options, and the INSERT or query that they stand for.
// Source: PostgreSQL manual, COPY.
namespace vesto::binder {
namespace {

using format::ClientCopyOptions;
using sql::CopyOption;

absl::Status Invalid(std::string message, int offset) {
  return SqlError(SqlState::kInvalidParameterValue, std::move(message)).At(offset);
}

absl::StatusOr<std::string> Argument(const CopyOption& option) {
  if (option.values.size() == 1) return option.values[0];
  return SqlError(SqlState::kSyntaxError,
                  absl::StrCat("COPY option \"", option.name, "\" needs one value"))
      .At(option.offset);
}

// A string that stands for one byte, also as "\t".
absl::StatusOr<char> OneByte(const CopyOption& option) {
  VESTO_ASSIGN_OR_RETURN(const std::string text, Argument(option));
  if (text == "\\t") return '\t';
  if (text.size() != 1 || text == "\n" || text == "\r") {
    return Invalid(absl::StrCat("COPY ", option.name, " must be a single one-byte character"),
                   option.offset);
  }
  return text[0];
}

absl::StatusOr<bool> Flag(const CopyOption& option) {
  if (option.values.empty()) return true;
  const std::string& value = option.values[0];
  if (value == "true" || value == "on" || value == "1" || value == "match") return true;
  if (value == "false" || value == "off" || value == "0") return false;
  return SqlError(SqlState::kSyntaxError,
                  absl::StrCat("COPY option \"", option.name, "\" is on or off"))
      .At(option.offset);
}

// By column: whether `option` names it; no names mean all.
absl::StatusOr<std::vector<bool>> ColumnFlags(const CopyOption& option,
                                              const std::vector<ResultColumn>& columns) {
  std::vector<bool> flags(columns.size(), option.values.empty());
  for (const std::string& name : option.values) {
    const auto it = std::find_if(columns.begin(), columns.end(),
                                 [&](const ResultColumn& column) { return column.name == name; });
    if (it == columns.end()) {
      return SqlError(SqlState::kUndefinedColumn,
                      absl::StrCat("column \"", name, "\" is not copied"))
          .At(option.offset);
    }
    flags[static_cast<size_t>(it - columns.begin())] = true;
  }
  return flags;
}

absl::StatusOr<ClientCopyOptions> ReadOptions(const sql::ClientCopyStatement& copy,
                                              const std::vector<ResultColumn>& columns) {
  using Format = ClientCopyOptions::Format;
  ClientCopyOptions options;
  for (const CopyOption& option : copy.options) {
    if (option.name != "format") continue;
    VESTO_ASSIGN_OR_RETURN(const std::string format, Argument(option));
    if (format != "text" && format != "csv" && format != "binary") {
      return Invalid(absl::StrCat("COPY format \"", format, "\" not recognized"), option.offset);
    }
    options.format = format == "csv"      ? Format::kCsv
                     : format == "binary" ? Format::kBinary
                                          : Format::kText;
  }
  const bool csv = options.format == Format::kCsv;
  if (csv) {
    options.delimiter = ',';
    options.null_text.clear();
  }
  bool escape_given = false;
  for (const CopyOption& option : copy.options) {
    const std::string& name = option.name;
    const bool of_csv = name == "quote" || name == "escape" || name.starts_with("force_");
    if (of_csv && !csv) {
      return SqlError(SqlState::kFeatureNotSupported,
                      absl::StrCat("COPY ", name, " available only in CSV mode"))
          .At(option.offset);
    }
    if (options.format == Format::kBinary &&
        (name == "delimiter" || name == "null" || name == "header")) {
      return SqlError(SqlState::kSyntaxError,
                      absl::StrCat("cannot specify ", name, " in BINARY mode"))
          .At(option.offset);
    }
    if (name == "format") continue;
    if (name == "delimiter") {
      VESTO_ASSIGN_OR_RETURN(options.delimiter, OneByte(option));
    } else if (name == "null") {
      VESTO_ASSIGN_OR_RETURN(options.null_text, Argument(option));
    } else if (name == "header") {
      VESTO_ASSIGN_OR_RETURN(options.header, Flag(option));
    } else if (name == "quote") {
      VESTO_ASSIGN_OR_RETURN(options.quote, OneByte(option));
    } else if (name == "escape") {
      VESTO_ASSIGN_OR_RETURN(options.escape, OneByte(option));
      escape_given = true;
    } else if (name == "force_quote") {
      VESTO_ASSIGN_OR_RETURN(options.force_quote, ColumnFlags(option, columns));
    } else if (name == "force_not_null") {
      VESTO_ASSIGN_OR_RETURN(options.force_not_null, ColumnFlags(option, columns));
    } else if (name == "force_null") {
      VESTO_ASSIGN_OR_RETURN(options.force_null, ColumnFlags(option, columns));
    } else if (name == "encoding") {
      VESTO_ASSIGN_OR_RETURN(std::string encoding, Argument(option));
      std::erase_if(encoding, [](char c) { return c == '-' || c == '_'; });
      if (!absl::EqualsIgnoreCase(encoding, "utf8") &&
          !absl::EqualsIgnoreCase(encoding, "unicode")) {
        return NotSupported(absl::StrCat("COPY with ENCODING ", option.values[0]), option.offset);
      }
    } else if (name == "freeze") {  // says how PostgreSQL stores the rows
      VESTO_RETURN_IF_ERROR(Flag(option).status());
    } else {
      return SqlError(SqlState::kSyntaxError,
                      absl::StrCat("option \"", name, "\" not recognized"))
          .At(option.offset)
          .Hint("COPY FROM STDIN and TO STDOUT take PostgreSQL's options.");
    }
  }
  if (csv && !escape_given) options.escape = options.quote;
  if (csv && options.delimiter == options.quote) {
    return Invalid("COPY delimiter and quote must be different", -1);
  }
  if (options.null_text.find(options.delimiter) != std::string::npos) {
    return Invalid("COPY delimiter character must not appear in the NULL specification", -1);
  }
  return options;
}

}  // namespace

absl::Status Binder::BindClientCopy(const sql::ClientCopyStatement& copy, int offset) {
  if (context_.strict) {
    return NotSupported(copy.to_client ? "COPY TO STDOUT" : "COPY FROM STDIN", offset);
  }
  ClientCopy bound{.from_client = !copy.to_client};
  if (!copy.table.empty()) bound.table = copy.table.back();
  if (copy.to_client) {
    auto query = BindQuery(*copy.query, nullptr);
    // The offsets of a query that was made from the table's name mean nothing.
    if (!query.ok() && !copy.table.empty()) return WithOffset(query.status(), offset);
    VESTO_RETURN_IF_ERROR(query.status());
    VESTO_RETURN_IF_ERROR(FinishQuery(*std::move(query)));
    bound.columns = std::move(out_.columns);
    out_.columns.clear();
    out_.kind = StatementKind::kCopyToClient;
  } else {
    VESTO_ASSIGN_OR_RETURN(InsertTarget target,
                           ResolveInsertTarget(copy.table, "copy into", copy.columns, offset));
    auto values = std::make_unique<logical::Values>();
    for (int index : target.columns) {
      const auto& column = target.table->columns[static_cast<size_t>(index)];
      if (column.identity && !column.identity_by_default) {
        return SqlError(SqlState::kFeatureNotSupported, "cannot set an identity column to a value")
            .At(offset);
      }
      bound.columns.push_back({column.name, column.type});
      target.source_ids.push_back(NextId());
      values->output.push_back({target.source_ids.back(), column.type, column.name});
    }
    values->constants = context_.client_rows;
    VESTO_ASSIGN_OR_RETURN(NodePtr plan, MakeInsert(std::move(target), std::move(values)));
    if (context_.client_rows != nullptr) out_.plan = std::move(plan);
    out_.kind = StatementKind::kCopyFromClient;
  }
  VESTO_ASSIGN_OR_RETURN(bound.options, ReadOptions(copy, bound.columns));
  out_.client_copy = std::move(bound);
  return absl::OkStatus();
}

}  // namespace vesto::binder
