#pragma once

#include <cstdint>
#include <string_view>

// The words the grammar knows by number: all reserved words of Redshift and those free words that
// expressions and queries ask for. Words of rarer statements (DISTSTYLE, IGNOREHEADER, ...) are
// compared by spelling where they occur.
// Source: redshift/architecture.md §17. CONNECT, LANGUAGE and START are free in newer revisions,
// and OID names a column of every catalog table.
namespace vesto::sql {

// clang-format off
#define VESTO_SQL_KEYWORDS(X) \
  X(kAes128, "aes128", kReserved) \
  X(kAes256, "aes256", kReserved) \
  X(kAll, "all", kReserved) \
  X(kAllowoverwrite, "allowoverwrite", kReserved) \
  X(kAnalyse, "analyse", kReserved) \
  X(kAnalyze, "analyze", kReserved) \
  X(kAnd, "and", kReserved) \
  X(kAny, "any", kReserved) \
  X(kApproximate, "approximate", kFree) \
  X(kArray, "array", kReserved) \
  X(kAs, "as", kReserved) \
  X(kAsc, "asc", kReserved) \
  X(kAt, "at", kFree) \
  X(kAuthorization, "authorization", kReserved) \
  X(kAz64, "az64", kReserved) \
  X(kBackup, "backup", kReserved) \
  X(kBetween, "between", kReserved) \
  X(kBinary, "binary", kReserved) \
  X(kBlanksasnull, "blanksasnull", kReserved) \
  X(kBoth, "both", kReserved) \
  X(kBy, "by", kFree) \
  X(kBytedict, "bytedict", kReserved) \
  X(kBzip2, "bzip2", kReserved) \
  X(kCase, "case", kReserved) \
  X(kCast, "cast", kReserved) \
  X(kCheck, "check", kReserved) \
  X(kCollate, "collate", kReserved) \
  X(kColumn, "column", kReserved) \
  X(kConnect, "connect", kFree) \
  X(kConstraint, "constraint", kReserved) \
  X(kConvert, "convert", kFree) \
  X(kCreate, "create", kReserved) \
  X(kCredentials, "credentials", kReserved) \
  X(kCross, "cross", kReserved) \
  X(kCube, "cube", kFree) \
  X(kCurrentDate, "current_date", kReserved) \
  X(kCurrentTime, "current_time", kReserved) \
  X(kCurrentTimestamp, "current_timestamp", kReserved) \
  X(kCurrentUser, "current_user", kReserved) \
  X(kCurrentUserId, "current_user_id", kReserved) \
  X(kDay, "day", kFree) \
  X(kDefault, "default", kReserved) \
  X(kDeferrable, "deferrable", kReserved) \
  X(kDeflate, "deflate", kReserved) \
  X(kDefrag, "defrag", kReserved) \
  X(kDelta, "delta", kReserved) \
  X(kDelta32k, "delta32k", kReserved) \
  X(kDesc, "desc", kReserved) \
  X(kDisable, "disable", kReserved) \
  X(kDistinct, "distinct", kReserved) \
  X(kDo, "do", kReserved) \
  X(kDouble, "double", kFree) \
  X(kElse, "else", kReserved) \
  X(kEmptyasnull, "emptyasnull", kReserved) \
  X(kEnable, "enable", kReserved) \
  X(kEncode, "encode", kReserved) \
  X(kEncrypt, "encrypt", kReserved) \
  X(kEncryption, "encryption", kReserved) \
  X(kEnd, "end", kReserved) \
  X(kEscape, "escape", kFree) \
  X(kExcept, "except", kReserved) \
  X(kExclude, "exclude", kFree) \
  X(kExists, "exists", kFree) \
  X(kExplicit, "explicit", kReserved) \
  X(kExtract, "extract", kFree) \
  X(kFalse, "false", kReserved) \
  X(kFetch, "fetch", kFree) \
  X(kFilter, "filter", kFree) \
  X(kFirst, "first", kFree) \
  X(kFollowing, "following", kFree) \
  X(kFor, "for", kReserved) \
  X(kForeign, "foreign", kReserved) \
  X(kFreeze, "freeze", kReserved) \
  X(kFrom, "from", kReserved) \
  X(kFull, "full", kReserved) \
  X(kGlobaldict256, "globaldict256", kReserved) \
  X(kGlobaldict64k, "globaldict64k", kReserved) \
  X(kGrant, "grant", kReserved) \
  X(kGroup, "group", kReserved) \
  X(kGrouping, "grouping", kFree) \
  X(kGzip, "gzip", kReserved) \
  X(kHaving, "having", kReserved) \
  X(kHour, "hour", kFree) \
  X(kIdentity, "identity", kReserved) \
  X(kIgnore, "ignore", kReserved) \
  X(kIlike, "ilike", kReserved) \
  X(kIn, "in", kReserved) \
  X(kInitially, "initially", kReserved) \
  X(kInner, "inner", kReserved) \
  X(kIntersect, "intersect", kReserved) \
  X(kInterval, "interval", kReserved) \
  X(kInto, "into", kReserved) \
  X(kIs, "is", kReserved) \
  X(kIsnull, "isnull", kReserved) \
  X(kJoin, "join", kReserved) \
  X(kLanguage, "language", kFree) \
  X(kLast, "last", kFree) \
  X(kLateral, "lateral", kFree) \
  X(kLeading, "leading", kReserved) \
  X(kLeft, "left", kReserved) \
  X(kLike, "like", kReserved) \
  X(kLimit, "limit", kReserved) \
  X(kLocaltime, "localtime", kReserved) \
  X(kLocaltimestamp, "localtimestamp", kReserved) \
  X(kLun, "lun", kReserved) \
  X(kLuns, "luns", kReserved) \
  X(kLzo, "lzo", kReserved) \
  X(kLzop, "lzop", kReserved) \
  X(kMinus, "minus", kReserved) \
  X(kMinute, "minute", kFree) \
  X(kMonth, "month", kFree) \
  X(kMostly16, "mostly16", kReserved) \
  X(kMostly32, "mostly32", kReserved) \
  X(kMostly8, "mostly8", kReserved) \
  X(kNatural, "natural", kReserved) \
  X(kNew, "new", kReserved) \
  X(kNo, "no", kFree) \
  X(kNot, "not", kReserved) \
  X(kNotnull, "notnull", kReserved) \
  X(kNull, "null", kReserved) \
  X(kNulls, "nulls", kReserved) \
  X(kOff, "off", kReserved) \
  X(kOffline, "offline", kReserved) \
  X(kOffset, "offset", kReserved) \
  X(kOid, "oid", kFree) \
  X(kOld, "old", kReserved) \
  X(kOn, "on", kReserved) \
  X(kOnly, "only", kReserved) \
  X(kOpen, "open", kReserved) \
  X(kOperator, "operator", kFree) \
  X(kOr, "or", kReserved) \
  X(kOrder, "order", kReserved) \
  X(kOuter, "outer", kReserved) \
  X(kOver, "over", kFree) \
  X(kOverlaps, "overlaps", kReserved) \
  X(kParallel, "parallel", kReserved) \
  X(kPartition, "partition", kReserved) \
  X(kPercent, "percent", kReserved) \
  X(kPermissions, "permissions", kReserved) \
  X(kPivot, "pivot", kReserved) \
  X(kPlacing, "placing", kReserved) \
  X(kPosition, "position", kFree) \
  X(kPreceding, "preceding", kFree) \
  X(kPrecision, "precision", kFree) \
  X(kPrimary, "primary", kReserved) \
  X(kPrior, "prior", kFree) \
  X(kQualify, "qualify", kFree) \
  X(kRange, "range", kFree) \
  X(kRaw, "raw", kReserved) \
  X(kReadratio, "readratio", kReserved) \
  X(kRecover, "recover", kReserved) \
  X(kRecursive, "recursive", kFree) \
  X(kReferences, "references", kReserved) \
  X(kRejectlog, "rejectlog", kReserved) \
  X(kResort, "resort", kReserved) \
  X(kRespect, "respect", kReserved) \
  X(kRestore, "restore", kReserved) \
  X(kReturning, "returning", kFree) \
  X(kRight, "right", kReserved) \
  X(kRollup, "rollup", kFree) \
  X(kRow, "row", kFree) \
  X(kRows, "rows", kFree) \
  X(kSecond, "second", kFree) \
  X(kSelect, "select", kReserved) \
  X(kSessionUser, "session_user", kReserved) \
  X(kSet, "set", kFree) \
  X(kSets, "sets", kFree) \
  X(kSimilar, "similar", kReserved) \
  X(kSnapshot, "snapshot", kReserved) \
  X(kSome, "some", kReserved) \
  X(kStart, "start", kFree) \
  X(kSubstring, "substring", kFree) \
  X(kSysdate, "sysdate", kReserved) \
  X(kSystem, "system", kReserved) \
  X(kTable, "table", kReserved) \
  X(kTablesample, "tablesample", kFree) \
  X(kTag, "tag", kReserved) \
  X(kTdes, "tdes", kReserved) \
  X(kTemp, "temp", kFree) \
  X(kTemporary, "temporary", kFree) \
  X(kText255, "text255", kReserved) \
  X(kText32k, "text32k", kReserved) \
  X(kThen, "then", kReserved) \
  X(kTime, "time", kFree) \
  X(kTimestamp, "timestamp", kReserved) \
  X(kTo, "to", kReserved) \
  X(kTop, "top", kReserved) \
  X(kTrailing, "trailing", kReserved) \
  X(kTrim, "trim", kFree) \
  X(kTrue, "true", kReserved) \
  X(kTruncatecolumns, "truncatecolumns", kReserved) \
  X(kTryCast, "try_cast", kFree) \
  X(kUnbounded, "unbounded", kFree) \
  X(kUnion, "union", kReserved) \
  X(kUnique, "unique", kReserved) \
  X(kUnknown, "unknown", kFree) \
  X(kUnnest, "unnest", kReserved) \
  X(kUnpivot, "unpivot", kReserved) \
  X(kUser, "user", kReserved) \
  X(kUsing, "using", kReserved) \
  X(kValues, "values", kFree) \
  X(kVerbose, "verbose", kReserved) \
  X(kWallet, "wallet", kReserved) \
  X(kWhen, "when", kReserved) \
  X(kWhere, "where", kReserved) \
  X(kWindow, "window", kFree) \
  X(kWith, "with", kReserved) \
  X(kWithin, "within", kFree) \
  X(kWithout, "without", kReserved) \
  X(kYear, "year", kFree) \
  X(kZone, "zone", kFree)
// clang-format on

enum class Keyword : uint8_t {
  kNone,
#define VESTO_SQL_ENUMERATOR(name, text, category) name,
  VESTO_SQL_KEYWORDS(VESTO_SQL_ENUMERATOR)
#undef VESTO_SQL_ENUMERATOR
};

// The keyword that the unquoted word `word` is, in any case of letters; kNone when it is none.
Keyword FindKeyword(std::string_view word);

// True for words that cannot name a column, table or alias without quotes.
bool IsReserved(Keyword keyword);

// The lower-case spelling; "" for kNone.
std::string_view KeywordText(Keyword keyword);

}  // namespace vesto::sql
