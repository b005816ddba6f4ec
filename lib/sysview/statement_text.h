#pragma once

#include <string>
#include <string_view>

#include "sysview/system_views.h"

namespace vesto::sysview {

// STL_DDLTEXT and STL_UTILITYTEXT: the texts of statements of one type (QueryTypeOf) in pieces of
// 200 characters. Source: redshift/system-views.md §4.
ViewDefinition StatementTextView(std::string name, std::string_view query_type);

}  // namespace vesto::sysview
