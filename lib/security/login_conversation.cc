#include "security/login_conversation.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "security/primitives.h"

namespace vesto::security {
namespace {

constexpr std::string_view kMechanism = "SCRAM-SHA-256";
constexpr size_t kNonceBytes = 18, kMockSaltBytes = 16;
// More than any client sends; nothing is reserved by a length that a client names.
constexpr size_t kMaxAnswerBytes = 16 * 1024;

absl::Status Malformed(std::string_view what) {
  return SqlError(SqlState::kProtocolViolation, std::string(what));
}

void AppendInt32(int32_t value, std::string* out) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    *out += static_cast<char>(static_cast<uint32_t>(value) >> shift & 0xff);
  }
}

// Takes a big-endian int32 from the front of `*bytes`.
bool TakeInt32(std::string_view* bytes, int32_t* value) {
  if (bytes->size() < 4) return false;
  uint32_t bits = 0;
  for (int i = 0; i < 4; ++i) bits = bits << 8 | static_cast<unsigned char>((*bytes)[i]);
  bytes->remove_prefix(4);
  *value = static_cast<int32_t>(bits);
  return true;
}

// Takes an int32 length and as many bytes.
bool TakeBytes(std::string_view* bytes, std::string_view* taken) {
  int32_t size = 0;
  if (!TakeInt32(bytes, &size) || size < 0 || static_cast<size_t>(size) > bytes->size()) {
    return false;
  }
  *taken = bytes->substr(0, static_cast<size_t>(size));
  bytes->remove_prefix(static_cast<size_t>(size));
  return true;
}

// Takes "<letter>=<value>" up to the next comma or the end.
bool TakeAttribute(char letter, std::string_view* text, std::string_view* value) {
  if (text->size() < 2 || (*text)[0] != letter || (*text)[1] != '=') return false;
  const size_t comma = text->find(',');
  *value = text->substr(2, comma == std::string_view::npos ? comma : comma - 2);
  text->remove_prefix(comma == std::string_view::npos ? text->size() : comma + 1);
  return true;
}

bool IsNonce(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return c >= 0x21 && c <= 0x7e && c != ',';
  });
}

std::string Xor(std::string_view a, std::string_view b) {
  std::string result(a);
  for (size_t i = 0; i < result.size(); ++i) result[i] = static_cast<char>(result[i] ^ b[i]);
  return result;
}

}  // namespace

LoginConversation::LoginConversation(ProofRequest request)
    : user_(std::move(request.user)), method_(request.method) {
  const auto invented = [&](std::string_view use) {
    return HmacSha256(request.mock_key, absl::StrCat(sv(use), ":", user_));
  };
  // Made for everybody, so that a user who exists takes no other time than one who does not.
  scram_.iterations = kScramIterations;
  scram_.salt = invented("scram salt").substr(0, kMockSaltBytes);
  scram_.stored_key = invented("stored key");
  scram_.server_key = invented("server key");
  digest_.salt = Hex(invented("digest salt").substr(0, kMockSaltBytes));
  digest_.hash = invented("digest");
  md5_ = Hex(invented("md5").substr(0, 16));

  catalog::PasswordVerifiers none;
  const catalog::PasswordVerifiers& stored =
      request.entry == nullptr ? none : request.entry->password;
  doomed_ = request.entry == nullptr ||
            (request.entry->valid_until_micros.has_value() &&
             *request.entry->valid_until_micros <= request.now_micros);
  switch (method_) {
    case ProofMethod::kScram:
      doomed_ = doomed_ || stored.scram.empty();
      if (auto verifier = ReadScramVerifier(stored.scram.empty() ? ScramVerifierText(scram_)
                                                                 : stored.scram);
          verifier.ok()) {
        scram_ = *std::move(verifier);
      } else {
        doomed_ = true;
      }
      nonce_ = Base64(RandomBytes(kNonceBytes));
      break;
    case ProofMethod::kDigest:
      doomed_ = doomed_ || stored.digest.empty();
      if (auto verifier = ReadDigestVerifier(
              stored.digest.empty() ? DigestVerifierText(digest_) : stored.digest);
          verifier.ok()) {
        digest_ = *std::move(verifier);
      } else {
        doomed_ = true;
      }
      // Letters, because drivers differ in how they carry bytes.
      nonce_ = Hex(RandomBytes(16));
      break;
    case ProofMethod::kMd5:
      if (stored.md5.size() == 35) {
        md5_ = stored.md5.substr(3);
      } else {
        doomed_ = true;
      }
      nonce_ = RandomBytes(4);
      break;
  }
}

