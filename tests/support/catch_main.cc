// main() of every test binary, compiled once: with Catch2 v2 it costs ten seconds.
// With v3 the library brings its own and this file is left out of the build.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
