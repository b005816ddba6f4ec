#include "cluster/appender.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "column/dist_hash.h"
#include "expr/cast.h"
#include "sql/parser/parser.h"

namespace vesto::cluster {

using column::Batch;
using column::kBatchRows;
using column::Position;
using column::Vector;

AppenderImpl::AppenderImpl(std::shared_ptr<SessionImpl> session, catalog::TablePtr table)
    : session_(std::move(session)), table_(std::move(table)) {}

absl::StatusOr<std::unique_ptr<AppenderImpl>> AppenderImpl::Open(
    std::shared_ptr<SessionImpl> session, std::string_view name) {
  VESTO_RETURN_IF_ERROR(session->CheckIdle());
  if (session->failed()) return AbortedBlock();
  // The binder resolves the name as it would in SQL.
  VESTO_ASSIGN_OR_RETURN(const auto statements,
                         sql::Parse(absl::StrCat("INSERT INTO ", sv(name), " DEFAULT VALUES")));
  session->transaction();
  const auto catalog = session->CatalogNow();
  functions::EvalContext eval = session->MakeEvalContext(0);
  VESTO_ASSIGN_OR_RETURN(const binder::BoundStatement bound,
                         binder::Bind(statements.at(0), session->MakeBindContext(*catalog, eval)));
  VESTO_RETURN_IF_ERROR(
      security::CheckPrivileges(*catalog, session->user_id, bound.privileges));
  catalog::TablePtr table;
  for (const binder::RelationReference& relation : bound.relations) {
    if (relation.use == binder::RelationUse::kWrite) table = catalog->FindTable(relation.oid);
  }
  if (table == nullptr) return absl::InternalError("no table to append to");
  std::unique_ptr<AppenderImpl> appender(new AppenderImpl(session, table));
  txn::Transaction& transaction = session->transaction();
  ClusterImpl& cluster = session->cluster;
  appender->xid_ = cluster.transactions.AssignXid(transaction);
  VESTO_RETURN_IF_ERROR(
      cluster.locks.Acquire(transaction, table->oid, txn::LockMode::kShareRowExclusive));
  cluster.transactions.TakeSnapshot(transaction);
  appender->eval_ = std::move(eval);
  for (int slice = 0; slice < cluster.num_slices(); ++slice) {
    auto shard = cluster.store(slice).FindForWrite(appender->xid_, table->oid);
    if (shard == nullptr) return absl::InternalError("the table has no shard on a slice");
    appender->appenders_.push_back(shard->NewAppender(appender->xid_));
    appender->shards_.push_back(std::move(shard));
  }
  return appender;
}

AppenderImpl::~AppenderImpl() {
  if (open_) Abandon();
}

void AppenderImpl::Abandon() {
  open_ = false;
  appenders_.clear();
  if (CheckTransaction().ok()) session_->EndImplicit(false).IgnoreError();
}

absl::Status AppenderImpl::CheckTransaction() const {
  if (session_->has_transaction() && session_->transaction().xid() == xid_) return absl::OkStatus();
  return SqlError(SqlState::kObjectNotInPrerequisiteState,
                  "the appender's transaction has ended before it was closed");
}

absl::Status AppenderImpl::AppendRow(const std::vector<Value>& values) {
  if (!failed_.ok()) return failed_;
  if (!open_) return SqlError(SqlState::kObjectNotInPrerequisiteState, "the appender is closed");
  if (values.size() != table_->columns.size()) {
    failed_ = SqlError(SqlState::kSyntaxError,
                       absl::StrCat("the row has ", values.size(), " values, table \"",
                                    table_->name, "\" has ", table_->columns.size(), " columns"));
    return failed_;
  }
  if (failed_ = CheckTransaction(); !failed_.ok()) return failed_;
  pending_.push_back(values);
  ++rows_;
  if (pending_.size() < static_cast<size_t>(kBatchRows)) return absl::OkStatus();
  failed_ = Flush();
  return failed_;
}

absl::StatusOr<Batch> AppenderImpl::Convert() const {
  const int rows = static_cast<int>(pending_.size());
  Batch batch;
  batch.rows = rows;
  for (size_t c = 0; c < table_->columns.size(); ++c) {
    const catalog::ColumnEntry& column = table_->columns[c];
    Vector target = Vector::Flat(column.type);
    for (int i = 0; i < rows; ++i) {
      const Value& value = pending_[i][c];
      if (value.is_null()) {
        if (column.not_null) {
          return SqlError(SqlState::kNotNullViolation,
                          absl::StrCat("null value in column \"", column.name,
                                       "\" violates not-null constraint"));
        }
        target.SetNull(i);
      } else if (value.type() == column.type) {
        target.SetValue(i, value);
      } else {
        VESTO_ASSIGN_OR_RETURN(
            const Vector converted,
            expr::EvaluateCast(Vector::Constant(value), 1, column.type, target.physical(), true,
                               eval_));
        target.SetValue(i, converted.ValueAt(0));
      }
    }
    batch.columns.push_back(std::move(target));
  }
  return batch;
}

absl::Status AppenderImpl::Flush() {
  if (pending_.empty()) return absl::OkStatus();
  VESTO_ASSIGN_OR_RETURN(const Batch batch, Convert());
  pending_.clear();
  const types::TableDesign& design = table_->design;
  const int slices = session_->cluster.num_slices();
  switch (design.dist_style) {
    case types::DistStyle::kAll: return appenders_[0]->Append(batch);
    case types::DistStyle::kKey: {
      std::vector<uint64_t> hashes(batch.rows);
      column::DistHash(std::span(&batch.columns[design.dist_key], 1), batch.rows, hashes.data());
      std::vector<std::vector<Position>> positions(slices);
      for (int i = 0; i < batch.rows; ++i) {
        positions[column::SliceOf(hashes[i], slices)].push_back(static_cast<Position>(i));
      }
      for (int slice = 0; slice < slices; ++slice) {
        if (positions[slice].empty()) continue;
        VESTO_RETURN_IF_ERROR(appenders_[slice]->Append(batch.Gather(positions[slice])));
      }
      return absl::OkStatus();
    }
    case types::DistStyle::kAuto:
    case types::DistStyle::kEven: break;
  }
  next_slice_ = (next_slice_ + 1) % slices;
  return appenders_[next_slice_]->Append(batch);
}

absl::Status AppenderImpl::Close() {
  if (!open_) return SqlError(SqlState::kObjectNotInPrerequisiteState, "the appender is closed");
  absl::Status status = failed_.ok() ? CheckTransaction() : failed_;
  if (status.ok()) status = Flush();
  for (auto& appender : appenders_) {
    if (!status.ok()) break;
    status = appender->Finish().status();
  }
  if (!status.ok()) {
    Abandon();
    return status;
  }
  open_ = false;
  return session_->EndImplicit(true);
}

}  // namespace vesto::cluster
