#include "settings/settings.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <type_traits>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status_macros.h"

namespace vesto::settings {
namespace {

using P = Parameters;

constexpr double kInt32Max = std::numeric_limits<int32_t>::max();

std::vector<ParameterInfo> MakeParameters() {
  std::vector<ParameterInfo> list = {
      {"analyze_threshold_percent", &P::analyze_threshold_percent,
       "Share of changed rows below which ANALYZE skips a table.", Scope::kSession, 0, 100},
      {"application_name", &P::application_name,
       "Sets the application name to be reported in statistics and logs."},
      {"auto_analyze", &P::auto_analyze, "Analyzes tables in the background.",
       Scope::kParameterGroup},
      {"auto_mv", &P::auto_mv, "Creates materialized views automatically.", Scope::kParameterGroup},
      {"cast_super_null_on_error", &P::cast_super_null_on_error,
       "A failed cast from SUPER gives NULL."},
      {"client_encoding", &P::client_encoding, "Sets the client's character set encoding."},
      {"client_min_messages",
       &P::client_min_messages,
       "Sets the message levels that are sent to the client.",
       Scope::kSession,
       0,
       0,
       {"debug5", "debug4", "debug3", "debug2", "debug1", "log", "info", "notice", "warning",
        "error", "fatal", "panic", "debug"}},
      {"datestyle", &P::datestyle, "Sets the display format for date and time values."},
      {"default_array_search_null_handling", &P::default_array_search_null_handling,
       "Array search functions treat NULL as a value to be found."},
      {"default_geometry_encoding", &P::default_geometry_encoding,
       "Version of new geometries: 2 stores a bounding box.", Scope::kSession, 1, 2},
      {"default_transaction_isolation",
       &P::default_transaction_isolation,
       "Sets the transaction isolation level of each new transaction.",
       Scope::kSession,
       0,
       0,
       {"serializable", "snapshot", "repeatable read", "read committed", "read uncommitted"}},
      {"default_transaction_read_only", &P::default_transaction_read_only,
       "Sets the default read-only status of new transactions."},
      {"describe_field_name_in_uppercase", &P::describe_field_name_in_uppercase,
       "Result columns have upper-case names."},
      {"downcase_delimited_identifier", &P::downcase_delimited_identifier,
       "Folds quoted identifiers to lower case."},
      {"enable_case_sensitive_identifier", &P::enable_case_sensitive_identifier,
       "Keeps the case of quoted identifiers."},
      {"enable_case_sensitive_super_attribute", &P::enable_case_sensitive_super_attribute,
       "Keeps the case of SUPER attribute names in navigation."},
      {"enable_numeric_rounding", &P::enable_numeric_rounding,
       "Casts between numeric types round instead of truncating."},
      {"enable_result_cache_for_session", &P::enable_result_cache_for_session,
       "Answers repeated queries from the result cache."},
      {"enable_spectrum_oid", &P::enable_spectrum_oid,
       "Adds the $spectrum_oid pseudocolumn to external tables."},
      {"enable_user_activity_logging", &P::enable_user_activity_logging,
       "Logs the text of every statement.", Scope::kParameterGroup},
      {"enable_vacuum_boost", &P::enable_vacuum_boost, "Runs every VACUUM with BOOST."},
      {"error_on_nondeterministic_update", &P::error_on_nondeterministic_update,
       "An UPDATE with several matches per row is an error."},
      {"extra_float_digits", &P::extra_float_digits,
       "Sets the number of digits displayed for floating-point values.", Scope::kSession, -15, 2},
      {"integer_datetimes", &P::integer_datetimes, "Datetimes are integer based.",
       Scope::kInternal},
      {"interval_forbid_composite_literals", &P::interval_forbid_composite_literals,
       "Refuses interval literals of both year-month and day-time parts."},
      {"intervalstyle",
       &P::intervalstyle,
       "Sets the display format for interval values.",
       Scope::kSession,
       0,
       0,
       {"postgres", "postgres_verbose", "sql_standard"}},
      {"is_superuser", &P::is_superuser, "Shows whether the current user is a superuser.",
       Scope::kInternal},
      {"json_parse_dedup_attributes", &P::json_parse_dedup_attributes,
       "JSON parsing keeps the last of duplicate attributes."},
      {"json_parse_truncate_strings", &P::json_parse_truncate_strings,
       "JSON parsing cuts strings that are too long."},
      {"json_serialization_enable", &P::json_serialization_enable,
       "Writes collections of external tables as JSON."},
      {"json_serialization_parse_nested_strings", &P::json_serialization_parse_nested_strings,
       "JSON serialization writes nested JSON strings as JSON."},
      {"lc_collate", &P::lc_collate, "Shows the collation order locale.", Scope::kInternal},
      {"lc_ctype", &P::lc_ctype, "Shows the character classification locale.", Scope::kInternal},
      {"lc_messages", &P::lc_messages, "Sets the language in which messages are displayed."},
      {"lc_monetary", &P::lc_monetary, "Sets the locale for formatting monetary amounts."},
      {"lc_numeric", &P::lc_numeric, "Sets the locale for formatting numbers."},
      {"lc_time", &P::lc_time, "Sets the locale for formatting date and time values."},
      {"max_concurrency_scaling_clusters", &P::max_concurrency_scaling_clusters,
       "Number of concurrency scaling clusters allowed.", Scope::kSession, 0, 10},
      {"max_cursor_result_set_size", &P::max_cursor_result_set_size,
       "Maximum size of a cursor's result set (deprecated).", Scope::kSession, 0, 14'400'000},
      {"max_identifier_length", &P::max_identifier_length, "Shows the maximum identifier length.",
       Scope::kInternal, 127, 127},
      {"max_index_keys", &P::max_index_keys, "Shows the maximum number of index keys.",
       Scope::kInternal, 127, 127},
      {"mv_enable_aqmv_for_session", &P::mv_enable_aqmv_for_session,
       "Rewrites queries to read materialized views."},
      {"navigate_super_null_on_error", &P::navigate_super_null_on_error,
       "Navigation that fails gives NULL."},
      {"parse_super_null_on_error", &P::parse_super_null_on_error,
       "JSON that cannot be parsed gives NULL."},
      {"password_encryption", &P::password_encryption,
       "Shows the form in which clients send a new password that they do not say.",
       Scope::kInternal},
      {"pg_federation_repeatable_read", &P::pg_federation_repeatable_read,
       "Federated queries read one snapshot of PostgreSQL."},
      {"query_group", &P::query_group, "Labels the queries of the session."},
      {"readonly", &P::readonly, "Refuses statements that change anything but temporary tables."},
      {"require_ssl", &P::require_ssl, "Refuses connections without TLS.", Scope::kParameterGroup},
      {"search_path", &P::search_path,
       "Sets the schema search order for names that are not schema-qualified."},
      {"seed", &P::seed, "Sets the seed for random-number generation.", Scope::kSession, -1, 1},
      {"server_encoding", &P::server_encoding,
       "Shows the server (database) character set encoding.", Scope::kInternal},
      {"server_version", &P::server_version, "Shows the server version.", Scope::kInternal},
      {"session_authorization", &P::session_authorization, "Shows the current user name.",
       Scope::kInternal},
      {"spectrum_enable_pseudo_columns", &P::spectrum_enable_pseudo_columns,
       "Adds the pseudocolumns of external tables."},
      {"spectrum_query_maxerror", &P::spectrum_query_maxerror,
       "Number of bad rows that a scan of external data accepts; -1 is no limit.", Scope::kSession,
       -1, kInt32Max},
      {"standard_conforming_strings", &P::standard_conforming_strings,
       "'...' strings treat backslashes literally."},
      {"statement_timeout", &P::statement_timeout,
       "Sets the maximum allowed duration (in milliseconds) of any statement.", Scope::kSession, 0,
       kInt32Max},
      {"stored_proc_log_min_messages",
       &P::stored_proc_log_min_messages,
       "Lowest level of RAISE that is logged.",
       Scope::kSession,
       0,
       0,
       {"LOG", "INFO", "NOTICE", "WARNING", "EXCEPTION"}},
      {"timezone", &P::timezone, "Sets the time zone for displaying and interpreting time stamps."},
      {"transaction_isolation", &P::transaction_isolation,
       "Sets the current transaction's isolation level.", Scope::kInternal},
      {"transaction_read_only", &P::transaction_read_only,
       "Sets the current transaction's read-only status.", Scope::kInternal},
      {"use_fips_ssl", &P::use_fips_ssl, "Restricts TLS to FIPS.", Scope::kParameterGroup},
      {"vesto_compat",
       &P::vesto_compat,
       "friendly serves clients of PostgreSQL as well; strict fails where Redshift fails.",
       Scope::kSession,
       0,
       0,
       {"friendly", "strict"}},
      {"vesto_max_recursion", &P::vesto_max_recursion,
       "Rounds after which a recursive query that has not ended fails.", Scope::kSession, 1,
       kInt32Max},
      {"vesto_optimizer", &P::vesto_optimizer,
       "Runs the optimizer's rules; off plans each query as it is written."},
      {"wlm_json_configuration", &P::wlm_json_configuration, "Queues of workload management.",
       Scope::kParameterGroup},
      {"wlm_query_slot_count", &P::wlm_query_slot_count, "Slots of its queue that a query takes.",
       Scope::kSession, 1, 50},
  };
  return list;
}

const std::vector<ParameterInfo>& List() {
  // Built once and never changed.
  static const std::vector<ParameterInfo> list = MakeParameters();
  return list;
}

std::string LowerName(std::string_view name) {
  std::string lower = absl::AsciiStrToLower(sv(name));
  // SET TIME ZONE and the spellings of old drivers.
  if (lower == "time zone") return "timezone";
  if (lower == "session characteristics") return "default_transaction_isolation";
  return lower;
}

const ParameterInfo* Find(std::string_view lower) {
  const auto& list = List();
  const auto found = std::lower_bound(
      list.begin(), list.end(), lower,
      [](const ParameterInfo& info, std::string_view name) { return info.name < name; });
  return found != list.end() && found->name == lower ? &*found : nullptr;
}

// A session variable: exactly two identifiers.
bool IsVariableName(std::string_view lower) {
  int dots = 0;
  bool start = true;
  for (const char c : lower) {
    if (c == '.') {
      if (start) return false;
      ++dots;
      start = true;
      continue;
    }
    const unsigned char u = static_cast<unsigned char>(c);
    const bool letter = absl::ascii_isalpha(u) || c == '_' || u >= 0x80;
    if (!letter && (start || !(absl::ascii_isdigit(u) || c == '$'))) return false;
    start = false;
  }
  return dots == 1 && !start;
}

absl::Status Unrecognized(std::string_view name) {
  return SqlError(SqlState::kUndefinedObject,
                  absl::StrCat("unrecognized configuration parameter \"", sv(name), "\""));
}
absl::Status InvalidValue(const ParameterInfo& info, std::string_view value) {
  SqlError error(
      SqlState::kInvalidParameterValue,
      absl::StrCat("invalid value for parameter \"", sv(info.name), "\": \"", sv(value), "\""));
  if (!info.choices.empty()) {
    error.Hint(absl::StrCat(
        "Available values: ",
        absl::StrJoin(info.choices, ", ",
                      [](std::string* out, std::string_view choice) { *out += choice; }),
        "."));
  }
  return error;
}

std::string_view Trim(std::string_view text) {
  return from_sv(absl::StripAsciiWhitespace(sv(text)));
}

// Splits `a, "B, c", 'd'` at its commas, folds what is not quoted and unquotes the rest.
std::vector<std::string> SplitNames(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  bool quoted_part = false;
  char quote = 0;
  const auto finish = [&] {
    if (!quoted_part) name = std::string(Trim(name));
    if (!name.empty() || quoted_part) names.push_back(name);
    name.clear();
    quoted_part = false;
  };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c != quote) {
        name.push_back(c);
      } else if (i + 1 < text.size() && text[i + 1] == quote) {
        name.push_back(c);
        ++i;
      } else {
        quote = 0;
      }
    } else if ((c == '"' || c == '\'') && Trim(name).empty()) {
      name.clear();
      quote = c;
      quoted_part = true;
    } else if (c == ',') {
      finish();
    } else if (!quoted_part) {
      name.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    }
  }
  finish();
  return names;
}

