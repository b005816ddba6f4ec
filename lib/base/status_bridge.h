#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "vesto/status.h"

namespace vesto {

// The only translator between the rooms' absl::Status and the public vesto::Status.
// `statement_text` turns the error's byte offset into a 1-based character position.
Status ToPublic(const absl::Status& status, std::string_view statement_text = {});

// The way back, for errors that an embedder's code returns to us through a seam.
absl::Status FromPublic(const Status& status);

}  // namespace vesto
