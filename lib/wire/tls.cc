#include "wire/tls.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <string>

namespace vesto::wire {
namespace {

constexpr long kCertificateSeconds = 365L * 24 * 60 * 60;

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct CertificateDeleter {
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;
using Certificate = std::unique_ptr<X509, CertificateDeleter>;

Status Failed(std::string what) {
  const unsigned long code = ERR_get_error();
  char reason[256] = "";
  if (code != 0) ERR_error_string_n(code, reason, sizeof(reason));
  return Status(Status::Error{.state = SqlState::kInvalidParameterValue,
                              .message = std::move(what),
                              .detail = reason,
                              .hint = {},
                              .context = {}});
}

bool IsAddress(const std::string& host) {
  return host.find_first_not_of("0123456789.") == std::string::npos ||
         host.find(':') != std::string::npos;
}

Status UseGenerated(SSL_CTX* context, const std::string& host) {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate(X509_new());
  if (key == nullptr || certificate == nullptr) return Failed("could not make a TLS key");
  X509* x509 = certificate.get();
  unsigned char serial[16];
  bool ok = RAND_bytes(serial, sizeof(serial)) == 1;
  serial[0] &= 0x7F;  // a serial number is positive
  BIGNUM* number = BN_bin2bn(serial, sizeof(serial), nullptr);
  ok = ok && number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509)) != nullptr;
  BN_free(number);
  ok = ok && X509_set_version(x509, X509_VERSION_3) == 1 &&
       X509_gmtime_adj(X509_getm_notBefore(x509), 0) != nullptr &&
       X509_gmtime_adj(X509_getm_notAfter(x509), kCertificateSeconds) != nullptr &&
       X509_set_pubkey(x509, key.get()) == 1;
  X509_NAME* name = X509_get_subject_name(x509);
  ok = ok && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                        reinterpret_cast<const unsigned char*>(host.c_str()), -1, -1,
                                        0) == 1 &&
       X509_set_issuer_name(x509, name) == 1;
  const std::string names = "DNS:localhost," + std::string(IsAddress(host) ? "IP:" : "DNS:") + host;
  X509_EXTENSION* alternatives =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, names.c_str());
  ok = ok && alternatives != nullptr && X509_add_ext(x509, alternatives, -1) == 1;
  X509_EXTENSION_free(alternatives);
  ok = ok && X509_sign(x509, key.get(), EVP_sha256()) > 0 &&
       SSL_CTX_use_certificate(context, x509) == 1 &&
       SSL_CTX_use_PrivateKey(context, key.get()) == 1;
  return ok ? OkStatus() : Failed("could not make a TLS certificate");
}

Status UseFiles(SSL_CTX* context, const ServerOptions& options) {
  if (options.tls_certificate_file.empty() || options.tls_key_file.empty()) {
    return Status(SqlState::kInvalidParameterValue,
                  "a TLS certificate and its key are given together");
  }
  for (const std::string& file : {options.tls_certificate_file, options.tls_key_file}) {
    if (::access(file.c_str(), R_OK) != 0) {
      return Status(SqlState::kUndefinedFile, "could not read \"" + file + "\"");
    }
  }
  if (SSL_CTX_use_certificate_chain_file(context, options.tls_certificate_file.c_str()) != 1) {
    return Failed("\"" + options.tls_certificate_file + "\" is no PEM certificate");
  }
  if (SSL_CTX_use_PrivateKey_file(context, options.tls_key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(context) != 1) {
    return Failed("\"" + options.tls_key_file + "\" is no PEM key of the certificate");
  }
  return OkStatus();
}

}  // namespace

void TlsContextDeleter::operator()(ssl_ctx_st* context) const { SSL_CTX_free(context); }

StatusOr<TlsContext> MakeTlsContext(const ServerOptions& options) {
  if (options.tls == TlsMode::kOff) return TlsContext();
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  if (context == nullptr) return Failed("TLS is not available");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                         SSL_OP_CIPHER_SERVER_PREFERENCE);
  // Channel::Write retries with what is left, wherever that lies by then; idle sessions give their
  // buffers back.
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE |
                                      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                                      SSL_MODE_RELEASE_BUFFERS);
  const bool files = !options.tls_certificate_file.empty() || !options.tls_key_file.empty();
  const Status status = files ? UseFiles(context.get(), options)
                              : UseGenerated(context.get(), options.host);
  if (!status.ok()) return status;
  return context;
}

}  // namespace vesto::wire