absl::Status LoginConversation::Wrong() const {
  return SqlError(SqlState::kInvalidPassword,
                  absl::StrCat("password authentication failed for user \"", user_, "\""));
}

absl::StatusOr<ProofMessage> LoginConversation::Next(std::string_view answer) {
  if (answer.size() > kMaxAnswerBytes) return Malformed("the authentication message is too long");
  switch (step_) {
    case Step::kBegin: return Begin();
    case Step::kClientFirst: return ReadClientFirst(answer);
    case Step::kClientFinal: return ReadClientFinal(answer);
    case Step::kDigest: return ReadDigest(answer);
    case Step::kMd5: return ReadMd5(answer);
    case Step::kFinish:
      step_ = Step::kAccepted;
      return ProofMessage{};
    case Step::kAccepted: break;
  }
  return absl::InternalError("the login is complete");
}

absl::StatusOr<ProofMessage> LoginConversation::Begin() {
  ProofMessage message;
  switch (method_) {
    case ProofMethod::kScram:
      step_ = Step::kClientFirst;
      message.code = kAuthSasl;
      // A list of NUL-ended names that ends with an empty one.
      message.body = absl::StrCat(sv(kMechanism), absl::string_view("\0\0", 2));
      break;
    case ProofMethod::kDigest:
      step_ = Step::kDigest;
      message.code = kAuthDigest;
      AppendInt32(0, &message.body);  // the algorithm: SHA-256
      AppendInt32(static_cast<int32_t>(digest_.salt.size()), &message.body);
      message.body += digest_.salt;
      AppendInt32(static_cast<int32_t>(nonce_.size()), &message.body);
      message.body += nonce_;
      break;
    case ProofMethod::kMd5:
      step_ = Step::kMd5;
      message.code = kAuthMd5;
      message.body = nonce_;
      break;
  }
  return message;
}

// SASLInitialResponse: the mechanism, NUL, int32 length, client-first-message. That is
// "n,,n=<user>,r=<nonce>"; the user stands in the startup message and is ignored here.
absl::StatusOr<ProofMessage> LoginConversation::ReadClientFirst(std::string_view answer) {
  const size_t end = answer.find('\0');
  if (end == std::string_view::npos || answer.substr(0, end) != kMechanism) {
    return Malformed("client selected an invalid SASL authentication mechanism");
  }
  std::string_view rest = answer.substr(end + 1), text;
  if (!TakeBytes(&rest, &text) || !rest.empty() ||
      text.find('\0') != std::string_view::npos) {
    return Malformed("malformed SCRAM message");
  }
  // The GS2 header: no channel binding, for SCRAM-SHA-256-PLUS is not offered.
  if (!text.starts_with("n,") && !text.starts_with("y,")) {
    return Malformed("malformed SCRAM message");
  }
  const size_t header = text.find(',', 2);
  if (header == std::string_view::npos) return Malformed("malformed SCRAM message");
  if (header != 2) return NotSupported("a SCRAM authorization identity");
  gs2_header_ = std::string(text.substr(0, header + 1));
  text.remove_prefix(header + 1);
  client_first_bare_ = std::string(text);
  if (text.starts_with("m=")) return NotSupported("a mandatory SCRAM extension");
  std::string_view name, nonce;
  if (!TakeAttribute('n', &text, &name) || !TakeAttribute('r', &text, &nonce) ||
      !IsNonce(nonce)) {
    return Malformed("malformed SCRAM message");
  }
  nonce_ = absl::StrCat(sv(nonce), nonce_);
  server_first_ =
      absl::StrCat("r=", nonce_, ",s=", Base64(scram_.salt), ",i=", scram_.iterations);
  step_ = Step::kClientFinal;
  return ProofMessage{kAuthSaslContinue, server_first_};
}

