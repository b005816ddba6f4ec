#include <algorithm>
#include <cctype>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "types/datetime.h"
#include "types/zone_abbreviation.h"

namespace vesto::types {
namespace {

constexpr int kOffsetMaxSeconds = 15 * 3600 + 59 * 60 + 59;

struct Abbreviation {
  std::string_view name;
  int16_t minutes;  // east of UTC
};

// Fixed offsets, as in PostgreSQL's default list: an S is standard time and a D daylight saving.
// Sorted by name.
constexpr Abbreviation kAbbreviations[] = {
    {"ACDT", 630},  {"ACST", 570},  {"ADT", -180},  {"AEDT", 660},   {"AEST", 600},  {"AKDT", -480},
    {"AKST", -540}, {"ALMT", 360},  {"AMST", -180}, {"AMT", -240},   {"ANAT", 720},  {"ART", -180},
    {"AST", -240},  {"AWSDT", 540}, {"AWST", 480},  {"AZOST", 0},    {"AZOT", -60},  {"AZT", 240},
    {"BDST", 120},  {"BDT", 360},   {"BNT", 480},   {"BOT", -240},   {"BRST", -120}, {"BRT", -180},
    {"BST", 60},    {"BTT", 360},   {"CADT", 630},  {"CAST", 570},   {"CAT", 120},   {"CCT", 480},
    {"CDT", -300},  {"CEST", 120},  {"CET", 60},    {"CETDST", 120}, {"CHADT", 825}, {"CHAST", 765},
    {"CHUT", 600},  {"CKT", -600},  {"CLST", -180}, {"CLT", -240},   {"COT", -300},  {"CST", -360},
    {"CXT", 420},   {"DAVT", 420},  {"DDUT", 600},  {"EASST", -300}, {"EAST", -360}, {"EAT", 180},
    {"EDT", -240},  {"EEST", 180},  {"EET", 120},   {"EETDST", 180}, {"EGST", 0},    {"EGT", -60},
    {"EST", -300},  {"FET", 180},   {"FJT", 720},   {"FKST", -180},  {"FKT", -240},  {"FNT", -120},
    {"GALT", -360}, {"GAMT", -540}, {"GEST", 240},  {"GET", 240},    {"GFT", -180},  {"GILT", 720},
    {"GMT", 0},     {"GYT", -240},  {"HKT", 480},   {"HST", -600},   {"ICT", 420},   {"IDT", 180},
    {"IOT", 360},   {"IRKT", 480},  {"IRT", 210},   {"IST", 120},    {"JAYT", 540},  {"JST", 540},
    {"KGST", 360},  {"KGT", 360},   {"KOST", 660},  {"KRAT", 420},   {"KST", 540},   {"LHDT", 660},
    {"LHST", 630},  {"LIGT", 600},  {"LINT", 840},  {"MAGT", 660},   {"MART", -570}, {"MAWT", 300},
    {"MDT", -360},  {"MEST", 120},  {"MET", 60},    {"METDST", 120}, {"MEZ", 60},    {"MHT", 720},
    {"MMT", 390},   {"MSD", 240},   {"MSK", 180},   {"MST", -420},   {"MUT", 240},   {"MVT", 300},
    {"MYT", 480},   {"NDT", -150},  {"NFT", -210},  {"NOVT", 420},   {"NPT", 345},   {"NST", -210},
    {"NUT", -660},  {"NZDT", 780},  {"NZST", 720},  {"NZT", 720},    {"OMST", 360},  {"PDT", -420},
    {"PET", -300},  {"PETT", 720},  {"PGT", 600},   {"PHOT", 780},   {"PHT", 480},   {"PKST", 360},
    {"PKT", 300},   {"PMDT", -120}, {"PMST", -180}, {"PONT", 660},   {"PST", -480},  {"PWT", 540},
    {"PYST", -180}, {"PYT", -240},  {"RET", 240},   {"SADT", 630},   {"SAST", 120},  {"SCT", 240},
    {"SGT", 480},   {"TAHT", -600}, {"TFT", 300},   {"TJT", 300},    {"TKT", 780},   {"TMT", 300},
    {"TOT", 780},   {"TRUT", 600},  {"TVT", 720},   {"UCT", 0},      {"ULAT", 480},  {"UT", 0},
    {"UTC", 0},     {"UYST", -120}, {"UYT", -180},  {"UZT", 300},    {"VET", -240},  {"VLAT", 600},
    {"VOLT", 180},  {"VUT", 660},   {"WAKT", 720},  {"WAST", 120},   {"WAT", 60},    {"WET", 0},
    {"WETDST", 60}, {"WFT", 720},   {"WGST", -120}, {"WGT", -180},   {"XJT", 360},   {"YAKT", 540},
    {"YEKT", 300},  {"Z", 0},       {"ZULU", 0},
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }

// [+-]hh, [+-]hh:mm[:ss], [+-]hhmm, [+-]hmm; nullopt where `text` is none of them.
std::optional<int> ParseOffset(std::string_view text) {
  if (text.empty() || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const bool negative = text[0] == '-';
  text.remove_prefix(1);
  int parts[3] = {0, 0, 0};
  int count = 0;
  size_t i = 0;
  if (text.find(':') == std::string_view::npos && text.size() > 2) {
    // Without colons the last two digits are minutes.
    if (text.size() > 4) return std::nullopt;
    int value = 0;
    for (const char c : text) {
      if (!IsDigit(c)) return std::nullopt;
      value = value * 10 + (c - '0');
    }
    parts[0] = value / 100;
    parts[1] = value % 100;
  } else {
    while (i < text.size()) {
      if (count == 3) return std::nullopt;
      const size_t begin = i;
      while (i < text.size() && IsDigit(text[i]) && i - begin < 2) {
        parts[count] = parts[count] * 10 + (text[i] - '0');
        ++i;
      }
      if (i == begin) return std::nullopt;
      ++count;
      if (i < text.size()) {
        if (text[i] != ':') return std::nullopt;
        ++i;
        if (i == text.size()) return std::nullopt;
      }
    }
    if (count == 0) return std::nullopt;
  }
  if (parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const int seconds = parts[0] * 3600 + parts[1] * 60 + parts[2];
  if (seconds > kOffsetMaxSeconds) return std::nullopt;
  return negative ? -seconds : seconds;
}

// POSIX: a name of letters or <...>, then hours west of UTC; a daylight saving rule that follows
// is not looked at (POSIX strings are not validated).
std::optional<int> ParsePosix(std::string_view text) {
  size_t i = 0;
  if (!text.empty() && text[0] == '<') {
    const size_t close = text.find('>');
    if (close == std::string_view::npos) return std::nullopt;
    i = close + 1;
  } else {
    while (i < text.size() && IsLetter(text[i])) ++i;
    if (i < 3) return std::nullopt;
  }
  if (i == text.size()) return std::nullopt;
  size_t end = i;
  if (text[end] == '+' || text[end] == '-') ++end;
  while (end < text.size() && (IsDigit(text[end]) || text[end] == ':')) ++end;
  std::string offset(text.substr(i, end - i));
  if (offset.empty()) return std::nullopt;
  if (IsDigit(offset[0])) offset.insert(0, 1, '+');
  const std::optional<int> west = ParseOffset(offset);
  if (!west.has_value()) return std::nullopt;
  return -*west;
}

// "america/new_york" -> "America/New_York". Names are case-insensitive in SQL, not in the file
// system.
std::string TitleCase(std::string_view name) {
  std::string result = absl::AsciiStrToLower(sv(name));
  bool start = true;
  for (char& c : result) {
    if (start) c = absl::ascii_toupper(static_cast<unsigned char>(c));
    start = !IsLetter(c);
  }
  return result;
}

std::optional<absl::TimeZone> LoadByName(std::string_view name) {
  absl::TimeZone zone;
  const auto load = [&](const std::string& spelling) {
    return absl::LoadTimeZone(spelling, &zone);
  };
  if (load(std::string(name))) return zone;
  const std::string title = TitleCase(name);
  if (load(title)) return zone;
  // US/Pacific, GMT0, EST5EDT: the first word is an acronym.
  const size_t slash = title.find('/');
  std::string acronym = absl::AsciiStrToUpper(sv(std::string_view(title).substr(0, slash)));
  if (slash != std::string::npos) acronym += title.substr(slash);
  if (load(acronym)) return zone;
  if (load(absl::AsciiStrToUpper(sv(name)))) return zone;
  return std::nullopt;
}

bool IsSafeZoneName(std::string_view name) {
  // The name becomes a path below the zoneinfo folder: nothing may lead out of it.
  if (name.empty() || name.size() > 64 || !IsLetter(name[0])) return false;
  for (const char c : name) {
    if (!IsLetter(c) && !IsDigit(c) && c != '/' && c != '_' && c != '+' && c != '-') return false;
  }
  // The host's own zone is not a zone name.
  return absl::AsciiStrToLower(sv(name)) != "localtime";
}

}  // namespace

std::optional<int> ZoneAbbreviationSeconds(std::string_view name) {
  const std::string upper = absl::AsciiStrToUpper(sv(name));
  const auto found = std::lower_bound(
      std::begin(kAbbreviations), std::end(kAbbreviations), upper,
      [](const Abbreviation& left, const std::string& right) { return left.name < right; });
  if (found == std::end(kAbbreviations) || found->name != upper) return std::nullopt;
  return found->minutes * 60;
}

std::optional<int> ParseZoneOffset(std::string_view text) { return ParseOffset(text); }

absl::StatusOr<absl::TimeZone> FindTimeZone(std::string_view raw_name) {
  std::string_view name = raw_name;
  while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
  while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
  if (const std::optional<int> seconds = ParseOffset(name)) {
    return absl::FixedTimeZone(*seconds);
  }
  if (const std::optional<int> seconds = ZoneAbbreviationSeconds(name)) {
    return *seconds == 0 ? absl::UTCTimeZone() : absl::FixedTimeZone(*seconds);
  }
  if (IsSafeZoneName(name)) {
    if (std::optional<absl::TimeZone> zone = LoadByName(name)) return *zone;
  }
  if (const std::optional<int> seconds = ParsePosix(name)) return absl::FixedTimeZone(*seconds);
  return SqlError(SqlState::kInvalidParameterValue,
                  absl::StrCat("time zone \"", sv(raw_name), "\" not recognized"))
      .Hint("Zone names are those of the system's tzdata package, which must be installed.");
}

int64_t LocalToUtc(int64_t local_micros, const absl::TimeZone& zone) {
  if (zone == absl::UTCTimeZone()) return local_micros;
  const int64_t seconds =
      (local_micros - (((local_micros % kMicrosPerSecond) + kMicrosPerSecond) % kMicrosPerSecond)) /
      kMicrosPerSecond;
  const absl::CivilSecond civil =
      absl::ToCivilSecond(absl::FromUnixSeconds(seconds), absl::UTCTimeZone());
  const absl::TimeZone::TimeInfo info = zone.At(civil);
  // Where the clock leaps, standard time is meant (PostgreSQL): before a leap forward it was in
  // force, after a leap backward it is again.
  const absl::Time time = info.kind == absl::TimeZone::TimeInfo::REPEATED ? info.post : info.pre;
  return absl::ToUnixSeconds(time) * kMicrosPerSecond + (local_micros - seconds * kMicrosPerSecond);
}

int64_t UtcToLocal(int64_t utc_micros, const absl::TimeZone& zone) {
  if (zone == absl::UTCTimeZone()) return utc_micros;
  const absl::TimeZone::CivilInfo info = zone.At(absl::FromUnixMicros(utc_micros));
  return utc_micros + int64_t{info.offset} * kMicrosPerSecond;
}

}  // namespace vesto::types
