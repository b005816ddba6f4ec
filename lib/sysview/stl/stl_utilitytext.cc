#include "sysview/statement_text.h"

// STL_UTILITYTEXT: the text of utility statements in pieces. Source: system-views.md §4.
namespace vesto::sysview {

void Register_stl_stl_utilitytext(SystemViews& views) {
  views.Add(StatementTextView("stl_utilitytext", "UTILITY"));
}

}  // namespace vesto::sysview
