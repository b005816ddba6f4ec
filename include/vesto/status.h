#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "vesto/sqlstate.h"

namespace vesto {

// The outcome of an operation: success, or an SQL error with everything a client may show.
//
// Cheap to copy and to move; a successful Status allocates nothing.
// Thread-safety: thread-compatible (const access from many threads is safe).
class [[nodiscard]] Status {
 public:
  // What an error carries. Fields that were not given are empty.
  struct Error {
    SqlState state = SqlState::kInternalError;
    std::string message;  // one line, Redshift's wording where it is known
    std::string detail;   // more lines for a human
    std::string hint;     // what to do about it
    std::string context;  // where it happened, e.g. "COPY orders, file part-3.csv, line 17"
    int position = 0;     // 1-based character offset in the statement's text; 0 = unknown
  };

  Status() = default;  // success
  explicit Status(Error error) : error_(std::make_shared<const Error>(std::move(error))) {}
  Status(SqlState state, std::string message)
      : Status(Error{state, std::move(message), {}, {}, {}, 0}) {}

  bool ok() const { return error_ == nullptr; }
  SqlState state() const { return ok() ? SqlState::kSuccessfulCompletion : error_->state; }
  std::string_view sqlstate() const { return SqlStateCode(state()); }  // "22012"
  std::string_view message() const { return ok() ? std::string_view() : error_->message; }
  std::string_view detail() const { return ok() ? std::string_view() : error_->detail; }
  std::string_view hint() const { return ok() ? std::string_view() : error_->hint; }
  std::string_view context() const { return ok() ? std::string_view() : error_->context; }
  int position() const { return ok() ? 0 : error_->position; }

  // "OK", or "22012: division by zero".
  std::string ToString() const;

 private:
  std::shared_ptr<const Error> error_;
};

inline Status OkStatus() { return Status(); }

// A value, or the reason why there is none. Asking a failed StatusOr for its value ends in
// std::bad_optional_access, so ask ok() first.
template <typename T>
class [[nodiscard]] StatusOr {
 public:
  StatusOr(T value) : value_(std::move(value)) {}        // NOLINT: implicit by design
  StatusOr(Status status) : status_(std::move(status)) {}  // NOLINT: implicit by design

  bool ok() const { return value_.has_value(); }
  const Status& status() const { return status_; }

  T& value() & { return value_.value(); }
  const T& value() const& { return value_.value(); }
  T&& value() && { return std::move(value_).value(); }
  T& operator*() & { return *value_; }
  const T& operator*() const& { return *value_; }
  T&& operator*() && { return *std::move(value_); }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }

 private:
  Status status_;
  std::optional<T> value_;
};

}  // namespace vesto
