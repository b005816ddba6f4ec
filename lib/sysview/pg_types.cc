#include "sysview/pg_types.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace vesto::sysview {
namespace {

// Sorted by oid. The functions of Redshift's own types have oids of ours.
constexpr PgType kTypes[] = {
    {16, "bool", 1, true, 'b', 0, 1000, 'c', 'p', "boolin", "boolout", 1242, 1243, "boolean"},
    {17, "bytea", -1, false, 'b', 0, 1001, 'i', 'x', "byteain", "byteaout", 1244, 31, "bytea"},
    {18, "char", 1, true, 'b', 0, 1002, 'c', 'p', "charin", "charout", 1245, 33, "\"char\""},
    {19, "name", 128, false, 'b', 18, 1003, 'i', 'p', "namein", "nameout", 34, 35, "name"},
    {20, "int8", 8, true, 'b', 0, 1016, 'd', 'p', "int8in", "int8out", 460, 461, "bigint"},
    {21, "int2", 2, true, 'b', 0, 1005, 's', 'p', "int2in", "int2out", 38, 39, "smallint"},
    {22, "int2vector", -1, false, 'b', 21, 1006, 'i', 'p', "int2vectorin", "int2vectorout", 40, 41, "int2vector"},
    {23, "int4", 4, true, 'b', 0, 1007, 'i', 'p', "int4in", "int4out", 42, 43, "integer"},
    {24, "regproc", 4, true, 'b', 0, 1008, 'i', 'p', "regprocin", "regprocout", 44, 45, "regproc"},
    {25, "text", -1, false, 'b', 0, 1009, 'i', 'x', "textin", "textout", 46, 47, "text"},
    {26, "oid", 4, true, 'b', 0, 1028, 'i', 'p', "oidin", "oidout", 1798, 1799, "oid"},
    {27, "tid", 6, false, 'b', 0, 1010, 's', 'p', "tidin", "tidout", 48, 49, "tid"},
    {28, "xid", 4, true, 'b', 0, 1011, 'i', 'p', "xidin", "xidout", 50, 51, "xid"},
    {30, "oidvector", -1, false, 'b', 26, 1013, 'i', 'p', "oidvectorin", "oidvectorout", 54, 55, "oidvector"},
    {700, "float4", 4, true, 'b', 0, 1021, 'i', 'p', "float4in", "float4out", 200, 201, "real"},
    {701, "float8", 8, true, 'b', 0, 1022, 'd', 'p', "float8in", "float8out", 214, 215, "double precision"},
    {702, "abstime", 4, true, 'b', 0, 1023, 'i', 'p', "abstimein", "abstimeout", 240, 241, "abstime"},
    {705, "unknown", -2, false, 'b', 0, 0, 'c', 'p', "unknownin", "unknownout", 109, 110, "\"unknown\""},
    {1000, "_bool", -1, false, 'b', 16, 0, 'i', 'x', "array_in", "array_out", 750, 751, "boolean[]"},
    {1001, "_bytea", -1, false, 'b', 17, 0, 'i', 'x', "array_in", "array_out", 750, 751, "bytea[]"},
    {1002, "_char", -1, false, 'b', 18, 0, 'i', 'x', "array_in", "array_out", 750, 751, "\"char\"[]"},
    {1003, "_name", -1, false, 'b', 19, 0, 'i', 'x', "array_in", "array_out", 750, 751, "name[]"},
    {1005, "_int2", -1, false, 'b', 21, 0, 'i', 'x', "array_in", "array_out", 750, 751, "smallint[]"},
    {1006, "_int2vector", -1, false, 'b', 22, 0, 'i', 'x', "array_in", "array_out", 750, 751, "int2vector[]"},
    {1007, "_int4", -1, false, 'b', 23, 0, 'i', 'x', "array_in", "array_out", 750, 751, "integer[]"},
    {1008, "_regproc", -1, false, 'b', 24, 0, 'i', 'x', "array_in", "array_out", 750, 751, "regproc[]"},
    {1009, "_text", -1, false, 'b', 25, 0, 'i', 'x', "array_in", "array_out", 750, 751, "text[]"},
    {1010, "_tid", -1, false, 'b', 27, 0, 'i', 'x', "array_in", "array_out", 750, 751, "tid[]"},
    {1011, "_xid", -1, false, 'b', 28, 0, 'i', 'x', "array_in", "array_out", 750, 751, "xid[]"},
    {1013, "_oidvector", -1, false, 'b', 30, 0, 'i', 'x', "array_in", "array_out", 750, 751, "oidvector[]"},
    {1014, "_bpchar", -1, false, 'b', 1042, 0, 'i', 'x', "array_in", "array_out", 750, 751, "character[]"},
    {1015, "_varchar", -1, false, 'b', 1043, 0, 'i', 'x', "array_in", "array_out", 750, 751, "character varying[]"},
    {1016, "_int8", -1, false, 'b', 20, 0, 'd', 'x', "array_in", "array_out", 750, 751, "bigint[]"},
    {1021, "_float4", -1, false, 'b', 700, 0, 'i', 'x', "array_in", "array_out", 750, 751, "real[]"},
    {1022, "_float8", -1, false, 'b', 701, 0, 'd', 'x', "array_in", "array_out", 750, 751, "double precision[]"},
    {1023, "_abstime", -1, false, 'b', 702, 0, 'i', 'x', "array_in", "array_out", 750, 751, "abstime[]"},
    {1028, "_oid", -1, false, 'b', 26, 0, 'i', 'x', "array_in", "array_out", 750, 751, "oid[]"},
    {1033, "aclitem", 12, false, 'b', 0, 1034, 'i', 'p', "aclitemin", "aclitemout", 1031, 1032, "aclitem"},
    {1034, "_aclitem", -1, false, 'b', 1033, 0, 'i', 'x', "array_in", "array_out", 750, 751, "aclitem[]"},
    {1042, "bpchar", -1, false, 'b', 0, 1014, 'i', 'x', "bpcharin", "bpcharout", 1044, 1045, "character"},
    {1043, "varchar", -1, false, 'b', 0, 1015, 'i', 'x', "varcharin", "varcharout", 1046, 1047, "character varying"},
    {1082, "date", 4, true, 'b', 0, 1182, 'i', 'p', "date_in", "date_out", 1084, 1085, "date"},
    {1083, "time", 8, true, 'b', 0, 1183, 'd', 'p', "time_in", "time_out", 1143, 1144, "time without time zone"},
    {1114, "timestamp", 8, true, 'b', 0, 1115, 'd', 'p', "timestamp_in", "timestamp_out", 1312, 1313, "timestamp without time zone"},
    {1115, "_timestamp", -1, false, 'b', 1114, 0, 'd', 'x', "array_in", "array_out", 750, 751, "timestamp without time zone[]"},
    {1182, "_date", -1, false, 'b', 1082, 0, 'i', 'x', "array_in", "array_out", 750, 751, "date[]"},
    {1183, "_time", -1, false, 'b', 1083, 0, 'd', 'x', "array_in", "array_out", 750, 751, "time without time zone[]"},
    {1184, "timestamptz", 8, true, 'b', 0, 1185, 'd', 'p', "timestamptz_in", "timestamptz_out", 1150, 1151, "timestamp with time zone"},
    {1185, "_timestamptz", -1, false, 'b', 1184, 0, 'd', 'x', "array_in", "array_out", 750, 751, "timestamp with time zone[]"},
    {1186, "interval", 12, false, 'b', 0, 1187, 'd', 'p', "interval_in", "interval_out", 1160, 1165, "interval"},
    {1187, "_interval", -1, false, 'b', 1186, 0, 'd', 'x', "array_in", "array_out", 750, 751, "interval[]"},
    {1188, "intervaly2m", 4, true, 'b', 0, 0, 'i', 'p', "intervaly2m_in", "intervaly2m_out", 6001, 6002, "interval year to month"},
    {1190, "intervald2s", 8, true, 'b', 0, 0, 'd', 'p', "intervald2s_in", "intervald2s_out", 6003, 6004, "interval day to second"},
    {1231, "_numeric", -1, false, 'b', 1700, 0, 'i', 'x', "array_in", "array_out", 750, 751, "numeric[]"},
    {1266, "timetz", 12, false, 'b', 0, 1270, 'd', 'p', "timetz_in", "timetz_out", 1350, 1351, "time with time zone"},
    {1270, "_timetz", -1, false, 'b', 1266, 0, 'd', 'x', "array_in", "array_out", 750, 751, "time with time zone[]"},
    {1700, "numeric", -1, false, 'b', 0, 1231, 'i', 'm', "numeric_in", "numeric_out", 1701, 1702, "numeric"},
    {2202, "regprocedure", 4, true, 'b', 0, 2207, 'i', 'p', "regprocedurein", "regprocedureout", 2212, 2213, "regprocedure"},
    {2204, "regoperator", 4, true, 'b', 0, 2209, 'i', 'p', "regoperatorin", "regoperatorout", 2216, 2217, "regoperator"},
    {2205, "regclass", 4, true, 'b', 0, 2210, 'i', 'p', "regclassin", "regclassout", 2218, 2219, "regclass"},
    {2206, "regtype", 4, true, 'b', 0, 2211, 'i', 'p', "regtypein", "regtypeout", 2220, 2221, "regtype"},
    {2207, "_regprocedure", -1, false, 'b', 2202, 0, 'i', 'x', "array_in", "array_out", 750, 751, "regprocedure[]"},
    {2209, "_regoperator", -1, false, 'b', 2204, 0, 'i', 'x', "array_in", "array_out", 750, 751, "regoperator[]"},
    {2210, "_regclass", -1, false, 'b', 2205, 0, 'i', 'x', "array_in", "array_out", 750, 751, "regclass[]"},
    {2211, "_regtype", -1, false, 'b', 2206, 0, 'i', 'x', "array_in", "array_out", 750, 751, "regtype[]"},
    {2249, "record", -1, false, 'p', 0, 0, 'i', 'p', "record_in", "record_out", 2290, 2291, "record"},
    {2275, "cstring", -2, false, 'p', 0, 0, 'c', 'p', "cstring_in", "cstring_out", 2292, 2293, "cstring"},
    {2276, "any", 4, true, 'p', 0, 0, 'i', 'p', "any_in", "any_out", 2294, 2295, "\"any\""},
    {2277, "anyarray", -1, false, 'p', 0, 0, 'd', 'x', "anyarray_in", "anyarray_out", 2296, 2297, "anyarray"},
    {2278, "void", 4, true, 'p', 0, 0, 'i', 'p', "void_in", "void_out", 2298, 2299, "void"},
    {2279, "trigger", 4, true, 'p', 0, 0, 'i', 'p', "trigger_in", "trigger_out", 2300, 2301, "\"trigger\""},
    {2280, "language_handler", 4, true, 'p', 0, 0, 'i', 'p', "language_handler_in", "language_handler_out", 2302, 2303, "language_handler"},
    {2281, "internal", 4, true, 'p', 0, 0, 'i', 'p', "internal_in", "internal_out", 2304, 2305, "internal"},
    {2283, "anyelement", 4, true, 'p', 0, 0, 'i', 'p', "anyelement_in", "anyelement_out", 2312, 2313, "anyelement"},
    {4000, "super", -1, false, 'b', 0, 0, 'i', 'x', "super_in", "super_out", 6005, 6006, "super"},
    {6551, "varbyte", -1, false, 'b', 0, 0, 'i', 'x', "varbytein", "varbyteout", 6007, 6008, "binary varying"},
};

// What stands in parentheses after the name.
std::string ModifierText(catalog::Oid oid, int32_t modifier) {
  switch (oid) {
    case 1042:
    case 1043:
    case 6551: return modifier > 4 ? absl::StrCat("(", modifier - 4, ")") : "";
    case 1700:
      if (modifier < 4) return "";
      return absl::StrCat("(", (modifier - 4) >> 16, ",", (modifier - 4) & 0xFFFF, ")");
    case 1083:
    case 1114:
    case 1184:
    case 1266: return modifier >= 0 ? absl::StrCat("(", modifier, ")") : "";
    default: return "";
  }
}

}  // namespace

std::span<const PgType> PgTypes() { return kTypes; }

const PgType* FindPgType(catalog::Oid oid) {
  const auto* found = std::lower_bound(std::begin(kTypes), std::end(kTypes), oid,
                                       [](const PgType& type, catalog::Oid o) {
                                         return type.oid < o;
                                       });
  return found != std::end(kTypes) && found->oid == oid ? found : nullptr;
}

std::string FormatType(catalog::Oid oid, int32_t modifier) {
  if (oid == 0) return "-";
  const PgType* type = FindPgType(oid);
  if (type == nullptr) return "???";
  std::string name(type->sql_name);
  const bool array = type->input == "array_in";
  if (array) name.resize(name.size() - 2);
  const std::string text = ModifierText(array ? type->element : oid, modifier);
  // The modifier stands before the words about the time zone: time(3) without time zone.
  const size_t zone = name.find(" with");
  name.insert(zone == std::string::npos || text.empty() ? name.size() : zone, text);
  if (array) name += "[]";
  return name;
}

}  // namespace vesto::sysview
