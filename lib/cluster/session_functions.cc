#include "cluster/session_functions.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "cluster/session_impl.h"
#include "security/security_functions.h"
#include "sysview/sysview_functions.h"

// Functions over the session that runs the statement. Source: redshift/functions.md §15.
namespace vesto::cluster {
namespace {

using functions::KernelCall;
using functions::Locality;
using functions::NullRule;
using functions::Overload;
using functions::Returns;
using functions::ScalarFunction;
using functions::Volatility;

absl::StatusOr<SessionImpl*> SessionOf(const KernelCall& call) {
  const auto* session = call.context.Handle<SessionImpl>();
  if (session == nullptr) return absl::InternalError("a session function without a session");
  // The session is the statement's own, on whose thread leader functions run.
  return const_cast<SessionImpl*>(session);
}

void FillText(const std::string& text, int rows, column::Vector* result) {
  const column::StringRef ref = result->heap().Add(std::string_view(text));
  for (int i = 0; i < rows; ++i) result->mutable_data<column::StringRef>()[i] = ref;
}

void FillNumber(int64_t value, int rows, column::Vector* result) {
  for (int i = 0; i < rows; ++i) result->mutable_data<int64_t>()[i] = value;
}

// The existing schemas of the search path, pg_catalog first when asked for.
std::vector<std::string> PathSchemas(SessionImpl& session, bool implicit) {
  std::vector<std::string> names;
  const auto catalog = session.CatalogNow();
  if (implicit) {
    if (const auto schema = catalog->FindSchema(session.temporary_schema()); schema != nullptr) {
      names.push_back(schema->name);
    }
    names.push_back("pg_catalog");
  }
  for (const std::string& entry : session.UsablePath(*catalog)) {
    const std::string& name = entry == "$user" ? session.user : entry;
    if (catalog->FindSchema(name) != nullptr) names.push_back(name);
  }
  return names;
}

absl::Status CurrentSchema(const KernelCall& call, column::Vector* result) {
  VESTO_ASSIGN_OR_RETURN(SessionImpl * session, SessionOf(call));
  const auto names = PathSchemas(*session, false);
  FillText(names.empty() ? "" : names.front(), call.rows, result);
  return absl::OkStatus();
}

absl::Status CurrentSchemas(const KernelCall& call, column::Vector* result) {
  VESTO_ASSIGN_OR_RETURN(SessionImpl * session, SessionOf(call));
  for (int i = 0; i < call.rows; ++i) {
    const bool implicit =
        call.args[0].data<uint8_t>()[call.args[0].is_constant() ? 0 : i] != 0;
    const std::string text =
        absl::StrCat("{", absl::StrJoin(PathSchemas(*session, implicit), ","), "}");
    result->mutable_data<column::StringRef>()[i] = result->heap().Add(std::string_view(text));
  }
  return absl::OkStatus();
}

absl::Status CurrentSetting(const KernelCall& call, column::Vector* result) {
  VESTO_ASSIGN_OR_RETURN(SessionImpl * session, SessionOf(call));
  for (int i = 0; i < call.rows; ++i) {
    if (call.nulls != nullptr && call.nulls[i]) continue;
    absl::StatusOr<std::string> value = session->settings.Show(call.args[0].StringAt(i).view());
    const bool strict = call.args.size() < 2 ||
                        call.args[1].data<uint8_t>()[call.args[1].is_constant() ? 0 : i] != 0;
    if (!value.ok()) {
      if (strict) return value.status();
      result->SetNull(i);
      continue;
    }
    result->mutable_data<column::StringRef>()[i] = result->heap().Add(std::string_view(*value));
  }
  return absl::OkStatus();
}

absl::Status SetConfig(const KernelCall& call, column::Vector* result) {
  VESTO_ASSIGN_OR_RETURN(SessionImpl * session, SessionOf(call));
  for (int i = 0; i < call.rows; ++i) {
    if (call.nulls != nullptr && call.nulls[i]) continue;
    const std::string name(call.args[0].StringAt(i).view());
    const bool local = call.args[2].data<uint8_t>()[call.args[2].is_constant() ? 0 : i] != 0;
    VESTO_RETURN_IF_ERROR(
        session->settings.SetText(name, call.args[1].StringAt(i).view(), local));
    VESTO_ASSIGN_OR_RETURN(const std::string value, session->settings.Show(name));
    result->mutable_data<column::StringRef>()[i] = result->heap().Add(std::string_view(value));
  }
  return absl::OkStatus();
}

// pg_cancel_backend and pg_terminate_backend: false, with a warning, for a pid of no session.
template <void (SessionImpl::*Signal)()>
absl::Status SignalSession(const KernelCall& call, column::Vector* result) {
  VESTO_ASSIGN_OR_RETURN(SessionImpl * session, SessionOf(call));
  for (int i = 0; i < call.rows; ++i) {
    if (call.nulls != nullptr && call.nulls[i]) continue;
    const int32_t pid = call.args[0].data<int32_t>()[call.args[0].is_constant() ? 0 : i];
    const std::shared_ptr<SessionImpl> target = session->cluster.sessions.Find(pid);
    if (target == nullptr) {
      session->Notify("WARNING", absl::StrCat("PID ", pid, " is not a PostgreSQL server process"));
    } else {
      VESTO_RETURN_IF_ERROR(session->CheckMaySignal(*target));
      ((*target).*Signal)();
    }
    result->mutable_data<uint8_t>()[i] = target != nullptr;
  }
  return absl::OkStatus();
}

template <int64_t SessionImpl::* Member>
absl::Status SessionNumber(const KernelCall& call, column::Vector* result) {
  VESTO_ASSIGN_OR_RETURN(SessionImpl * session, SessionOf(call));
  FillNumber(session->*Member, call.rows, result);
  return absl::OkStatus();
}

template <int64_t SessionImpl::* Member>
ScalarFunction NumberFunction(std::string name, std::string documentation) {
  return ScalarFunction{.name = std::move(name),
                        .documentation = std::move(documentation),
                        .volatility = Volatility::kStable,
                        .overloads = {Overload{.result = Returns(Type::Bigint()),
                                               .kernel = SessionNumber<Member>}}};
}

}  // namespace

std::shared_ptr<const functions::Registry> AllFunctions() {
  static const std::shared_ptr<const functions::Registry> registry = [] {
    auto all = std::make_shared<functions::Registry>();
    functions::RegisterShelf(*all);
    sysview::RegisterCatalogFunctions(*all);
    security::RegisterFunctions(*all);
    const Type text = Type::Varchar(kVarcharMaxBytes);
    all->Add(ScalarFunction{.name = "current_schema",
                            .documentation = "The schema that new objects go to.",
                            .volatility = Volatility::kStable,
                            .locality = Locality::kLeaderOnly,
                            .overloads = {Overload{.result = Returns(text),
                                                   .kernel = CurrentSchema}}});
    all->Add(ScalarFunction{
        .name = "current_schemas",
        .documentation = "The schemas of the search path; with true, the implicit ones too.",
        .volatility = Volatility::kStable,
        .locality = Locality::kLeaderOnly,
        .overloads = {Overload{.parameters = {Type::Boolean()},
                               .result = Returns(Type::Array(TypeId::kName)),
                               .kernel = CurrentSchemas}}});
    all->Add(ScalarFunction{
        .name = "current_setting",
        .documentation = "A parameter or session variable; NULL instead of an error with false.",
        .volatility = Volatility::kStable,
        .can_fail = true,
        .overloads = {Overload{.parameters = {Type::Varchar(0)},
                               .result = Returns(text),
                               .kernel = CurrentSetting},
                      Overload{.parameters = {Type::Varchar(0), Type::Boolean()},
                               .result = Returns(text),
                               .kernel = CurrentSetting}}});
    all->Add(ScalarFunction{
        .name = "set_config",
        .documentation = "Sets a parameter, for the transaction only with true.",
        .volatility = Volatility::kVolatile,
        .locality = Locality::kLeaderOnly,
        .can_fail = true,
        .overloads = {Overload{.parameters = {Type::Varchar(0), Type::Varchar(0), Type::Boolean()},
                               .result = Returns(text),
                               .kernel = SetConfig}}});
    const auto add_signal = [&](std::string name, std::string documentation, auto kernel) {
      all->Add(ScalarFunction{.name = std::move(name),
                              .documentation = std::move(documentation),
                              .volatility = Volatility::kVolatile,
                              .locality = Locality::kLeaderOnly,
                              .can_fail = true,
                              .overloads = {Overload{.parameters = {Type::Integer()},
                                                     .result = Returns(Type::Boolean()),
                                                     .kernel = kernel}}});
    };
    add_signal("pg_cancel_backend", "Cancels the statement of the session with that pid.",
               SignalSession<&SessionImpl::Cancel>);
    add_signal("pg_terminate_backend", "Ends the session with that pid.",
               SignalSession<&SessionImpl::Terminate>);
    all->Add(NumberFunction<&SessionImpl::last_query_id>(
        "pg_last_query_id", "The id of the session's last query on slices; -1 for none."));
    all->Add(NumberFunction<&SessionImpl::last_query_id>(
        "last_user_query_id", "The id of the session's last query; -1 for none."));
    all->Add(NumberFunction<&SessionImpl::last_copy_id>(
        "pg_last_copy_id", "The query id of the session's last COPY; -1 for none."));
    all->Add(NumberFunction<&SessionImpl::last_copy_count>(
        "pg_last_copy_count", "The rows that the session's last COPY loaded."));
    all->Add(NumberFunction<&SessionImpl::last_unload_id>(
        "pg_last_unload_id", "The query id of the session's last UNLOAD; -1 for none."));
    all->Add(NumberFunction<&SessionImpl::last_unload_count>(
        "pg_last_unload_count", "The rows that the session's last UNLOAD wrote."));
    return std::shared_ptr<const functions::Registry>(std::move(all));
  }();
  return registry;
}

}  // namespace vesto::cluster