bool NeedsQuotes(std::string_view name) {
  if (name.empty()) return true;
  if (name == "$user") return false;  // as Redshift shows search_path
  const unsigned char first = static_cast<unsigned char>(name[0]);
  if (!absl::ascii_islower(first) && name[0] != '_' && first < 0x80) return true;
  for (const char c : name) {
    const unsigned char u = static_cast<unsigned char>(c);
    if (!absl::ascii_islower(u) && !absl::ascii_isdigit(u) && c != '_' && c != '$' && u < 0x80) {
      return true;
    }
  }
  return false;
}

std::string JoinNames(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ", ";
    if (!NeedsQuotes(name)) {
      text += name;
      continue;
    }
    text.push_back('"');
    for (const char c : name) {
      if (c == '"') text.push_back('"');
      text.push_back(c);
    }
    text.push_back('"');
  }
  return text;
}

// "ISO, MDY" with the parts that `text` names replaced; nullopt for an unknown word.
std::optional<std::string> MergeDateStyle(std::string_view current, std::string_view text) {
  const size_t comma = current.find(',');
  std::string style(current.substr(0, comma));
  std::string order(comma == std::string_view::npos ? std::string_view("MDY")
                                                    : Trim(current.substr(comma + 1)));
  for (const absl::string_view part :
       absl::StrSplit(sv(text), absl::ByAnyChar(", "), absl::SkipEmpty())) {
    const std::string word = absl::AsciiStrToLower(part);
    if (word == "iso") {
      style = "ISO";
    } else if (word == "postgres") {
      style = "Postgres";
    } else if (word == "sql") {
      style = "SQL";
    } else if (word == "german") {
      style = "German";
    } else if (word == "mdy" || word == "us" || word.compare(0, 7, "noneuro") == 0) {
      order = "MDY";
    } else if (word == "dmy" || word.compare(0, 4, "euro") == 0) {
      order = "DMY";
    } else if (word == "ymd") {
      order = "YMD";
    } else if (word == "default") {
      style = "ISO";
      order = "MDY";
    } else {
      return std::nullopt;
    }
  }
  return absl::StrCat(style, ", ", order);
}

