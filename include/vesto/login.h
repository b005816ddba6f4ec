#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "vesto/client_info.h"
#include "vesto/status.h"

namespace vesto {

namespace cluster {
class LoginImpl;
}  // namespace cluster

enum class LoginMethod {
  // What suits client and user: the Redshift digest for Amazon's drivers, SCRAM where the user has
  // a SCRAM verifier, MD5 where that is all there is. Never trust.
  kAuto,
  kScram,   // SCRAM-SHA-256 (RFC 7677): codes 10, 11, 12
  kDigest,  // Redshift's salted SHA-256 digest: code 13
  kMd5,     // code 5
  kTrust,   // no password: for clients that are known otherwise, such as a test's own
};

struct LoginRequest {
  std::string user = "";       // as the client sent them; an empty user is refused
  std::string database = "";   // "" = the database named like the user, as in PostgreSQL
  bool amazon_driver = false;  // the client sent client_protocol_version
  LoginMethod method = LoginMethod::kAuto;
  ClientInfo client = {};
};

// A PostgreSQL AuthenticationRequest ('R'): the int32 code and the bytes that follow it.
struct LoginMessage {
  int32_t code = 0;  // 0 = accepted
  std::string body = "";
};

// One client proving who it is. The caller carries bytes between client and Login and decides
// nothing:
//
//   auto login = cluster->BeginLogin({.user = user, .database = database});
//   auto message = login->Next("");
//   while (message.ok() && !login->done()) {
//     Send('R', message->code, message->body);
//     message = login->Next(message->code == 12 ? "" : Receive());   // body of 'p' or 'd'
//   }
//   Send('R', 0, "");  auto session = cluster->Connect(*std::move(login));
//
// Unknown users, wrong passwords and users without a password get the same messages, after the same
// work, and the same error. Passwords are in no message and no error.
// It must not outlive its Cluster. Movable. One thread at a time.
class Login {
 public:
  Login(Login&&) noexcept;
  Login& operator=(Login&&) noexcept;
  ~Login();

  // The next message for the client; `answer` is the body of its 'p' or 'd' message, "" at the
  // first call. After code 12 (AuthenticationSASLFinal) the client has nothing to say: call
  // Next("") again.
  // Errors end the login, and every later call gives the same one: 28P01 `password authentication
  // failed for user "u"`; 28000 for a trusted user who does not exist; 08P01 for a malformed
  // answer; 55000 when it is called after done().
  StatusOr<LoginMessage> Next(std::string_view answer);
  // Accepted: the last message had code 0. Give it to Cluster::Connect.
  bool done() const;
  // Of an accepted login: its user was a superuser when it began.
  bool superuser() const;

 private:
  friend class Cluster;
  explicit Login(std::unique_ptr<cluster::LoginImpl> impl);
  std::unique_ptr<cluster::LoginImpl> impl_;
};

}  // namespace vesto
