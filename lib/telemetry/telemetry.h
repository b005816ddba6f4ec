#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "vesto/client_info.h"

// What the cluster remembers of what happened: append-only records that system views read, and live
// registries. Everybody writes, sysview reads. Names follow the STL and STV tables.
// Source: redshift/system-views.md §§3-4.
namespace vesto::telemetry {

struct StepRecord {
  int stream = 0, segment = 0, step = 0, slice = 0;
  std::string label;  // "scan   tbl=100043 name=sales"
  int64_t rows = 0, bytes = 0;
  int64_t start_micros = 0, end_micros = 0;  // since 1970, UTC
  int64_t rows_pre_filter = 0;
  uint32_t table = 0;  // scans, inserts: the table's oid
  bool is_diskbased = false, is_rrscan = false;
  int64_t work_memory = 0;
};

struct QueryRecord {
  int64_t query = 0;
  int32_t userid = 100;
  std::string user, database, label;  // label: query_group, "default" when unset
  uint64_t xid = 0;
  int32_t pid = 0;
  std::string text;
  std::string type;  // QUERY, DDL, UTILITY: what kind of text it is (SVL_STATEMENTTEXT)
  int64_t start_micros = 0, end_micros = 0;
  bool on_slices = false;  // reads or writes user tables: not the leader's alone
  bool aborted = false;
  std::string error_sqlstate, error_message;
  int64_t rows_returned = 0;
  std::vector<std::string> plan_lines;  // STL_EXPLAIN
  std::vector<StepRecord> steps;
};

struct LoadErrorRecord {
  int32_t userid = 100;
  std::string database;
  uint64_t xid = 0;
  int slice = 0;
  uint32_t table = 0;
  int64_t start_micros = 0;
  int32_t session = 0;
  int64_t query = 0;
  std::string filename;
  int64_t line_number = 0;
  std::string column_name, type, column_length;
  int32_t position = 0;
  std::string raw_line, raw_field_value;
  int err_code = 0;
  std::string err_reason;
};

struct LoadCommitRecord {  // STL_LOAD_COMMITS: one file loaded, or one range of a file
  int32_t userid = 100;
  int64_t query = 0;
  int slice = 0;
  std::string name, filename;
  std::string file_format;  // "Text"
  int64_t lines_scanned = 0, bytes_scanned = 0;
  int64_t start_offset = 0;
  bool is_partial = false;
  int64_t start_micros = 0, micros = 0;  // begun, done
};

struct UnloadRecord {  // STL_UNLOAD_LOG
  int32_t userid = 100;
  int64_t query = 0;
  int slice = 0;
  int32_t pid = 0;
  uint64_t xid = 0;
  std::string path, file_format;
  int64_t line_count = 0, transfer_size = 0;
  int64_t start_micros = 0, end_micros = 0;
};

// How far a COPY or UNLOAD is: counted by its slices while views look, with relaxed atomics that
// order nothing.
struct TransferCounts {
  std::atomic<int64_t> source_files{0}, source_bytes{0};  // COPY: what it is to read
  std::atomic<int64_t> files{0}, bytes{0};                // read or written
  std::atomic<int64_t> rows{0}, row_bytes{0};             // loaded or unloaded
  std::atomic<int64_t> errors{0};                         // rows refused
};

// One COPY or UNLOAD: SYS_LOAD_HISTORY, SYS_UNLOAD_HISTORY. How it went is its query's record.
struct TransferRecord {
  int64_t query = 0;
  bool is_unload = false;
  std::string table;     // of a COPY
  std::string location;  // as written
  std::string format, compression;
  std::shared_ptr<const TransferCounts> counts;
};

struct AlertRecord {  // STL_ALERT_EVENT_LOG
  int64_t query = 0;
  int slice = 0, segment = 0, step = 0;
  int32_t pid = 0;
  uint64_t xid = 0;
  std::string event, solution;
  int64_t micros = 0;
};

struct SessionRecord {  // STV_SESSIONS
  int32_t pid = 0;
  std::string user, database;
  int64_t start_micros = 0;
  int32_t userid = 100;         // of the user who logged in
  int session_timeout_seconds = 0;
};

struct ConnectionRecord {  // STL_CONNECTION_LOG
  std::string event;  // "authenticated", "initiating session", ...
  int64_t micros = 0, duration_micros = 0;
  int32_t pid = 0;
  std::string user, database, auth_method;
  ClientInfo client;
};

struct CursorRecord {  // STV_ACTIVE_CURSORS
  int32_t userid = 100;
  std::string name;
  uint64_t xid = 0;
  int32_t pid = 0;
  int64_t start_micros = 0;
  int64_t row_count = 0, byte_count = 0, fetched_rows = 0;
};

// What a record takes, roughly.
template <typename Record>
size_t BytesOf(const Record&) {
  return sizeof(Record);
}
inline size_t BytesOf(const QueryRecord& record) {
  return sizeof(record) + record.text.capacity() + record.steps.capacity() * sizeof(StepRecord);
}

// A log bounded in records and bytes: the oldest records go first. Thread-safe.
template <typename Record>
class Log {
 public:
  static constexpr size_t kBytesMax = 32 << 20;

  explicit Log(size_t capacity) : capacity_(capacity) {}
  void Add(Record record) {
    auto shared = std::make_shared<const Record>(std::move(record));
    base::MutexLock lock(mutex_);
    bytes_ += BytesOf(*shared);
    records_.push_back(std::move(shared));
    while (records_.size() > capacity_ || (bytes_ > kBytesMax && records_.size() > 1)) {
      bytes_ -= BytesOf(*records_.front());
      records_.pop_front();
    }
  }
  // The records now held, oldest first. Records are immutable.
  std::vector<std::shared_ptr<const Record>> Read() const {
    base::MutexLock lock(mutex_);
    return {records_.begin(), records_.end()};
  }

 private:
  const size_t capacity_;
  mutable base::Mutex mutex_;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::shared_ptr<const Record>> records_ ABSL_GUARDED_BY(mutex_);
};

// One per cluster. Thread-safe.
class Telemetry {
 public:
  Log<QueryRecord> queries{10'000};
  Log<LoadErrorRecord> load_errors{100'000};
  Log<LoadCommitRecord> load_commits{10'000};
  Log<UnloadRecord> unloads{10'000};
  Log<TransferRecord> transfers{10'000};
  Log<AlertRecord> alerts{10'000};
  Log<ConnectionRecord> connections{10'000};

  // Live: sessions, their open cursors, and the statements that run now.
  void AddSession(SessionRecord session);
  void RemoveSession(int32_t pid);
  std::vector<SessionRecord> sessions() const;
  // A session has one cursor at most: the new record takes the old one's place.
  void SetCursor(CursorRecord cursor);
  void RemoveCursor(int32_t pid);
  std::vector<CursorRecord> cursors() const;
  void BeginQuery(QueryRecord query);
  void EndQuery(int64_t query);
  std::vector<QueryRecord> inflight() const;

 private:
  mutable base::Mutex mutex_;
  std::vector<SessionRecord> sessions_ ABSL_GUARDED_BY(mutex_);
  std::vector<CursorRecord> cursors_ ABSL_GUARDED_BY(mutex_);
  std::vector<QueryRecord> inflight_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace vesto::telemetry
