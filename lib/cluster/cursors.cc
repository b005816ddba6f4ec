#include "cluster/cursors.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cluster/session_impl.h"
#include "cluster/statement_run.h"

namespace vesto::cluster {
namespace {

absl::Status NoSuchCursor(std::string_view name, int offset) {
  return SqlError(SqlState::kInvalidCursorName,
                  absl::StrCat("cursor \"", sv(name), "\" does not exist"))
      .At(offset);
}

// Rows [begin, begin + count) of a batch.
Batch Part(const std::shared_ptr<const column::Batch>& batch, int begin, int count) {
  if (begin == 0 && count == batch->rows) return Batch(batch);
  return Batch(std::make_shared<const column::Batch>(batch->Slice(begin, count)));
}

}  // namespace

Cursors::Cursors(SessionImpl& session) : session_(session) {}
Cursors::~Cursors() = default;

absl::StatusOr<std::optional<ResultSet>> Cursors::Run(
    const std::shared_ptr<const ParsedText>& parsed, const sql::Statement& statement,
    const std::vector<Value>& parameters) {
  absl::StatusOr<ResultSet> result;
  if (const auto* declare = std::get_if<sql::DeclareCursorStatement>(&statement.node)) {
    result = Declare(parsed, *declare, statement.offset, parameters);
  } else if (const auto* fetch = std::get_if<sql::FetchStatement>(&statement.node)) {
    result = Fetch(*fetch, statement.offset);
  } else if (const auto* close = std::get_if<sql::CloseStatement>(&statement.node)) {
    result = Close(*close, statement.offset);
  } else {
    return std::nullopt;
  }
  if (!result.ok()) return result.status();
  return *std::move(result);
}

const std::vector<ResultColumn>* Cursors::FindColumns(std::string_view name) const {
  return cursor_ != nullptr && cursor_->name == name ? &cursor_->columns : nullptr;
}

std::optional<Session::Cursor> Cursors::open() const {
  if (cursor_ == nullptr) return std::nullopt;
  return Session::Cursor{cursor_->name, cursor_->columns};
}

void Cursors::CloseAll() {
  if (cursor_ == nullptr) return;
  cursor_.reset();
  session_.cluster.telemetry.RemoveCursor(session_.pid);
}

absl::StatusOr<ResultSet> Cursors::Declare(const std::shared_ptr<const ParsedText>& parsed,
                                           const sql::DeclareCursorStatement& declare, int offset,
                                           const std::vector<Value>& parameters) {
  if (!session_.in_any_block()) {
    return SqlError(SqlState::kNoActiveSqlTransaction,
                    "DECLARE CURSOR may only be used in transaction blocks")
        .At(offset);
  }
  if (cursor_ != nullptr) {
    if (cursor_->name == declare.name) {
      return SqlError(SqlState::kDuplicateCursor,
                      absl::StrCat("cursor \"", declare.name, "\" already exists"))
          .At(offset);
    }
    // Unverified: Redshift's own wording.
    return SqlError(SqlState::kFeatureNotSupported,
                    "more than one open cursor in a session is not supported")
        .At(offset)
        .Hint(absl::StrCat("Close cursor \"", cursor_->name, "\" first."));
  }
  auto cursor = std::make_unique<Cursor>();
  std::vector<Type> types;
  for (const Value& value : parameters) types.push_back(value.type());
  VESTO_ASSIGN_OR_RETURN(PreparedText described,
                         session_.Describe(parsed, *declare.statement, std::move(types)));
  cursor->name = declare.name;
  cursor->parsed = parsed;
  cursor->query = declare.statement.get();
  cursor->parameters = parameters;
  cursor->columns = std::move(described.columns);
  cursor->start_micros = session_.cluster.NowMicros();
  cursor->charge = base::MemoryCharge(&session_.cluster.memory);
  cursor_ = std::move(cursor);
  Publish();
  return ResultSet({}, {}, "DECLARE CURSOR", 0);
}

absl::Status Cursors::Fill() {
  Cursor& cursor = *cursor_;
  VESTO_ASSIGN_OR_RETURN(auto run, StatementRun::Start(session_.shared_from_this(), cursor.parsed,
                                                       *cursor.query, cursor.parameters,
                                                       nullptr));
  while (true) {
    absl::StatusOr<std::optional<column::Batch>> batch = run->Next();
    absl::Status status = batch.status();
    if (status.ok() && batch->has_value()) status = cursor.charge.Grow((*batch)->ByteSize());
    if (!status.ok()) return run->Finish(std::move(status));
    if (!batch->has_value()) break;
    cursor.rows += (*batch)->rows;
    cursor.batches.push_back(std::make_shared<const column::Batch>(**std::move(batch)));
  }
  cursor.columns = run->columns();
  cursor.filled = true;
  return run->Finish(absl::OkStatus());
}

absl::StatusOr<ResultSet> Cursors::Fetch(const sql::FetchStatement& fetch, int offset) {
  if (FindColumns(fetch.cursor) == nullptr) return NoSuchCursor(fetch.cursor, offset);
  if (!cursor_->filled) VESTO_RETURN_IF_ERROR(Fill());
  const int64_t before = cursor_->next;
  std::vector<Batch> batches;
  int64_t count = 0;
  if (fetch.count == 0) {
    batches = CurrentRow();
    count = static_cast<int64_t>(batches.size());
  } else {
    batches = Take(fetch.count.value_or(std::numeric_limits<int64_t>::max()));
    count = cursor_->next - before;
    Publish();
  }
  return ResultSet(cursor_->columns, std::move(batches), absl::StrCat("FETCH ", count), 0);
}

std::vector<Batch> Cursors::Take(int64_t count) {
  Cursor& cursor = *cursor_;
  cursor.beyond = count > cursor.rows - cursor.next;
  count = std::min(count, cursor.rows - cursor.next);
  std::vector<Batch> taken;
  while (count > 0) {
    const auto& batch = cursor.batches[cursor.batch];
    const int part = static_cast<int>(std::min<int64_t>(count, batch->rows - cursor.row));
    taken.push_back(Part(batch, cursor.row, part));
    count -= part;
    cursor.next += part;
    cursor.row += part;
    if (cursor.row == batch->rows) {
      ++cursor.batch;
      cursor.row = 0;
    }
  }
  return taken;
}

std::vector<Batch> Cursors::CurrentRow() const {
  const Cursor& cursor = *cursor_;
  if (cursor.next == 0 || cursor.beyond) return {};
  // The row before the next one, perhaps the last of the batch before.
  const auto& batch = cursor.row > 0 ? cursor.batches[cursor.batch] : cursor.batches[cursor.batch - 1];
  const int row = cursor.row > 0 ? cursor.row - 1 : batch->rows - 1;
  return {Part(batch, row, 1)};
}

absl::StatusOr<ResultSet> Cursors::Close(const sql::CloseStatement& close, int offset) {
  if (!close.cursor.empty() && FindColumns(close.cursor) == nullptr) {
    return NoSuchCursor(close.cursor, offset);
  }
  CloseAll();
  return ResultSet({}, {}, "CLOSE CURSOR", 0);
}

void Cursors::Publish() const {
  telemetry::CursorRecord record;
  record.userid = session_.user_id;
  record.name = cursor_->name;
  record.xid = session_.transaction().xid();
  record.pid = session_.pid;
  record.start_micros = cursor_->start_micros;
  record.row_count = cursor_->rows;
  record.byte_count = cursor_->charge.bytes();
  record.fetched_rows = cursor_->next;
  session_.cluster.telemetry.SetCursor(std::move(record));
}

}  // namespace vesto::cluster
