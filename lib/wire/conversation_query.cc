// Queries of a conversation that is logged in: the simple and the extended protocol.

#include <algorithm>
#include <cctype>
#include <utility>

#include "vesto/cluster.h"
#include "wire/conversation.h"
#include "wire/sql_name.h"

namespace vesto::wire {
namespace {

// DataRows are written out when there is this much of them: the first rows leave before the last
// are computed.
constexpr size_t kRowsBytes = 64 * 1024;

std::vector<Type> TypesOf(const std::vector<ResultColumn>& columns) {
  std::vector<Type> types;
  for (const ResultColumn& column : columns) types.push_back(column.type);
  return types;
}

Status NoStatement(const std::string& name) {
  return Status(SqlState::kInvalidStatementName,
                name.empty() ? "unnamed prepared statement does not exist"
                             : "prepared statement \"" + name + "\" does not exist");
}

// What a client was told at Describe holds for every row that it gets. Source: PostgreSQL,
// RevalidateCachedQuery.
bool SameColumns(const std::vector<ResultColumn>& a, const std::vector<ResultColumn>& b) {
  // Binary decimals are read by the scale that was told; what is computed of parameters has theirs.
  const auto same_scale = [](const ResultColumn& x, const ResultColumn& y) {
    return x.type.id != TypeId::kDecimal || x.table == 0 || x.type == y.type;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](const auto& x, const auto& y) {
    return x.name == y.name && ProtocolOid(x.type) == ProtocolOid(y.type) && same_scale(x, y);
  });
}

// COMMIT and ROLLBACK drop what portals have left: they wait for nothing.
bool EndsTransaction(std::string_view sql) {
  while (!sql.empty() && std::isspace(static_cast<unsigned char>(sql.front()))) sql.remove_prefix(1);
  for (std::string_view word : {"commit", "end", "rollback", "abort"}) {
    if (!SameName(sql.substr(0, word.size()), word)) continue;
    return sql.size() == word.size() || !std::isalnum(static_cast<unsigned char>(sql[word.size()]));
  }
  return false;
}

Status NoPortal(const std::string& name) {
  return Status(SqlState::kInvalidCursorName, "portal \"" + name + "\" does not exist");
}

// What Describe or Close is of, if it is neither a statement nor a portal.
Status NoSuchKind(std::string_view message, char kind) {
  return Status(SqlState::kProtocolViolation,
                "invalid " + std::string(message) + " message subtype " +
                    std::to_string(static_cast<uint8_t>(kind)));
}

Status WrongBind(const std::string& what) {
  return Status(SqlState::kProtocolViolation, "bind message " + what);
}

// The forms that the format codes of a Bind mean.
StatusOr<std::vector<ValueForm>> FormsOf(const std::vector<int16_t>& codes) {
  std::vector<ValueForm> forms;
  for (const int16_t code : codes) {
    if (code != 0 && code != 1) {
      return Status(SqlState::kInvalidParameterValue,
                    "unsupported format code: " + std::to_string(code));
    }
    forms.push_back(static_cast<ValueForm>(code));
  }
  return forms;
}

}  // namespace

struct Conversation::Prepared {
  PreparedStatement statement;
  bool ends_transaction = false;
};

// A statement with its parameters; from the first Execute on, where its result is.
struct Conversation::Portal {
  std::shared_ptr<Prepared> prepared;  // null for a simple query's
  std::vector<Value> parameters;
  std::vector<ValueForm> forms;
  std::optional<ResultStream> stream;
  std::optional<RowEncoder> encoder;
  int batch_rows = 0, next_row = 0;  // of the batch in the encoder
  bool ended = false;
  size_t parameter_bytes = 0;

  // What is left of its rows is not computed; what the statement did stays done.
  Status Close() { return stream.has_value() && !ended ? stream->Close() : OkStatus(); }
};

