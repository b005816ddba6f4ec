#pragma once

// Catch2 v2's header name for a machine that has only v3. Approx and the generators moved into
// namespaces between the versions; the using-directive lets one spelling serve both.
#include <catch2/catch_all.hpp>

using Catch::Approx;
using namespace Catch::Matchers;  // NOLINT: a shim for test files only
