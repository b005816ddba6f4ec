#include <cstdio>
#include <cstdlib>
#include <optional>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"

namespace vesto {
namespace {

constexpr const char* kStateUrl = "vesto/sqlstate";
constexpr const char* kOffsetUrl = "vesto/offset";
constexpr const char* kDetailUrl = "vesto/detail";
constexpr const char* kHintUrl = "vesto/hint";
constexpr const char* kContextUrl = "vesto/context";

std::optional<std::string> Payload(const absl::Status& status, const char* url) {
  auto cord = status.GetPayload(url);
  if (!cord.has_value()) return std::nullopt;
  return std::string(*cord);
}

void Attach(absl::Status& status, const char* url, std::string_view text) {
  if (!text.empty()) status.SetPayload(url, absl::Cord(sv(text)));
}

absl::StatusCode CanonicalCode(SqlState state) {
  switch (state) {
    case SqlState::kOutOfMemory:
    case SqlState::kDiskFull:
      return absl::StatusCode::kResourceExhausted;
    case SqlState::kQueryCanceled:
      return absl::StatusCode::kCancelled;
    case SqlState::kInternalError:
      return absl::StatusCode::kInternal;
    case SqlState::kFeatureNotSupported:
      return absl::StatusCode::kUnimplemented;
    default:
      return absl::StatusCode::kInvalidArgument;
  }
}

// Offsets count bytes, positions count characters: UTF-8 continuation bytes do not count.
int CharacterPosition(std::string_view text, int offset) {
  if (offset < 0) return 0;
  if (text.empty()) return offset + 1;
  int position = 1;
  for (size_t i = 0; i < text.size() && i < static_cast<size_t>(offset); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++position;
  }
  return position;
}

}  // namespace

absl::Status SqlError::ToStatus() const {
  absl::Status status(CanonicalCode(state_), sv(message_));
  status.SetPayload(kStateUrl, absl::Cord(absl::StrCat(static_cast<int>(state_))));
  if (offset_ >= 0) status.SetPayload(kOffsetUrl, absl::Cord(absl::StrCat(offset_)));
  Attach(status, kDetailUrl, detail_);
  Attach(status, kHintUrl, hint_);
  Attach(status, kContextUrl, context_);
  return status;
}

absl::Status NotSupported(std::string_view feature, int offset) {
  return SqlError(SqlState::kFeatureNotSupported, absl::StrCat(sv(feature), " is not supported"))
      .At(offset);
}

SqlState SqlStateOf(const absl::Status& status) {
  if (status.ok()) return SqlState::kSuccessfulCompletion;
  int state = 0;
  if (auto text = Payload(status, kStateUrl); text && absl::SimpleAtoi(sv(*text), &state)) {
    return static_cast<SqlState>(state);
  }
  if (absl::IsResourceExhausted(status)) return SqlState::kOutOfMemory;
  if (absl::IsCancelled(status)) return SqlState::kQueryCanceled;
  return SqlState::kInternalError;
}

int OffsetOf(const absl::Status& status) {
  int offset = -1;
  if (auto text = Payload(status, kOffsetUrl)) {
    if (!absl::SimpleAtoi(sv(*text), &offset)) return -1;
  }
  return offset;
}

absl::Status WithState(const absl::Status& status, SqlState state) {
  if (status.ok()) return status;
  absl::Status result(CanonicalCode(state), status.message());
  status.ForEachPayload([&result](absl::string_view url, const absl::Cord& payload) {
    result.SetPayload(url, payload);
  });
  result.SetPayload(kStateUrl, absl::Cord(absl::StrCat(static_cast<int>(state))));
  return result;
}

absl::Status WithOffset(const absl::Status& status, int offset) {
  absl::Status result = status;
  if (!status.ok() && offset >= 0) {
    result.SetPayload(kOffsetUrl, absl::Cord(absl::StrCat(offset)));
  }
  return result;
}

absl::Status DeepCopy(const absl::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status copy(status.code(), std::string(status.message()));
  status.ForEachPayload([&copy](absl::string_view url, const absl::Cord& payload) {
    copy.SetPayload(url, absl::Cord(std::string(payload)));
  });
  return copy;
}

absl::Status WithContext(const absl::Status& status, std::string_view context) {
  absl::Status result = status;
  if (!status.ok() && !status.GetPayload(kContextUrl)) Attach(result, kContextUrl, context);
  return result;
}

Status ToPublic(const absl::Status& status, std::string_view statement_text) {
  if (status.ok()) return OkStatus();
  Status::Error error;
  error.state = SqlStateOf(status);
  error.message = std::string(status.message());
  error.detail = Payload(status, kDetailUrl).value_or("");
  error.hint = Payload(status, kHintUrl).value_or("");
  error.context = Payload(status, kContextUrl).value_or("");
  error.position = CharacterPosition(statement_text, OffsetOf(status));
  return Status(std::move(error));
}

absl::Status FromPublic(const Status& status) {
  if (status.ok()) return absl::OkStatus();
  return SqlError(status.state(), std::string(status.message()))
      .Detail(std::string(status.detail()))
      .Hint(std::string(status.hint()))
      .Context(std::string(status.context()));
}

std::string Status::ToString() const {
  if (ok()) return "OK";
  return absl::StrCat(sv(sqlstate()), ": ", sv(message()));
}

std::string_view SqlStateCode(SqlState state) {
  switch (state) {
    case SqlState::kSuccessfulCompletion: return "00000";
    case SqlState::kProtocolViolation: return "08P01";
    case SqlState::kInvalidGrantOperation: return "0LP01";
    case SqlState::kNoActiveSqlTransaction: return "25P01";
    case SqlState::kActiveSqlTransaction: return "25001";
    case SqlState::kReadOnlySqlTransaction: return "25006";
    case SqlState::kInFailedSqlTransaction: return "25P02";
    case SqlState::kFeatureNotSupported: return "0A000";
    case SqlState::kCardinalityViolation: return "21000";
    case SqlState::kStringDataRightTruncation: return "22001";
    case SqlState::kNumericValueOutOfRange: return "22003";
    case SqlState::kInvalidDatetimeFormat: return "22007";
    case SqlState::kDatetimeFieldOverflow: return "22008";
    case SqlState::kSubstringError: return "22011";
    case SqlState::kDivisionByZero: return "22012";
    case SqlState::kInvalidArgumentForLogarithm: return "2201E";
    case SqlState::kInvalidArgumentForPower: return "2201F";
    case SqlState::kInvalidRegularExpression: return "2201B";
    case SqlState::kInvalidEscapeSequence: return "22025";
    case SqlState::kCharacterNotInRepertoire: return "22021";
    case SqlState::kInvalidParameterValue: return "22023";
    case SqlState::kInvalidTextRepresentation: return "22P02";
    case SqlState::kInvalidBinaryRepresentation: return "22P03";
    case SqlState::kBadCopyFileFormat: return "22P04";
    case SqlState::kNotNullViolation: return "23502";
    case SqlState::kInvalidCursorState: return "24000";
    case SqlState::kInvalidStatementName: return "26000";
    case SqlState::kInvalidAuthorization: return "28000";
    case SqlState::kInvalidPassword: return "28P01";
    case SqlState::kDependentObjectsStillExist: return "2BP01";
    case SqlState::kInvalidCursorName: return "34000";
    case SqlState::kInvalidCatalogName: return "3D000";
    case SqlState::kInvalidSchemaName: return "3F000";
    case SqlState::kSerializationFailure: return "40001";
    case SqlState::kDeadlockDetected: return "40P01";
    case SqlState::kInsufficientPrivilege: return "42501";
    case SqlState::kSyntaxError: return "42601";
    case SqlState::kInvalidName: return "42602";
    case SqlState::kInvalidColumnDefinition: return "42611";
    case SqlState::kNameTooLong: return "42622";
    case SqlState::kDuplicateColumn: return "42701";
    case SqlState::kAmbiguousColumn: return "42702";
    case SqlState::kUndefinedColumn: return "42703";
    case SqlState::kUndefinedObject: return "42704";
    case SqlState::kDuplicateObject: return "42710";
    case SqlState::kDuplicateAlias: return "42712";
    case SqlState::kAmbiguousFunction: return "42725";
    case SqlState::kGroupingError: return "42803";
    case SqlState::kDatatypeMismatch: return "42804";
    case SqlState::kWrongObjectType: return "42809";
    case SqlState::kCannotCoerce: return "42846";
    case SqlState::kUndefinedFunction: return "42883";
    case SqlState::kUndefinedTable: return "42P01";
    case SqlState::kUndefinedParameter: return "42P02";
    case SqlState::kDuplicateCursor: return "42P03";
    case SqlState::kDuplicateDatabase: return "42P04";
    case SqlState::kDuplicatePreparedStatement: return "42P05";
    case SqlState::kDuplicateSchema: return "42P06";
    case SqlState::kDuplicateTable: return "42P07";
    case SqlState::kInvalidColumnReference: return "42P10";
    case SqlState::kInvalidTableDefinition: return "42P16";
    case SqlState::kIndeterminateDatatype: return "42P18";
    case SqlState::kInvalidRecursion: return "42P19";
    case SqlState::kReservedName: return "42939";
    case SqlState::kWindowingError: return "42P20";
    case SqlState::kDiskFull: return "53100";
    case SqlState::kOutOfMemory: return "53200";
    case SqlState::kTooManyConnections: return "53300";
    case SqlState::kProgramLimitExceeded: return "54000";
    case SqlState::kStatementTooComplex: return "54001";
    case SqlState::kTooManyColumns: return "54011";
    case SqlState::kObjectNotInPrerequisiteState: return "55000";
    case SqlState::kObjectInUse: return "55006";
    case SqlState::kLockNotAvailable: return "55P03";
    case SqlState::kQueryCanceled: return "57014";
    case SqlState::kAdminShutdown: return "57P01";
    case SqlState::kCannotConnectNow: return "57P03";
    case SqlState::kIdleSessionTimeout: return "57P05";
    case SqlState::kIoError: return "58030";
    case SqlState::kUndefinedFile: return "58P01";
    case SqlState::kRaiseException: return "P0001";
    case SqlState::kInternalError: return "XX000";
    case SqlState::kDataCorrupted: return "XX001";
  }
  return "XX000";
}

void FailCheck(const char* file, int line, const char* condition) {
#ifdef NDEBUG
  throw CheckFailure(absl::StrCat(file, ":", line, ": check failed: ", condition));
#else
  std::fprintf(stderr, "%s:%d: check failed: %s\n", file, line, condition);
  std::abort();
#endif
}

}  // namespace vesto
