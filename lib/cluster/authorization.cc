#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "cluster/session_impl.h"

// SET SESSION AUTHORIZATION: the session goes on as another user, until it is set back, the
// transaction is rolled back or, with LOCAL, ends. Source: redshift/statements.md H.
namespace vesto::cluster {

absl::StatusOr<SessionImpl::Identity> SessionImpl::FindUser(const std::string& name) {
  if (const auto entry = CatalogNow()->FindUser(std::string_view(name))) {
    return Identity{name, entry->id, entry->superuser};
  }
  return SqlError(SqlState::kUndefinedObject, absl::StrCat("user \"", name, "\" does not exist"))
      .Hint("Create it with CREATE USER first.");
}

SessionImpl::Identity SessionImpl::identity() const {
  return {user, user_id, settings.get().is_superuser == "on"};
}

void SessionImpl::Become(const Identity& identity) {
  user = identity.user;
  user_id = identity.id;
  settings.mutable_parameters().is_superuser = identity.superuser ? "on" : "off";
  settings.mutable_parameters().session_authorization = identity.user;
  identity_is_local_ = false;
}

absl::Status SessionImpl::SetAuthorization(const sql::SetStatement& set, int offset) {
  if (in_any_block()) transaction();  // knows what to go back to
  if (set.to_default || set.values.empty()) {
    Become(login_);
  } else {
    auto target = FindUser(set.values.front());
    if (!target.ok()) return WithOffset(target.status(), offset);
    // The right to change belongs to who logged in, whoever the session is now.
    if (target->id != login_.id && !security::Access(*CatalogNow(), login_.id).superuser()) {
      return SqlError(SqlState::kInsufficientPrivilege,
                      "permission denied to set session authorization")
          .At(offset);
    }
    Become(*target);
  }
  if (set.local && in_any_block()) {
    identity_is_local_ = true;
  } else if (set.local) {
    Notify("WARNING", "SET LOCAL can only be used in transaction blocks");
    Become(login_);
  }
  return absl::OkStatus();
}

}  // namespace vesto::cluster
