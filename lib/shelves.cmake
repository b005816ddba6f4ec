# The shelves: folders where dropping a file is enough (see vesto_shelf in the top CMakeLists.txt).
vesto_shelf(functions Registry "functions/function.h"
  string math date conditional hash json system aggregate varbyte array)
vesto_shelf(sysview SystemViews "sysview/system_views.h"
  pg information_schema stl stv svl svv sys)
