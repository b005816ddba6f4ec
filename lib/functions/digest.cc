#include "functions/digest.h"

#include <openssl/evp.h>

#include "base/check.h"
#include "functions/hex.h"

namespace vesto::functions {
namespace {

const EVP_MD* AlgorithmOf(Digest digest) {
  switch (digest) {
    case Digest::kMd5:
      return EVP_md5();
    case Digest::kSha1:
      return EVP_sha1();
    case Digest::kSha224:
      return EVP_sha224();
    case Digest::kSha256:
      return EVP_sha256();
    case Digest::kSha384:
      return EVP_sha384();
    case Digest::kSha512:
      return EVP_sha512();
  }
  return nullptr;
}

}  // namespace

struct Digester::Context {
  std::unique_ptr<EVP_MD_CTX, void (*)(EVP_MD_CTX*)> handle{EVP_MD_CTX_new(), EVP_MD_CTX_free};
};

Digester::Digester() : context_(std::make_unique<Context>()) {}
Digester::~Digester() = default;

void Digester::AppendHex(Digest digest, std::string_view bytes, std::string* out) {
  unsigned char raw[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  EVP_MD_CTX* handle = context_->handle.get();
  const bool ok = EVP_DigestInit_ex(handle, AlgorithmOf(digest), nullptr) == 1 &&
                  EVP_DigestUpdate(handle, bytes.data(), bytes.size()) == 1 &&
                  EVP_DigestFinal_ex(handle, raw, &size) == 1;
  VESTO_CHECK(ok);
  functions::AppendHex({reinterpret_cast<const char*>(raw), size}, out);
}

absl::Status DigestRows(const KernelCall& call, Vector* result, Digest digest) {
  Digester digester;
  return MapToText<std::string_view>(call, result,
                                     [&digester, digest](std::string_view bytes, std::string* out) {
                                       digester.AppendHex(digest, bytes, out);
                                     });
}

}  // namespace vesto::functions
