#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "functions/kernel_loops.h"

namespace vesto::functions {

enum class Digest { kMd5, kSha1, kSha224, kSha256, kSha384, kSha512 };

// Computes digests with one reused context. One thread only.
class Digester {
 public:
  Digester();
  ~Digester();
  // Appends the digest of `bytes` in lower-case hexadecimal.
  void AppendHex(Digest digest, std::string_view bytes, std::string* out);

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

absl::Status DigestRows(const KernelCall& call, Vector* result, Digest digest);

}  // namespace vesto::functions
