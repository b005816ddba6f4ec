#include "functions/pattern.h"

#include <algorithm>
#include <cstring>
#include <utility>

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <re2/re2.h>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::functions {
namespace {

char FoldAscii(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// The byte after the UTF-8 character at `at`.
size_t NextCharacter(std::string_view text, size_t at) {
  ++at;
  while (at < text.size() && IsContinuation(text[at])) ++at;
  return at;
}

absl::Status BadRegex(std::string_view reason) {
  return SqlError(SqlState::kInvalidRegularExpression,
                  absl::StrCat("invalid regular expression: ", sv(reason)));
}

// Steps of the matcher after which a Perl pattern is given up: seconds at worst.
constexpr uint32_t kPerlMatchLimit = 5'000'000;
constexpr uint32_t kPerlDepthLimit = 20'000;

}  // namespace

size_t FindBytes(std::string_view text, std::string_view needle, size_t from) {
  const size_t n = needle.size();
  if (from > text.size() || n > text.size() - from) return std::string_view::npos;
  if (n == 0) return from;
  const char* base = text.data();
  if (n == 1) {
    const void* hit = std::memchr(base + from, needle[0], text.size() - from);
    return hit == nullptr ? std::string_view::npos
                          : static_cast<size_t>(static_cast<const char*>(hit) - base);
  }
  const size_t last_start = text.size() - n;
  size_t at = from;
#ifdef __SSE2__
  const __m128i first = _mm_set1_epi8(needle[0]);
  const __m128i last = _mm_set1_epi8(needle[n - 1]);
  // Both loads stay inside the text: at + 15 <= last_start.
  for (; at + 15 <= last_start; at += 16) {
    const __m128i a = _mm_loadu_si128(reinterpret_cast<const __m128i*>(base + at));
    const __m128i b = _mm_loadu_si128(reinterpret_cast<const __m128i*>(base + at + n - 1));
    auto hits = static_cast<unsigned>(
        _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last))));
    while (hits != 0) {
      const size_t candidate = at + static_cast<size_t>(__builtin_ctz(hits));
      if (std::memcmp(base + candidate + 1, needle.data() + 1, n - 2) == 0) return candidate;
      hits &= hits - 1;
    }
  }
#endif
  for (; at <= last_start; ++at) {
    if (base[at] == needle[0] && base[at + n - 1] == needle[n - 1] &&
        std::memcmp(base + at, needle.data(), n) == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

// --- LIKE
// -----------------------------------------------------------------------------------------

absl::StatusOr<LikePattern> LikePattern::Compile(std::string_view pattern, const Options& options) {
  char escape = '\\';
  bool has_escape = true;
  if (options.escape.has_value()) {
    if (options.escape->empty()) {
      has_escape = false;
    } else if (options.escape->size() == 1) {
      escape = (*options.escape)[0];
    } else {
      return SqlError(SqlState::kInvalidEscapeSequence, "invalid escape string")
          .Hint("Escape string must be empty or one character.");
    }
  }
  LikePattern result;
  result.ignore_case_ = options.ignore_case;
  Segment current;
  bool any_percent = false;
  auto finish = [&] {
    if (std::none_of(current.wild.begin(), current.wild.end(), [](bool w) { return w; })) {
      current.wild.clear();
    }
    if (!current.bytes.empty()) result.segments_.push_back(std::move(current));
    current = Segment();
  };
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    if (has_escape && c == escape) {
      if (++i == pattern.size()) {
        return SqlError(SqlState::kInvalidEscapeSequence,
                        "LIKE pattern must not end with escape character");
      }
      c = pattern[i];
    } else if (c == '%') {
      if (i == 0) result.anchored_front_ = false;
      any_percent = true;
      finish();
      continue;
    } else if (c == '_') {
      current.bytes.push_back('_');
      current.wild.push_back(true);
      continue;
    }
    current.bytes.push_back(options.ignore_case ? FoldAscii(c) : c);
    current.wild.push_back(false);
  }
  const bool tail = !current.bytes.empty();
  finish();
  if (any_percent && !tail) result.anchored_back_ = false;
  if (!any_percent && result.segments_.empty()) result.segments_.emplace_back();

  const bool plain =
      !result.ignore_case_ && std::none_of(result.segments_.begin(), result.segments_.end(),
                                           [](const Segment& s) { return s.has_wild(); });
  result.shape_ = Shape::kSegments;
  if (plain && !any_percent) {
    result.shape_ = Shape::kExact;
  } else if (plain && result.segments_.size() == 1) {
    if (result.anchored_front_) result.shape_ = Shape::kPrefix;
    if (result.anchored_back_) result.shape_ = Shape::kSuffix;
    if (!result.anchored_front_ && !result.anchored_back_) result.shape_ = Shape::kContains;
  }
  return result;
}

bool LikePattern::MatchesAt(const Segment& segment, std::string_view text, size_t at,
                            size_t* end) const {
  const std::string& bytes = segment.bytes;
  if (!segment.has_wild() && !ignore_case_) {
    if (text.size() - at < bytes.size() ||
        std::memcmp(text.data() + at, bytes.data(), bytes.size()) != 0) {
      return false;
    }
    *end = at + bytes.size();
    return true;
  }
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (at >= text.size()) return false;
    if (segment.has_wild() && segment.wild[i]) {
      at = NextCharacter(text, at);
      continue;
    }
    const char c = ignore_case_ ? FoldAscii(text[at]) : text[at];
    if (c != bytes[i]) return false;
    ++at;
  }
  *end = at;
  return true;
}