std::string ShowNumber(double value) {
  char buffer[32];
  const auto written = std::to_chars(buffer, buffer + sizeof(buffer), value);
  return std::string(buffer, written.ptr);
}

std::string ShowField(const ParameterInfo& info, const Parameters& parameters) {
  return std::visit(
      [&](auto member) -> std::string {
        const auto& value = parameters.*member;
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, bool>) {
          return value ? "on" : "off";
        } else if constexpr (std::is_same_v<T, int64_t>) {
          return absl::StrCat(value);
        } else if constexpr (std::is_same_v<T, double>) {
          return ShowNumber(value);
        } else if constexpr (std::is_same_v<T, std::string>) {
          return value;
        } else {
          return JoinNames(value);
        }
      },
      info.field);
}

absl::Status SetString(const ParameterInfo& info, std::string_view text, std::string* value) {
  if (info.name == "datestyle") {
    std::optional<std::string> merged = MergeDateStyle(*value, text);
    if (!merged.has_value()) return InvalidValue(info, text);
    *value = *std::move(merged);
    return absl::OkStatus();
  }
  if (info.name == "client_encoding") {
    std::string lower = absl::AsciiStrToLower(sv(text));
    lower.erase(std::remove_if(lower.begin(), lower.end(),
                               [](char c) { return c == '-' || c == '_' || c == '\''; }),
                lower.end());
    if (lower != "utf8" && lower != "unicode" && lower != "sqlascii") {
      return InvalidValue(info, text);
    }
    *value = lower == "unicode" ? "UNICODE" : "UTF8";
    return absl::OkStatus();
  }
  if (!info.choices.empty()) {
    const std::string lower = absl::AsciiStrToLower(Trim(text).empty() ? sv("") : sv(Trim(text)));
    for (const std::string_view choice : info.choices) {
      if (absl::AsciiStrToLower(sv(choice)) == lower) {
        *value = std::string(choice);
        return absl::OkStatus();
      }
    }
    return InvalidValue(info, text);
  }
  *value = std::string(text);
  return absl::OkStatus();
}