void Conversation::OnMessage(const Message& message) {
  const auto has_no_body = [&](std::string_view name) {
    const Status read = ReadNothing(message.body, name);
    if (!read.ok()) SendFatal(read);
    return read.ok();
  };
  if (message.type == 'X') {
    if (has_no_body("Terminate")) phase_ = Phase::kClosed;
    return;
  }
  if (skipping_ && message.type != 'S') return;
  Status status;
  // What is not Query and not COPY data belongs to a pipeline, up to Sync.
  const auto in_pipeline = [&](auto&& decoded, auto&& handle) {
    if (decoded.status().state() == SqlState::kProtocolViolation) {
      return SendFatal(decoded.status());
    }
    if (!pipeline_) {
      pipeline_ = true;
      session_->BeginPipeline();
    }
    status = decoded.ok() ? handle(*decoded) : decoded.status();
  };
  switch (message.type) {
    case 'Q': {
      const auto sql = ReadQuery(message.body);
      if (!sql.ok()) return SendFatal(sql.status());
      OnQuery(*sql);
      return;
    }
    case 'P': in_pipeline(ReadParse(message.body), [&](auto& m) { return OnParse(m); }); break;
    case 'B': in_pipeline(ReadBind(message.body), [&](auto& m) { return OnBind(m); }); break;
    case 'D': in_pipeline(ReadTarget(message.body), [&](auto& m) { return OnDescribe(m); }); break;
    case 'E': in_pipeline(ReadExecute(message.body), [&](auto& m) { return OnExecute(m); }); break;
    case 'C': in_pipeline(ReadTarget(message.body), [&](auto& m) { return OnClose(m); }); break;
    case 'H':
      if (has_no_body("Flush")) (void)Flush();
      return;
    case 'S':
      if (has_no_body("Sync")) OnSync();
      return;
    // What a client that does not know yet of an error still sends of its COPY.
    case 'd':
    case 'c':
    case 'f': return;
    case 'F':
      SendError(Status(SqlState::kFeatureNotSupported, "FunctionCall message is not supported"));
      WriteReadyForQuery();
      return;
    default:
      return SendFatal(Status(SqlState::kProtocolViolation,
                              "invalid frontend message type " +
                                  std::to_string(static_cast<uint8_t>(message.type))));
  }
  if (status.ok() || phase_ == Phase::kClosed) return;
  session_->FailTransaction();
  SendError(status);
  skipping_ = true;
}

void Conversation::OnQuery(std::string_view sql) {
  Status status = EndsTransaction(sql) ? ClosePortals() : FreeSession();
  if (pipeline_) {  // a client that sent no Sync
    pipeline_ = false;
    if (const Status ended = session_->EndPipeline(); status.ok()) status = ended;
  }
  prepared_.erase("");
  bool any = false;
  if (status.ok()) {
    auto script = session_->Run(sql);
    status = script.status();
    while (status.ok()) {
      auto stream = script->Next();
      status = stream.status();
      if (!status.ok() || !stream->has_value()) break;
      any = true;
      status = SendResult(**stream);
    }
  }
  if (phase_ == Phase::kClosed) return;
  if (!session_->in_transaction()) {
    if (const Status closed = ClosePortals(); status.ok()) status = closed;
  }
  if (!status.ok()) {
    SendError(status);
  } else if (!any) {
    MessageWriter(&output_).Empty('I');
  }
  WriteReadyForQuery();
}

Status Conversation::SendResult(ResultStream& stream) {
  if (stream.copy().has_value()) {
    const Status copied = Copy(stream);
    if (copied.ok()) WriteCommandComplete(stream.command_tag());
    return copied;
  }
  Portal portal;
  portal.stream.emplace(std::move(stream));
  if (!portal.stream->columns().empty()) WriteRowDescription(portal.stream->columns(), {});
  const auto ended = SendRows(portal, 0);
  if (!ended.ok()) return ended.status();
  WriteCommandComplete(portal.stream->command_tag());
  return OkStatus();
}

StatusOr<bool> Conversation::SendRows(Portal& portal, int64_t rows_max) {
  ResultStream& stream = *portal.stream;
  if (!portal.encoder.has_value()) {
    portal.encoder.emplace(
        session_->NewRowEncoder(TypesOf(stream.columns()), portal.forms, dialect()));
  }
  const bool has_rows = !stream.columns().empty();
  const auto columns = static_cast<int16_t>(stream.columns().size());
  running_ = &stream;
  const auto done = [this](StatusOr<bool> outcome) {
    running_ = nullptr;
    return outcome;
  };
  int64_t sent = 0;
  MessageWriter writer(&output_);
  while (true) {
    while (portal.next_row < portal.batch_rows) {
      if (rows_max > 0 && sent == rows_max) return done(false);
      writer.Begin('D');
      writer.Int16(columns);
      portal.encoder->AppendRow(portal.next_row++, &output_);
      writer.End();
      ++sent;
      if (output_.size() < kRowsBytes) continue;
      if (const Status flushed = Flush(&stream); !flushed.ok()) return done(flushed);
    }
    if (portal.ended) return done(true);
    auto batch = stream.Next();
    if (!batch.ok()) return done(batch.status());
    if (!batch->has_value()) {
      portal.ended = true;
      return done(true);
    }
    if (!has_rows) continue;
    portal.batch_rows = (*batch)->num_rows();
    portal.next_row = 0;
    portal.encoder->Load(**std::move(batch));
  }
}