bool LikePattern::MatchesBackwards(const Segment& segment, std::string_view text,
                                   size_t* begin) const {
  size_t at = text.size();
  for (size_t i = segment.bytes.size(); i-- > 0;) {
    if (at == 0) return false;
    --at;
    if (segment.has_wild() && segment.wild[i]) {
      while (at > 0 && IsContinuation(text[at])) --at;
      continue;
    }
    const char c = ignore_case_ ? FoldAscii(text[at]) : text[at];
    if (c != segment.bytes[i]) return false;
  }
  *begin = at;
  return true;
}

size_t LikePattern::Find(const Segment& segment, std::string_view text, size_t from,
                         size_t* end) const {
  if (!segment.has_wild() && !ignore_case_) {
    const size_t at = FindBytes(text, segment.bytes, from);
    *end = at + segment.bytes.size();
    return at;
  }
  for (size_t at = from; at < text.size(); ++at) {
    if (IsContinuation(text[at]) && segment.has_wild() && segment.wild[0]) continue;
    if (MatchesAt(segment, text, at, end)) return at;
  }
  return std::string_view::npos;
}

bool LikePattern::Matches(std::string_view text) const {
  switch (shape_) {
    case Shape::kExact:
      return text == segments_[0].bytes;
    case Shape::kPrefix: {
      const std::string& bytes = segments_[0].bytes;
      return text.size() >= bytes.size() &&
             std::memcmp(text.data(), bytes.data(), bytes.size()) == 0;
    }
    case Shape::kSuffix: {
      const std::string& bytes = segments_[0].bytes;
      return text.size() >= bytes.size() &&
             std::memcmp(text.data() + text.size() - bytes.size(), bytes.data(), bytes.size()) == 0;
    }
    case Shape::kContains:
      return FindBytes(text, segments_[0].bytes, 0) != std::string_view::npos;
    case Shape::kSegments:
      break;
  }
  size_t first = 0, last = segments_.size(), at = 0;
  if (anchored_front_ && anchored_back_ && last == 1) {
    // 'a_c', or ILIKE without %; 'a%' and '%a' are anchored on one side only.
    return MatchesAt(segments_[0], text, 0, &at) && at == text.size();
  }
  if (anchored_front_ && first < last) {
    if (!MatchesAt(segments_[first++], text, 0, &at)) return false;
  }
  std::string_view rest = text;
  if (anchored_back_ && first < last) {
    size_t begin = 0;
    if (!MatchesBackwards(segments_[--last], text, &begin) || begin < at) return false;
    rest = text.substr(0, begin);
  }
  for (; first < last; ++first) {
    size_t end = 0;
    if (Find(segments_[first], rest, at, &end) == std::string_view::npos) return false;
    at = end;
  }
  return true;
}

std::optional<std::string_view> LikePattern::exact() const {
  if (shape_ != Shape::kExact) return std::nullopt;
  return std::string_view(segments_[0].bytes);
}

std::string_view LikePattern::prefix() const {
  if (ignore_case_ || !anchored_front_ || segments_.empty()) return {};
  const Segment& segment = segments_[0];
  if (!segment.has_wild()) return segment.bytes;
  const auto first_wild = std::find(segment.wild.begin(), segment.wild.end(), true);
  return std::string_view(segment.bytes).substr(0, first_wild - segment.wild.begin());
}

// --- Regular expressions
// --------------------------------------------------------------------------

struct RegexPattern::Engine {
  std::unique_ptr<re2::RE2> posix;
  std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> perl{nullptr, pcre2_code_free};
  int num_groups = 0;
};

namespace {

absl::StatusOr<std::unique_ptr<re2::RE2>> CompileRe2(std::string_view pattern, bool ignore_case,
                                                     bool posix_syntax) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_case_sensitive(!ignore_case);
  options.set_dot_nl(true);
  if (posix_syntax) {
    options.set_posix_syntax(true);
    options.set_longest_match(true);
    options.set_perl_classes(true);
    options.set_word_boundary(true);
    options.set_one_line(true);
  }
  auto compiled =
      std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (!compiled->ok()) return BadRegex(compiled->error());
  return compiled;
}

}  // namespace

