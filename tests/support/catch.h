#pragma once

// Catch2 v2 or v3, whichever is installed. Tests may also include <catch2/catch.hpp> directly: where
// only v3 exists, tests/CMakeLists.txt puts a header of that name on the path.

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
