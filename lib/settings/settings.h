#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The parameters of a session: SET, RESET, SHOW, CURRENT_SETTING.
// Source: redshift/architecture.md §15; PostgreSQL 8.0 for what clients send on connecting.
namespace vesto::settings {

enum class DateStyle { kIso, kPostgres, kSql, kGerman };
enum class DateOrder { kMonthDayYear, kDayMonthYear, kYearMonthDay };

// Every value that the engine reads, with its default. A parameter is a field here and a row in
// settings.cc.
struct Parameters {
  // Queries
  int64_t statement_timeout = 0;  // milliseconds; 0 is none
  std::vector<std::string> search_path = {"$user", "public"};
  std::string query_group = "unset";
  bool enable_result_cache_for_session = true;
  std::string vesto_compat = "friendly";
  bool vesto_optimizer = true;
  int64_t vesto_max_recursion = 1'000'000;  // rounds of a recursive CTE
  double seed = 0;
  int64_t wlm_query_slot_count = 1;
  int64_t max_concurrency_scaling_clusters = 1;
  int64_t max_cursor_result_set_size = 0;
  std::string default_transaction_isolation = "serializable";
  bool default_transaction_read_only = false;
  std::string transaction_isolation = "serializable";
  bool transaction_read_only = false;
  bool readonly = false;

  // Text and time
  std::string timezone = "UTC";  // the caller of Set checks that the zone exists
  std::string datestyle = "ISO, MDY";
  std::string intervalstyle = "postgres";
  int64_t extra_float_digits = 0;
  std::string client_encoding = "UTF8";
  bool standard_conforming_strings = false;
  bool interval_forbid_composite_literals = true;

  // Names
  bool enable_case_sensitive_identifier = false;
  bool enable_case_sensitive_super_attribute = false;
  bool describe_field_name_in_uppercase = false;
  bool downcase_delimited_identifier = true;

  // Numbers and SUPER
  bool enable_numeric_rounding = false;
  bool cast_super_null_on_error = true;
  bool navigate_super_null_on_error = true;
  bool parse_super_null_on_error = false;
  bool default_array_search_null_handling = true;
  bool json_parse_dedup_attributes = false;
  bool json_parse_truncate_strings = false;
  bool json_serialization_enable = false;
  bool json_serialization_parse_nested_strings = false;
  int64_t default_geometry_encoding = 2;

  // Writing and maintenance
  bool error_on_nondeterministic_update = false;
  double analyze_threshold_percent = 10;
  bool enable_vacuum_boost = false;
  bool mv_enable_aqmv_for_session = true;
  std::string stored_proc_log_min_messages = "LOG";
  std::string client_min_messages = "notice";

  // Outside data
  bool pg_federation_repeatable_read = true;
  bool spectrum_enable_pseudo_columns = true;
  bool enable_spectrum_oid = true;
  int64_t spectrum_query_maxerror = -1;

  // Who and where; the session writes those that SET cannot.
  std::string application_name;
  std::string session_authorization;
  std::string is_superuser = "off";
  std::string server_encoding = "UTF8";
  std::string server_version = "8.0.2";
  std::string integer_datetimes = "on";
  std::string password_encryption = "scram-sha-256";
  std::string lc_collate = "C";
  std::string lc_ctype = "C";
  std::string lc_messages = "C";
  std::string lc_monetary = "C";
  std::string lc_numeric = "C";
  std::string lc_time = "C";
  int64_t max_identifier_length = 127;
  int64_t max_index_keys = 32;

  // Of the parameter group
  bool auto_analyze = true;
  bool auto_mv = true;
  bool enable_user_activity_logging = false;
  bool require_ssl = false;
  bool use_fips_ssl = false;
  std::string wlm_json_configuration = "[{\"auto_wlm\":true}]";
};

enum class Scope {
  kSession,         // SET changes it
  kParameterGroup,  // of the cluster
  kInternal,        // nobody sets it, or another statement does
};

// One parameter as documentation, validation and SHOW ALL see it.
struct ParameterInfo {
  using Field = std::variant<bool Parameters::*, int64_t Parameters::*, double Parameters::*,
                             std::string Parameters::*, std::vector<std::string> Parameters::*>;

