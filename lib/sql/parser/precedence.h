#pragma once

#include <cstdint>

// How strongly operators bind, weakest first. The parser climbs these levels and the printer puts
// parentheses by them, so that text and tree agree.
//
// Source: redshift/functions.md §1. IS is weaker than the comparisons and || is stronger, as in
// later PostgreSQL: what PostgreSQL 8.0 reads differently there is an error in Redshift.
namespace vesto::sql {

enum class Precedence : uint8_t {
  kOr = 1,
  kAnd,
  kNot,
  kIs,          // IS NULL, ISNULL, IS TRUE, IS DISTINCT FROM
  kComparison,  // = <> < <= > >=, also with ANY and ALL
  kPredicate,   // LIKE, IN, BETWEEN, SIMILAR TO, ~ !~ ~~ !~~
  kConcat,      // ||
  kBits,        // & | # << >>, prefix ~
  kSum,         // + -
  kAbsolute,    // prefix @
  kProduct,     // * / %
  kPower,       // ^, prefix |/ ||/
  kTimeZone,    // AT TIME ZONE
  kSign,        // prefix + -, PRIOR
  kPostfix,     // :: [] .name (+)
};

constexpr Precedence Above(Precedence level) {
  return static_cast<Precedence>(static_cast<uint8_t>(level) + 1);
}

}  // namespace vesto::sql
