#pragma once

#include <memory>

#include "vesto/server.h"
#include "vesto/status.h"

struct ssl_ctx_st;

namespace vesto::wire {

struct TlsContextDeleter {
  void operator()(ssl_ctx_st* context) const;
};
using TlsContext = std::unique_ptr<ssl_ctx_st, TlsContextDeleter>;

// TLS 1.2 or later with the certificate that the options name, or a self-signed one, made now, for
// options.host; null for TlsMode::kOff. Errors: 58P01 for files that are not there, 22023 for files
// that are no certificate or no key of it.
StatusOr<TlsContext> MakeTlsContext(const ServerOptions& options);

}  // namespace vesto::wire
