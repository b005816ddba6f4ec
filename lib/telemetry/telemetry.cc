#include "telemetry/telemetry.h"

namespace vesto::telemetry {

void Telemetry::AddSession(SessionRecord session) {
  base::MutexLock lock(mutex_);
  sessions_.push_back(std::move(session));
}

void Telemetry::RemoveSession(int32_t pid) {
  base::MutexLock lock(mutex_);
  std::erase_if(sessions_, [pid](const SessionRecord& session) { return session.pid == pid; });
}

std::vector<SessionRecord> Telemetry::sessions() const {
  base::MutexLock lock(mutex_);
  return sessions_;
}

void Telemetry::SetCursor(CursorRecord cursor) {
  base::MutexLock lock(mutex_);
  std::erase_if(cursors_, [&](const CursorRecord& other) { return other.pid == cursor.pid; });
  cursors_.push_back(std::move(cursor));
}

void Telemetry::RemoveCursor(int32_t pid) {
  base::MutexLock lock(mutex_);
  std::erase_if(cursors_, [pid](const CursorRecord& cursor) { return cursor.pid == pid; });
}

std::vector<CursorRecord> Telemetry::cursors() const {
  base::MutexLock lock(mutex_);
  return cursors_;
}

void Telemetry::BeginQuery(QueryRecord query) {
  base::MutexLock lock(mutex_);
  inflight_.push_back(std::move(query));
}

void Telemetry::EndQuery(int64_t query) {
  base::MutexLock lock(mutex_);
  std::erase_if(inflight_, [query](const QueryRecord& record) { return record.query == query; });
}

std::vector<QueryRecord> Telemetry::inflight() const {
  base::MutexLock lock(mutex_);
  return inflight_;
}

}  // namespace vesto::telemetry