  std::string_view name;  // as SHOW ALL prints it; compared without case
  Field field;
  std::string_view description;
  Scope scope = Scope::kSession;
  double min = 0;  // of numbers
  double max = 0;
  std::vector<std::string_view> choices = {};  // of enumerations: the spellings that are kept
};

// The parameters, sorted by name.
std::span<const ParameterInfo> AllParameters();

// The parameters of one session, and its session variables (`ns.name`).
//
// Copy it to take a snapshot (at the start of a transaction, or of a procedure with SET options)
// and copy it back to restore. What SET LOCAL changed is undone by EndTransaction.
// Thread-safety: thread-compatible.
class Settings {
 public:
  Settings() = default;

  // SET name TO value, ...; `local` is SET LOCAL. Errors: 42704 `unrecognized configuration
  // parameter "x"`, 22023 for a value of the wrong kind, 55000 for what SET cannot change.
  absl::Status Set(std::string_view name, const std::vector<std::string>& values,
                   bool local = false);
  // The value as one text, as SET_CONFIG, ALTER USER and startup options give it: lists are split
  // at commas.
  absl::Status SetText(std::string_view name, std::string_view text, bool local = false);
  // SET name TO DEFAULT, RESET name. A session variable becomes NULL.
  absl::Status Reset(std::string_view name, bool local = false);
  void ResetAll();
  // What RESET goes back to: ALTER USER ... SET, startup options. Changes the value as well.
  absl::Status SetDefault(std::string_view name, const std::vector<std::string>& values);

  // As SHOW prints it. A session variable that was reset is empty. 42704 for an unknown name.
  absl::StatusOr<std::string> Show(std::string_view name) const;
  bool Exists(std::string_view name) const;
  // nullopt where the session variable does not exist or is NULL.
  std::optional<std::string> Variable(std::string_view name) const;

  struct Shown {
    std::string name;
    std::string value;
    std::string description;
  };
  std::vector<Shown> All() const;  // SHOW ALL: the parameters, sorted by name

  // Undoes SET LOCAL. Call at COMMIT; at ROLLBACK copy the snapshot back instead.
  void EndTransaction();

  // Everything that differs from the built-in defaults, as text: part of a plan's or a cached
  // result's key. Leaves out what cannot change an answer (timeouts, labels, WLM, logging).
  std::string CacheKey() const;

  // Typed reading, e.g. settings.get().statement_timeout; the session may write what SET cannot.
  const Parameters& get() const { return current_; }
  Parameters& mutable_parameters() {
    ++version_;
    return current_;
  }

  // Grows with every change: what was derived from settings of the same version still holds. A copy has
  // its original's.
  uint64_t version() const { return version_; }
  // Takes the values of a copy that was made earlier.
  void Restore(const Settings& saved) {
    const uint64_t version = version_;
    *this = saved;
    version_ = version + 1;
  }

  DateStyle date_style() const;
  DateOrder date_order() const;
  bool query_group_is_set() const { return current_.query_group != "unset"; }

 private:
  uint64_t version_ = 1;
  Parameters current_;
  Parameters defaults_;
  // Session variables, by lower-case name; nullopt is NULL.
  std::map<std::string, std::optional<std::string>, std::less<>> variables_;

  // The values that SET LOCAL hides, by lower-case name: the parameter's text form, or the
  // variable's value (the outer nullopt: it did not exist).
  std::map<std::string, std::optional<std::optional<std::string>>, std::less<>> hidden_;

  void Hide(const std::string& key, bool local);
};

// "on" for true, and so on; nullopt where `text` is no boolean.
std::optional<bool> ParseBoolean(std::string_view text);

}  // namespace vesto::settings