Status Conversation::OnParse(const ParseMessage& parse) {
  if (!parse.statement.empty() && prepared_.contains(parse.statement)) {
    return Status(SqlState::kDuplicatePreparedStatement,
                  "prepared statement \"" + parse.statement + "\" already exists");
  }
  std::vector<Type> types;
  for (const int32_t oid : parse.parameter_oids) types.push_back(TypeOfProtocolOid(oid));
  auto statement = session_->Prepare(parse.sql, types);
  if (!statement.ok()) return statement.status();
  prepared_[parse.statement] =
      std::make_shared<Prepared>(Prepared{*std::move(statement), EndsTransaction(parse.sql)});
  MessageWriter(&output_).Empty('1');
  return OkStatus();
}

Status Conversation::OnBind(const BindMessage& bind) {
  const auto it = prepared_.find(bind.statement);
  if (it == prepared_.end()) return NoStatement(bind.statement);
  const std::vector<Type>& types = it->second->statement.parameter_types();
  if (bind.parameter_forms.size() > 1 && bind.parameter_forms.size() != bind.parameters.size()) {
    return WrongBind("has " + std::to_string(bind.parameter_forms.size()) +
                     " parameter formats but " + std::to_string(bind.parameters.size()) +
                     " parameters");
  }
  if (bind.parameters.size() != types.size()) {
    return WrongBind("supplies " + std::to_string(bind.parameters.size()) +
                     " parameters, but prepared statement \"" + bind.statement + "\" requires " +
                     std::to_string(types.size()));
  }
  const auto forms = FormsOf(bind.parameter_forms);
  if (!forms.ok()) return forms.status();
  if (!bind.portal.empty() && portals_.contains(bind.portal)) {
    return Status(SqlState::kDuplicateCursor, "portal \"" + bind.portal + "\" already exists");
  }
  if (FindCursor(bind.portal).has_value()) {
    return Status(SqlState::kDuplicateCursor, "cursor \"" + bind.portal + "\" already exists");
  }
  auto portal = std::make_shared<Portal>();
  portal->prepared = it->second;
  for (const auto& parameter : bind.parameters) {
    if (parameter.has_value()) portal->parameter_bytes += parameter->size();
  }
  size_t bytes = portal->parameter_bytes;
  for (const auto& [name, other] : portals_) bytes += other->parameter_bytes;
  if (bytes > kMessageBytesMax) {
    return Status(SqlState::kOutOfMemory, "out of memory: the parameters of open portals exceed " +
                                              std::to_string(kMessageBytesMax) + " bytes");
  }
  for (size_t i = 0; i < types.size(); ++i) {
    if (!bind.parameters[i].has_value()) {
      portal->parameters.push_back(Value::Null(types[i]));
      continue;
    }
    const ValueForm form =
        forms->empty() ? ValueForm::kText : (*forms)[forms->size() == 1 ? 0 : i];
    auto value = session_->DecodeParameter(types[i], form, *bind.parameters[i], dialect());
    if (!value.ok()) return value.status();
    portal->parameters.push_back(*std::move(value));
  }
  // Without columns there is nothing that a format could be wrong for.
  if (const size_t columns = it->second->statement.columns().size(); columns > 0) {
    if (bind.result_forms.size() > 1 && bind.result_forms.size() != columns) {
      return WrongBind("has " + std::to_string(bind.result_forms.size()) +
                       " result formats but query has " + std::to_string(columns) + " columns");
    }
    auto result_forms = FormsOf(bind.result_forms);
    if (!result_forms.ok()) return result_forms.status();
    portal->forms = *std::move(result_forms);
  }
  if (const Status closed = ClosePortal(bind.portal); !closed.ok()) return closed;
  portals_[bind.portal] = std::move(portal);
  MessageWriter(&output_).Empty('2');
  return OkStatus();
}

