#include "sysview/statement_text.h"

// STL_DDLTEXT: the text of definitions in pieces. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_ddltext(SystemViews& views) {
  views.Add(StatementTextView("stl_ddltext", "DDL"));
}

}  // namespace vesto::sysview