absl::Status SetField(const ParameterInfo& info, const std::vector<std::string>& values,
                      Parameters* parameters) {
  const std::string text = absl::StrJoin(values, ", ");
  return std::visit(
      [&](auto member) -> absl::Status {
        auto& value = parameters->*member;
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, std::vector<std::string>>) {
          value.clear();
          for (const std::string& name : values) {
            if (!name.empty()) value.push_back(name);
          }
          return absl::OkStatus();
        } else if constexpr (std::is_same_v<T, bool>) {
          const std::optional<bool> parsed = ParseBoolean(text);
          if (!parsed.has_value()) {
            return SqlError(
                SqlState::kInvalidParameterValue,
                absl::StrCat("parameter \"", sv(info.name), "\" requires a Boolean value"));
          }
          value = *parsed;
          return absl::OkStatus();
        } else if constexpr (std::is_same_v<T, std::string>) {
          return SetString(info, text, &value);
        } else {
          constexpr bool kInteger = std::is_same_v<T, int64_t>;
          T number{};
          bool parsed = false;
          if constexpr (kInteger) {
            parsed = absl::SimpleAtoi(sv(Trim(text)), &number);
          } else {
            parsed = absl::SimpleAtod(sv(Trim(text)), &number) && std::isfinite(number);
          }
          if (!parsed) {
            return SqlError(SqlState::kInvalidParameterValue,
                            absl::StrCat("parameter \"", sv(info.name), "\" requires ",
                                         kInteger ? "an integer" : "a numeric", " value"));
          }
          if (static_cast<double>(number) < info.min || static_cast<double>(number) > info.max) {
            return SqlError(
                SqlState::kInvalidParameterValue,
                absl::StrCat(sv(Trim(text)), " is outside the valid range for parameter \"",
                             sv(info.name), "\" (", ShowNumber(info.min), " .. ",
                             ShowNumber(info.max), ")"));
          }
          value = number;
          return absl::OkStatus();
        }
      },
      info.field);
}

