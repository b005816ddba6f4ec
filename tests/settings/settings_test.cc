#include "settings/settings.h"

#include "support/status.h"

namespace vesto::settings {
namespace {

std::string Show(const Settings& settings, std::string_view name) {
  const auto value = settings.Show(name);
  return value.ok() ? *value : test::Describe(value.status());
}

TEST_CASE("parameters are sorted, and every default is a legal value", "[settings]") {
  Settings settings;
  std::string_view last;
  for (const ParameterInfo& info : AllParameters()) {
    INFO(info.name);
    CHECK(last < info.name);
    last = info.name;
    const std::string shown = Show(settings, info.name);
    if (info.scope == Scope::kSession) {
      CHECK(test::Describe(settings.SetText(info.name, shown)) == "OK");
      CHECK(Show(settings, info.name) == shown);
    } else {
      CHECK(SqlStateOf(settings.SetText(info.name, shown)) ==
            SqlState::kObjectNotInPrerequisiteState);
    }
  }
  CHECK(settings.CacheKey().empty());
  CHECK(settings.All().size() == AllParameters().size());
}

TEST_CASE("values are checked and shown as Redshift prints them", "[settings]") {
  Settings settings;
  CHECK(Show(settings, "search_path") == "$user, public");
  CHECK(Show(settings, "DateStyle") == "ISO, MDY");
  CHECK(Show(settings, "query_group") == "unset");
  CHECK(Show(settings, "enable_result_cache_for_session") == "on");
  CHECK(Show(settings, "analyze_threshold_percent") == "10");

  REQUIRE(settings.Set("search_path", {"sales", "My Schema", "$user"}).ok());
  CHECK(Show(settings, "search_path") == "sales, \"My Schema\", $user");
  REQUIRE(settings.SetText("search_path", " A, \"B,c\" ,'$user'").ok());
  CHECK(settings.get().search_path == std::vector<std::string>{"a", "B,c", "$user"});
  REQUIRE(settings.Set("search_path", {""}).ok());
  CHECK(settings.get().search_path.empty());

  REQUIRE(settings.Set("datestyle", {"SQL", "DMY"}).ok());
  CHECK(Show(settings, "datestyle") == "SQL, DMY");
  REQUIRE(settings.Set("datestyle", {"iso"}).ok());
  CHECK(Show(settings, "datestyle") == "ISO, DMY");
  CHECK(settings.date_order() == DateOrder::kDayMonthYear);

  const auto error = [&](std::string_view name, std::string value) {
    return test::Describe(settings.Set(name, {std::move(value)}));
  };
  CHECK(error("no_such", "1") == "42704: unrecognized configuration parameter \"no_such\"");
  CHECK(Show(settings, "no_such") == "42704: unrecognized configuration parameter \"no_such\"");
  CHECK(error("statement_timeout", "x") ==
        "22023: parameter \"statement_timeout\" requires an integer value");
  CHECK(error("wlm_query_slot_count", "51") ==
        "22023: 51 is outside the valid range for parameter \"wlm_query_slot_count\" (1 .. 50)");
  CHECK(error("enable_numeric_rounding", "maybe") ==
        "22023: parameter \"enable_numeric_rounding\" requires a Boolean value");
  CHECK(error("IntervalStyle", "roman") ==
        "22023: invalid value for parameter \"intervalstyle\": \"roman\"");
  CHECK(error("datestyle", "lunar").substr(0, 5) == "22023");
  CHECK(error("server_version", "9") == "55000: parameter \"server_version\" cannot be changed");
  CHECK(settings.get().statement_timeout == 0);
}

TEST_CASE("RESET goes back to the session's default", "[settings]") {
  Settings settings;
  REQUIRE(settings.SetDefault("query_group", {"etl"}).ok());
  REQUIRE(settings.Set("query_group", {"report"}).ok());
  CHECK(Show(settings, "query_group") == "report");
  REQUIRE(settings.Reset("query_group").ok());
  CHECK(Show(settings, "query_group") == "etl");
  REQUIRE(settings.Set("statement_timeout", {"500"}).ok());
  settings.ResetAll();
  CHECK(settings.get().statement_timeout == 0);
}

TEST_CASE("SET LOCAL ends with the transaction", "[settings]") {
  Settings settings;
  REQUIRE(settings.Set("statement_timeout", {"100"}).ok());
  REQUIRE(settings.Set("statement_timeout", {"200"}, true).ok());
  REQUIRE(settings.Set("search_path", {"x"}, true).ok());
  REQUIRE(settings.Set("my.variable", {"1"}, true).ok());
  CHECK(settings.get().statement_timeout == 200);
  settings.EndTransaction();
  CHECK(settings.get().statement_timeout == 100);
  CHECK(settings.get().search_path == std::vector<std::string>{"$user", "public"});
  CHECK_FALSE(settings.Exists("my.variable"));

  REQUIRE(settings.Set("statement_timeout", {"200"}, true).ok());
  REQUIRE(settings.Set("statement_timeout", {"300"}).ok());
  settings.EndTransaction();
  CHECK(settings.get().statement_timeout == 300);

  const Settings snapshot = settings;
  REQUIRE(settings.Set("timezone", {"US/Pacific"}).ok());
  settings = snapshot;
  CHECK(Show(settings, "timezone") == "UTC");
}

TEST_CASE("session variables have exactly two parts", "[settings]") {
  Settings settings;
  REQUIRE(settings.Set("App.Tenant", {"42"}).ok());
  CHECK(Show(settings, "app.tenant") == "42");
  CHECK(settings.CacheKey() == "app.tenant=42\n");
  REQUIRE(settings.Reset("app.tenant").ok());
  CHECK(Show(settings, "app.tenant").empty());
  CHECK_FALSE(settings.Variable("app.tenant").has_value());
  CHECK(settings.Exists("app.tenant"));
  for (const std::string_view bad : {"a.b.c", "a.", ".b", "a..b", "1a.b", "a.b-c"}) {
    INFO(bad);
    CHECK(SqlStateOf(settings.Set(bad, {"1"})) == SqlState::kUndefinedObject);
  }
}

TEST_CASE("only what can change an answer is part of the cache key", "[settings]") {
  Settings settings;
  REQUIRE(settings.Set("query_group", {"x"}).ok());
  CHECK(settings.CacheKey().empty());
  REQUIRE(settings.Set("timezone", {"US/Pacific"}).ok());
  CHECK(settings.CacheKey() == "timezone=US/Pacific\n");
}

}  // namespace
}  // namespace vesto::settings
