#pragma once

#include <array>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "cluster/kept_plan.h"
#include "cluster/session_impl.h"

namespace vesto::sql {
struct TextShape;
}

namespace vesto::cluster {

// The few queries that a session sends again and again, though it prepares none: equal texts, or equal
// but for integers that WHERE compares with (sql::TextShape). From the second time on they share one
// tree and its kept plan, with the integers as parameters.
// Thread-safety: its session's thread.
class RepeatedTexts {
 public:
  explicit RepeatedTexts(SessionImpl& session) : session_(session) {}

  // The statements of a text without parameters, for running them.
  absl::StatusOr<std::shared_ptr<const ParsedText>> Parse(std::string_view text);
  void Clear() { patterns_.clear(); }

 private:
  struct Pattern {
    std::string key;
    std::shared_ptr<const ParsedText> parsed;
    std::shared_ptr<KeptPlan> kept;
    // A number as parameter must mean what it means as literal: whether that holds, and for what.
    std::optional<PlanInputs> judged_for;
    bool sound = false;
  };

  // Null: nothing is known of the text, or it is not to be repeated.
  Pattern* Find(std::string_view text, const sql::TextShape& shape);
  bool Sound(Pattern& pattern, const std::vector<Value>& numbers);
  bool Judge(const ParsedText& parsed, size_t num_numbers) const;

  SessionImpl& session_;
  std::list<Pattern> patterns_;  // used last comes first
  std::array<size_t, 16> seen_{};  // hashes of keys that came once
  size_t next_seen_ = 0;
};

}  // namespace vesto::cluster