Status Conversation::OnDescribe(const TargetMessage& describe) {
  MessageWriter writer(&output_);
  const PreparedStatement* statement = nullptr;
  std::vector<ValueForm> forms;
  if (const auto cursor = FindCursor(describe.name); describe.kind == 'P' && cursor.has_value()) {
    WriteRowDescription(cursor->columns, {});
    return OkStatus();
  }
  if (describe.kind == 'S') {
    const auto it = prepared_.find(describe.name);
    if (it == prepared_.end()) return NoStatement(describe.name);
    statement = &it->second->statement;
    writer.Begin('t');
    writer.Int16(static_cast<int16_t>(statement->parameter_types().size()));
    for (const Type& type : statement->parameter_types()) {
      // A parameter that nothing gave a type is read as text.
      writer.Int32(ProtocolOid(type.id == TypeId::kUnknown ? Type::Varchar(0) : type));
    }
    writer.End();
  } else if (describe.kind == 'P') {
    const auto it = portals_.find(describe.name);
    if (it == portals_.end()) return NoPortal(describe.name);
    statement = &it->second->prepared->statement;
    forms = it->second->forms;
  } else {
    return NoSuchKind("DESCRIBE", describe.kind);
  }
  if (statement->columns().empty()) {
    writer.Empty('n');
  } else {
    WriteRowDescription(statement->columns(), forms);
  }
  return OkStatus();
}

Status Conversation::OnExecute(const ExecuteMessage& execute) {
  if (const auto cursor = FindCursor(execute.portal)) return FetchFrom(*cursor, execute.rows_max);
  const auto it = portals_.find(execute.portal);
  if (it == portals_.end()) return NoPortal(execute.portal);
  const std::shared_ptr<Portal> portal = it->second;
  Status status = RunPortal(*portal, execute.rows_max);
  if (!status.ok()) portals_.erase(execute.portal);  // its error is told once
  return status;
}

Status Conversation::RunPortal(Portal& portal, int64_t rows_max) {
  if (!portal.stream.has_value()) {
    const Status freed = portal.prepared->ends_transaction ? ClosePortals() : FreeSession();
    if (!freed.ok()) return freed;
    auto stream = portal.prepared->statement.Stream(portal.parameters);
    if (!stream.ok()) return stream.status();
    if (!SameColumns(stream->columns(), portal.prepared->statement.columns())) {
      return Status(SqlState::kFeatureNotSupported, std::string(kPlanChanged));
    }
    portal.stream.emplace(*std::move(stream));
  }
  if (session_->transaction_failed()) {  // and with it what the rows were read by
    return Status(SqlState::kInFailedSqlTransaction,
                  "current transaction is aborted, commands ignored until end of transaction block");
  }
  if (portal.stream->copy().has_value() && !portal.ended) {
    portal.ended = true;
    if (const Status copied = Copy(*portal.stream); !copied.ok()) return copied;
    WriteCommandComplete(portal.stream->command_tag());
    return OkStatus();
  }
  const auto ended = SendRows(portal, rows_max);
  if (!ended.ok()) return ended.status();
  const std::string& tag = portal.stream->command_tag();
  if (!*ended) {
    MessageWriter(&output_).Empty('s');
  } else if (tag.empty()) {
    MessageWriter(&output_).Empty('I');
  } else {
    WriteCommandComplete(tag);
  }
  return OkStatus();
}

std::optional<Session::Cursor> Conversation::FindCursor(std::string_view portal) const {
  auto cursor = session_->open_cursor();
  if (cursor.has_value() && !SameName(cursor->name, portal)) cursor.reset();
  return cursor;
}

Status Conversation::FetchFrom(const Session::Cursor& cursor, int32_t rows_max) {
  if (const Status freed = FreeSession(); !freed.ok()) return freed;
  const std::string count = rows_max > 0 ? std::to_string(rows_max) : "ALL";
  auto stream = session_->Stream("FETCH FORWARD " + count + " FROM " + QuotedName(cursor.name));
  if (!stream.ok()) return stream.status();
  Portal portal;
  portal.stream.emplace(*std::move(stream));
  if (const auto sent = SendRows(portal, 0); !sent.ok()) return sent.status();
  if (portal.stream->command_tag() == "FETCH " + count) {
    MessageWriter(&output_).Empty('s');
  } else {
    WriteCommandComplete("SELECT");
  }
  return OkStatus();
}