// "c=<base64 of the GS2 header>,r=<both nonces>,p=<base64 of the proof>"
absl::StatusOr<ProofMessage> LoginConversation::ReadClientFinal(std::string_view answer) {
  if (answer.find('\0') != std::string_view::npos) return Malformed("malformed SCRAM message");
  const size_t proof_at = answer.rfind(",p=");
  if (proof_at == std::string_view::npos) return Malformed("malformed SCRAM message");
  const std::string_view without_proof = answer.substr(0, proof_at);
  std::string_view rest = without_proof, binding, nonce;
  if (!TakeAttribute('c', &rest, &binding) || !TakeAttribute('r', &rest, &nonce)) {
    return Malformed("malformed SCRAM message");
  }
  if (binding != Base64(gs2_header_)) return Malformed("unexpected SCRAM channel-binding attribute");
  if (nonce != nonce_) return Malformed("the SCRAM nonce is not the one of this login");
  const auto proof = FromBase64(answer.substr(proof_at + 3));
  if (!proof.has_value() || proof->size() != kSha256Bytes) {
    return Malformed("malformed SCRAM message");
  }
  const std::string auth_message =
      absl::StrCat(client_first_bare_, ",", server_first_, ",", sv(without_proof));
  // The proof hides the client key under a signature that the stored key allows to make.
  const std::string client_key = Xor(*proof, HmacSha256(scram_.stored_key, auth_message));
  const bool equal = EqualInConstantTime(Sha256(client_key), scram_.stored_key);
  const std::string signature = HmacSha256(scram_.server_key, auth_message);
  if (!equal || doomed_) return Wrong();
  step_ = Step::kFinish;
  return ProofMessage{kAuthSaslFinal, absl::StrCat("v=", Base64(signature))};
}

// int32 length, digest, int32 length, client nonce; the digest is
// SHA-256(SHA-256(password || salt) || server nonce || client nonce).
absl::StatusOr<ProofMessage> LoginConversation::ReadDigest(std::string_view answer) {
  std::string_view digest, client_nonce;
  if (!TakeBytes(&answer, &digest) || !TakeBytes(&answer, &client_nonce) || !answer.empty() ||
      digest.size() != kSha256Bytes) {
    return Malformed("malformed digest message");
  }
  const std::string expected =
      Sha256(absl::StrCat(digest_.hash, nonce_, sv(client_nonce)));
  const bool equal = EqualInConstantTime(digest, expected);
  if (!equal || doomed_) return Wrong();
  step_ = Step::kAccepted;
  return ProofMessage{};
}

// "md5", 32 hex digits of MD5(stored digits || salt), NUL.
absl::StatusOr<ProofMessage> LoginConversation::ReadMd5(std::string_view answer) {
  if (answer.empty() || answer.back() != '\0') return Malformed("malformed password message");
  answer.remove_suffix(1);
  if (answer.find('\0') != std::string_view::npos) return Malformed("malformed password message");
  VESTO_ASSIGN_OR_RETURN(const std::string hash, Md5Hex(md5_ + nonce_));
  const bool equal = EqualInConstantTime(answer, absl::StrCat("md5", hash));
  if (!equal || doomed_) return Wrong();
  step_ = Step::kAccepted;
  return ProofMessage{};
}

}  // namespace vesto::security