absl::StatusOr<RegexPattern> RegexPattern::Compile(std::string_view pattern,
                                                   const RegexOptions& options) {
  auto engine = std::make_shared<Engine>();
  if (options.perl) {
    uint32_t flags = PCRE2_UTF | PCRE2_DOTALL | PCRE2_NO_UTF_CHECK;
    if (options.ignore_case) flags |= PCRE2_CASELESS;
    int error = 0;
    PCRE2_SIZE offset = 0;
    engine->perl.reset(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                     flags, &error, &offset, nullptr));
    if (engine->perl == nullptr) {
      PCRE2_UCHAR message[256];
      pcre2_get_error_message(error, message, sizeof(message));
      return BadRegex(reinterpret_cast<const char*>(message));
    }
    uint32_t groups = 0;
    pcre2_pattern_info(engine->perl.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
    engine->num_groups = static_cast<int>(groups);
  } else {
    VESTO_ASSIGN_OR_RETURN(engine->posix, CompileRe2(pattern, options.ignore_case, true));
    engine->num_groups = engine->posix->NumberOfCapturingGroups();
  }
  RegexPattern result;
  result.engine_ = std::move(engine);
  return result;
}

absl::StatusOr<RegexPattern> RegexPattern::CompileSimilarTo(
    std::string_view pattern, std::optional<std::string_view> escape_text) {
  char escape = '\\';
  bool has_escape = true;
  if (escape_text.has_value()) {
    if (escape_text->size() > 1) {
      return SqlError(SqlState::kInvalidEscapeSequence, "invalid escape string")
          .Hint("Escape string must be empty or one character.");
    }
    has_escape = !escape_text->empty();
    if (has_escape) escape = (*escape_text)[0];
  }
  std::string regex;
  bool in_bracket = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if (has_escape && c == escape) {
      if (++i == pattern.size()) {
        return SqlError(SqlState::kInvalidEscapeSequence,
                        "SIMILAR TO pattern must not end with escape character");
      }
      const char next = pattern[i];
      if (static_cast<unsigned char>(next) < 0x80 &&
          !std::isalnum(static_cast<unsigned char>(next))) {
        regex.push_back('\\');
      }
      regex.push_back(next);
      continue;
    }
    if (in_bracket) {
      if (c == ']') in_bracket = false;
      if (c == '\\') regex.push_back('\\');
      regex.push_back(c);
      continue;
    }
    switch (c) {
      case '%':
        regex += ".*";
        break;
      case '_':
        regex += '.';
        break;
      case '[':
        in_bracket = true;
        regex.push_back(c);
        // A ] right after [ or [^ is a member of the class.
        if (i + 1 < pattern.size() && pattern[i + 1] == '^') regex.push_back(pattern[++i]);
        if (i + 1 < pattern.size() && pattern[i + 1] == ']') regex += "\\]", ++i;
        break;
      case '.':
      case '^':
      case '$':
      case '\\':
        regex.push_back('\\');
        regex.push_back(c);
        break;
      case '(':
        regex += "(?:";
        break;
      default:
        regex.push_back(c);
    }
  }
  auto engine = std::make_shared<Engine>();
  VESTO_ASSIGN_OR_RETURN(engine->posix, CompileRe2(regex, false, false));
  RegexPattern result;
  result.engine_ = std::move(engine);
  result.whole_ = true;
  return result;
}

bool RegexPattern::Matches(std::string_view text) const {
  if (engine_->posix != nullptr) {
    return engine_->posix->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                                 whole_ ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED, nullptr, 0);
  }
  std::vector<std::string_view> groups;
  auto found = Find(text, 0, &groups, 0);
  return found.ok() && *found;
}

int RegexPattern::num_groups() const { return engine_->num_groups; }

absl::StatusOr<bool> RegexPattern::Find(std::string_view text, size_t from,
                                        std::vector<std::string_view>* groups,
                                        int groups_max) const {
  const int count = std::min(engine_->num_groups, groups_max) + 1;
  groups->resize(count);
  if (from > text.size()) return false;
  // An empty text must not be a null pointer: a group without data is one that took no part.
  if (text.data() == nullptr) text = "";
  if (engine_->posix != nullptr) {
    std::vector<re2::StringPiece> pieces(count);
    if (!engine_->posix->Match(re2::StringPiece(text.data(), text.size()), from, text.size(),
                               re2::RE2::UNANCHORED, pieces.data(), count)) {
      return false;
    }
    for (int i = 0; i < count; ++i) {
      (*groups)[i] = std::string_view(pieces[i].data(), pieces[i].size());
    }
    return true;
  }
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(
      pcre2_match_data_create_from_pattern(engine_->perl.get(), nullptr), pcre2_match_data_free);
  std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> context(
      pcre2_match_context_create(nullptr), pcre2_match_context_free);
  pcre2_set_match_limit(context.get(), kPerlMatchLimit);
  pcre2_set_depth_limit(context.get(), kPerlDepthLimit);
  const int rc = pcre2_match(engine_->perl.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                             text.size(), from, PCRE2_NO_UTF_CHECK, data.get(), context.get());
  if (rc == PCRE2_ERROR_NOMATCH) return false;
  if (rc < 0) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(rc, message, sizeof(message));
    return BadRegex(reinterpret_cast<const char*>(message));
  }
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  for (int i = 0; i < count; ++i) {
    const bool took_part = i < rc && offsets[2 * i] != PCRE2_UNSET;
    (*groups)[i] = took_part ? std::string_view(text.data() + offsets[2 * i],
                                                offsets[2 * i + 1] - offsets[2 * i])
                             : std::string_view();
  }
  return true;
}

}  // namespace vesto::functions
