#pragma once

#include <string>
#include <string_view>

namespace vesto::sysview {

// SYS_QUERY_HISTORY.query_type of a statement's text: SELECT, INSERT, UPDATE, DELETE, COPY, UNLOAD,
// CTAS, DDL, UTILITY. Told by its first words; comments before them are skipped.
std::string QueryTypeOf(std::string_view text);

}  // namespace vesto::sysview