void CopyField(const ParameterInfo& info, const Parameters& from, Parameters* to) {
  std::visit([&](auto member) { to->*member = from.*member; }, info.field);
}

// Whether a parameter may change what a query returns.
bool ChangesAnswers(const ParameterInfo& info) {
  if (info.scope != Scope::kSession) return false;
  for (const std::string_view name :
       {"analyze_threshold_percent", "application_name", "client_min_messages",
        "enable_result_cache_for_session", "enable_vacuum_boost",
        "max_concurrency_scaling_clusters", "max_cursor_result_set_size", "query_group",
        "statement_timeout", "stored_proc_log_min_messages", "wlm_query_slot_count"}) {
    if (info.name == name) return false;
  }
  return true;
}

}  // namespace

std::span<const ParameterInfo> AllParameters() { return List(); }

std::optional<bool> ParseBoolean(std::string_view text) {
  const std::string lower = absl::AsciiStrToLower(sv(Trim(text)));
  for (const std::string_view word : {"on", "true", "t", "yes", "y", "1"}) {
    if (lower == word) return true;
  }
  for (const std::string_view word : {"off", "false", "f", "no", "n", "0"}) {
    if (lower == word) return false;
  }
  return std::nullopt;
}

void Settings::Hide(const std::string& key, bool local) {
  if (!local) {
    // A plain SET in the same transaction outlives it.
    hidden_.erase(key);
    return;
  }
  if (hidden_.find(key) != hidden_.end()) return;
  if (const ParameterInfo* info = Find(key)) {
    hidden_[key] = std::optional<std::string>(ShowField(*info, current_));
    return;
  }
  const auto found = variables_.find(key);
  if (found == variables_.end()) {
    hidden_[key] = std::nullopt;
  } else {
    hidden_[key] = found->second;
  }
}

absl::Status Settings::Set(std::string_view name, const std::vector<std::string>& values,
                           bool local) {
  ++version_;
  const std::string key = LowerName(name);
  const ParameterInfo* info = Find(key);
  if (info == nullptr) {
    if (!IsVariableName(key)) return Unrecognized(name);
    Hide(key, local);
    variables_[key] = absl::StrJoin(values, ", ");
    return absl::OkStatus();
  }
  if (info->scope != Scope::kSession) {
    return SqlError(SqlState::kObjectNotInPrerequisiteState,
                    absl::StrCat("parameter \"", sv(info->name), "\" cannot be changed"));
  }
  Parameters changed = current_;
  VESTO_RETURN_IF_ERROR(SetField(*info, values, &changed));
  Hide(key, local);
  current_ = std::move(changed);
  return absl::OkStatus();
}

