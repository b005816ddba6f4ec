#pragma once

#include <cstdint>
#include <string_view>

namespace vesto {

// The SQLSTATE codes that Vesto raises, named after PostgreSQL's conditions.
// Source: redshift/errors.md §3; PostgreSQL manual, Appendix "Error Codes".
enum class SqlState : uint8_t {
  kSuccessfulCompletion,        // 00000
  kProtocolViolation,           // 08P01
  kInvalidGrantOperation,       // 0LP01
  kNoActiveSqlTransaction,      // 25P01
  kActiveSqlTransaction,        // 25001
  kReadOnlySqlTransaction,      // 25006
  kInFailedSqlTransaction,      // 25P02
  kFeatureNotSupported,         // 0A000
  kCardinalityViolation,        // 21000
  kStringDataRightTruncation,   // 22001
  kNumericValueOutOfRange,      // 22003
  kInvalidDatetimeFormat,       // 22007
  kDatetimeFieldOverflow,       // 22008
  kSubstringError,              // 22011
  kDivisionByZero,              // 22012
  kInvalidArgumentForLogarithm, // 2201E
  kInvalidArgumentForPower,     // 2201F
  kInvalidRegularExpression,    // 2201B
  kInvalidEscapeSequence,       // 22025
  kCharacterNotInRepertoire,    // 22021
  kInvalidParameterValue,       // 22023
  kInvalidTextRepresentation,   // 22P02
  kInvalidBinaryRepresentation, // 22P03
  kBadCopyFileFormat,           // 22P04
  kNotNullViolation,            // 23502
  kInvalidCursorState,          // 24000
  kInvalidStatementName,        // 26000
  kInvalidAuthorization,        // 28000
  kInvalidPassword,             // 28P01
  kDependentObjectsStillExist,  // 2BP01
  kInvalidCursorName,           // 34000
  kInvalidCatalogName,          // 3D000
  kInvalidSchemaName,           // 3F000
  kSerializationFailure,        // 40001
  kDeadlockDetected,            // 40P01
  kInsufficientPrivilege,       // 42501
  kSyntaxError,                 // 42601
  kInvalidName,                 // 42602
  kInvalidColumnDefinition,     // 42611
  kNameTooLong,                 // 42622
  kDuplicateColumn,             // 42701
  kAmbiguousColumn,             // 42702
  kUndefinedColumn,             // 42703
  kUndefinedObject,             // 42704
  kDuplicateObject,             // 42710
  kDuplicateAlias,              // 42712
  kAmbiguousFunction,           // 42725
  kGroupingError,               // 42803
  kDatatypeMismatch,            // 42804
  kWrongObjectType,             // 42809
  kCannotCoerce,                // 42846
  kUndefinedFunction,           // 42883
  kUndefinedTable,              // 42P01
  kUndefinedParameter,          // 42P02
  kDuplicateCursor,             // 42P03
  kDuplicateDatabase,           // 42P04
  kDuplicatePreparedStatement,  // 42P05
  kDuplicateSchema,             // 42P06
  kDuplicateTable,              // 42P07
  kInvalidColumnReference,      // 42P10
  kInvalidTableDefinition,      // 42P16
  kIndeterminateDatatype,       // 42P18
  kInvalidRecursion,            // 42P19
  kReservedName,                // 42939
  kWindowingError,              // 42P20
  kDiskFull,                    // 53100
  kOutOfMemory,                 // 53200
  kTooManyConnections,          // 53300
  kProgramLimitExceeded,        // 54000
  kStatementTooComplex,         // 54001
  kTooManyColumns,              // 54011
  kObjectNotInPrerequisiteState,// 55000
  kObjectInUse,                 // 55006
  kLockNotAvailable,            // 55P03
  kQueryCanceled,               // 57014
  kAdminShutdown,               // 57P01
  kCannotConnectNow,            // 57P03
  kIdleSessionTimeout,          // 57P05
  kIoError,                     // 58030
  kUndefinedFile,               // 58P01
  kRaiseException,              // P0001
  kInternalError,               // XX000
  kDataCorrupted,               // XX001
};

// The five-character code, e.g. "22012" for kDivisionByZero.
std::string_view SqlStateCode(SqlState state);

}  // namespace vesto
