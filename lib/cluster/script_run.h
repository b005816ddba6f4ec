#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "cluster/session_impl.h"

namespace vesto::cluster {

// The statements of one text, run one after another as PostgreSQL's simple query runs them: without
// BEGIN they are one transaction, which the first error undoes. One thread, its session's.
class ScriptRun {
 public:
  ScriptRun(std::shared_ptr<SessionImpl> session, std::shared_ptr<const ParsedText> parsed,
            std::vector<Value> parameters);
  ~ScriptRun();  // before the end: what the text did outside BEGIN is rolled back

  // Starts the next statement; the former must have ended. nullopt after the last one, when the
  // text's own transaction is committed. After an error every call gives that error.
  absl::StatusOr<std::optional<StartedStatement>> Next();
  // The statement that Next started has failed: nothing more runs. Returns `error`.
  absl::Status Fail(absl::Status error);

 private:
  absl::Status End();

  const std::shared_ptr<SessionImpl> session_;
  const std::shared_ptr<const ParsedText> parsed_;
  const std::vector<Value> parameters_;
  size_t next_ = 0;
  bool ended_ = false;
  absl::Status error_;
};

}  // namespace vesto::cluster