absl::Status Settings::SetText(std::string_view name, std::string_view text, bool local) {
  const ParameterInfo* info = Find(LowerName(name));
  if (info != nullptr &&
      std::holds_alternative<std::vector<std::string> Parameters::*>(info->field)) {
    return Set(name, SplitNames(text), local);
  }
  return Set(name, {std::string(text)}, local);
}

absl::Status Settings::Reset(std::string_view name, bool local) {
  ++version_;
  const std::string key = LowerName(name);
  const ParameterInfo* info = Find(key);
  if (info == nullptr) {
    if (!IsVariableName(key)) return Unrecognized(name);
    Hide(key, local);
    variables_[key] = std::nullopt;
    return absl::OkStatus();
  }
  if (info->scope != Scope::kSession) {
    return SqlError(SqlState::kObjectNotInPrerequisiteState,
                    absl::StrCat("parameter \"", sv(info->name), "\" cannot be changed"));
  }
  Hide(key, local);
  CopyField(*info, defaults_, &current_);
  return absl::OkStatus();
}

void Settings::ResetAll() {
  ++version_;
  for (const ParameterInfo& info : List()) {
    if (info.scope == Scope::kSession) CopyField(info, defaults_, &current_);
  }
  for (auto& [name, value] : variables_) value = std::nullopt;
  hidden_.clear();
}

absl::Status Settings::SetDefault(std::string_view name, const std::vector<std::string>& values) {
  VESTO_RETURN_IF_ERROR(Set(name, values));
  if (const ParameterInfo* info = Find(LowerName(name))) CopyField(*info, current_, &defaults_);
  return absl::OkStatus();
}

absl::StatusOr<std::string> Settings::Show(std::string_view name) const {
  const std::string key = LowerName(name);
  if (const ParameterInfo* info = Find(key)) return ShowField(*info, current_);
  const auto found = variables_.find(key);
  if (found == variables_.end()) return Unrecognized(name);
  return found->second.value_or("");
}

bool Settings::Exists(std::string_view name) const {
  const std::string key = LowerName(name);
  return Find(key) != nullptr || variables_.find(key) != variables_.end();
}

std::optional<std::string> Settings::Variable(std::string_view name) const {
  const auto found = variables_.find(LowerName(name));
  return found == variables_.end() ? std::nullopt : found->second;
}

std::vector<Settings::Shown> Settings::All() const {
  std::vector<Shown> all;
  for (const ParameterInfo& info : List()) {
    all.push_back(
        {std::string(info.name), ShowField(info, current_), std::string(info.description)});
  }
  return all;
}

void Settings::EndTransaction() {
  if (hidden_.empty()) return;
  ++version_;
  for (const auto& [key, value] : hidden_) {
    if (const ParameterInfo* info = Find(key)) {
      const std::string text = value.value_or("").value_or("");
      const bool list = std::holds_alternative<std::vector<std::string> Parameters::*>(info->field);
      // What was shown is always a legal value of the same parameter.
      (void)SetField(*info, list ? SplitNames(text) : std::vector<std::string>{text}, &current_);
    } else if (value.has_value()) {
      variables_[key] = *value;
    } else {
      variables_.erase(key);
    }
  }
  hidden_.clear();
}

std::string Settings::CacheKey() const {
  static const Parameters built_in;
  std::string key;
  for (const ParameterInfo& info : List()) {
    if (!ChangesAnswers(info)) continue;
    std::string value = ShowField(info, current_);
    if (value == ShowField(info, built_in)) continue;
    absl::StrAppend(&key, sv(info.name), "=", value, "\n");
  }
  for (const auto& [name, value] : variables_) {
    if (value.has_value()) absl::StrAppend(&key, name, "=", *value, "\n");
  }
  return key;
}

DateStyle Settings::date_style() const {
  const std::string_view style = current_.datestyle;
  if (style.substr(0, 3) == "SQL") return DateStyle::kSql;
  if (style.substr(0, 3) == "Pos") return DateStyle::kPostgres;
  if (style.substr(0, 3) == "Ger") return DateStyle::kGerman;
  return DateStyle::kIso;
}

DateOrder Settings::date_order() const {
  const std::string& style = current_.datestyle;
  if (style.find("DMY") != std::string::npos) return DateOrder::kDayMonthYear;
  if (style.find("YMD") != std::string::npos) return DateOrder::kYearMonthDay;
  return DateOrder::kMonthDayYear;
}

}  // namespace vesto::settings