Status Conversation::OnClose(const TargetMessage& close) {
  if (close.kind == 'S') {
    prepared_.erase(close.name);
  } else if (const auto cursor = FindCursor(close.name); close.kind == 'P' && cursor.has_value()) {
    // After an error it goes with its transaction, whose end is all that a statement may ask for.
    if (!session_->transaction_failed()) {
      if (const Status freed = FreeSession(); !freed.ok()) return freed;
      const auto closed = session_->Execute("CLOSE " + QuotedName(cursor->name));
      if (!closed.ok()) return closed.status();
    }
  } else if (close.kind == 'P') {
    if (const Status closed = ClosePortal(close.name); !closed.ok()) return closed;
  } else {
    return NoSuchKind("CLOSE", close.kind);
  }
  MessageWriter(&output_).Empty('3');
  return OkStatus();
}

void Conversation::OnSync() {
  skipping_ = false;
  if (pipeline_) {
    pipeline_ = false;
    // The end of the pipeline's own transaction is the end of its portals.
    Status status;
    if (!session_->in_transaction()) status = ClosePortals();
    if (const Status ended = session_->EndPipeline(); status.ok()) status = ended;
    if (!status.ok()) SendError(status);
  }
  WriteReadyForQuery();
}

Status Conversation::FreeSession() {
  Status status;
  for (auto it = portals_.begin(); it != portals_.end() && status.ok();) {
    Portal& portal = *it->second;
    if (portal.stream.has_value() && !portal.ended) status = portal.stream->Materialize();
    it = status.ok() ? std::next(it) : portals_.erase(it);  // its error is told once
  }
  return status;
}

Status Conversation::ClosePortal(const std::string& name) {
  const auto it = portals_.find(name);
  if (it == portals_.end()) return OkStatus();
  const std::shared_ptr<Portal> portal = std::move(it->second);
  portals_.erase(it);
  return portal->Close();
}

Status Conversation::ClosePortals() {
  Status status;
  while (!portals_.empty()) {
    if (const Status closed = ClosePortal(portals_.begin()->first); status.ok()) status = closed;
  }
  return status;
}

void Conversation::WriteRowDescription(const std::vector<ResultColumn>& columns,
                                       const std::vector<ValueForm>& forms) {
  constexpr uint16_t kNotNull = 1 << 0, kAutoIncrement = 1 << 4, kReadOnly = 1 << 8,
                     kSearchable = 1 << 12;
  MessageWriter writer(&output_);
  writer.Begin('T');
  writer.Int16(static_cast<int16_t>(columns.size()));
  for (size_t i = 0; i < columns.size(); ++i) {
    const ResultColumn& column = columns[i];
    writer.String(column.name);
    writer.Int32(static_cast<int32_t>(column.table));
    writer.Int16(static_cast<int16_t>(column.table_column));
    writer.Int32(ProtocolOid(column.type));
    writer.Int16(ProtocolSize(column.type));
    writer.Int32(ProtocolModifier(column.type));
    const ValueForm form = forms.empty() ? ValueForm::kText : forms[forms.size() == 1 ? 0 : i];
    writer.Int16(static_cast<int16_t>(form));
    if (protocol_version_ < 1) continue;
    // Redshift's extension: where the column comes from.
    Session::Origin origin;
    if (column.table != 0) origin = session_->OriginOf(column).value_or(Session::Origin());
    writer.String(origin.schema);
    writer.String(origin.table);
    writer.String(origin.column);
    writer.String(column.table != 0 ? database_ : std::string());
    writer.Int16(static_cast<int16_t>((origin.not_null ? kNotNull : 0) |
                                      (origin.identity ? kAutoIncrement : 0) |
                                      (column.table == 0 ? kReadOnly : 0) | kSearchable));
  }
  writer.End();
}

void Conversation::WriteCommandComplete(std::string_view tag) {
  MessageWriter writer(&output_);
  writer.Begin('C');
  writer.String(tag);
  writer.End();
}

void Conversation::WriteReadyForQuery() {
  MessageWriter writer(&output_);
  writer.Begin('Z');
  const char status = session_->transaction_failed() ? 'E' : session_->in_transaction() ? 'T' : 'I';
  writer.Int8(static_cast<uint8_t>(status));
  writer.End();
}

}  // namespace vesto::wire
