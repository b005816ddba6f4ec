#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "catalog/entries.h"
#include "vesto/type.h"

// The rows of PG_TYPE: Vesto's types, their arrays, and the pseudo-types of PostgreSQL 8.0 that
// functions mention. Source: clients.md §4, PostgreSQL 8.0 pg_type.
namespace vesto::sysview {

struct PgType {
  catalog::Oid oid;
  std::string_view name;
  int16_t length;      // bytes; -1 variable, -2 C string
  bool by_value;
  char kind;           // b base, p pseudo
  catalog::Oid element, array;
  char align, storage;
  std::string_view input, output;  // the functions that read and write it
  catalog::Oid input_oid, output_oid;
  std::string_view sql_name;       // as FORMAT_TYPE says it, without modifiers
};

std::span<const PgType> PgTypes();
const PgType* FindPgType(catalog::Oid oid);

// FORMAT_TYPE: the SQL name with the modifiers of pg_attribute.atttypmod; -1 leaves them out.
std::string FormatType(catalog::Oid oid, int32_t modifier);

}  // namespace vesto::sysview
