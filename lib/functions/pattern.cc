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

// RE2 cannot be interrupted. It reads a byte in about a nanosecond while its automaton, which it
// makes as it reads, fits into its memory; where it does not, and to find parentheses, a byte costs
// some 20 ns for each state of the expression that lives there. Nothing tells beforehand which it
// will be. So bytes times states are bounded, to two seconds at worst; expressions as people write
// them have less than kFewStates and meet no bound.
constexpr uint64_t kUninterruptedSteps = 200'000'000;
constexpr int kFewStates = 64;

absl::Status CheckSteps(const re2::RE2& expression, size_t bytes) {
  const int states = expression.ProgramSize();
  if (states <= kFewStates || bytes * static_cast<uint64_t>(states) <= kUninterruptedSteps) {
    return absl::OkStatus();
  }
  return SqlError(SqlState::kProgramLimitExceeded,
                  "regular expression is too complex for so long a string")
      .Detail(absl::StrCat("The string has ", bytes, " bytes, the expression ", states,
                           " states."));
}

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
  // Candidates whose comparison may have failed late, in bytes. A text that keeps this loop busy
  // with them is left to memmem, which never looks at a byte more than a few times.
  uint64_t compared = 0;
  const auto too_busy = [&] { return compared > 4096 + 4 * static_cast<uint64_t>(at - from); };
  const auto rest = [&](size_t begin) {
    const void* hit = memmem(base + begin, text.size() - begin, needle.data(), n);
    return hit == nullptr ? std::string_view::npos
                          : static_cast<size_t>(static_cast<const char*>(hit) - base);
  };
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
      compared += n;
      if (too_busy()) return rest(candidate + 1);
      hits &= hits - 1;
    }
  }
#endif
  for (; at <= last_start; ++at) {
    if (base[at] == needle[0] && base[at + n - 1] == needle[n - 1]) {
      if (std::memcmp(base + at, needle.data(), n) == 0) return at;
      compared += n;
      if (too_busy()) return rest(at + 1);
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

absl::StatusOr<size_t> LikePattern::Find(const Segment& segment, std::string_view text,
                                         size_t from, size_t* end,
                                         base::CancellationPoll& poll) const {
  if (!segment.has_wild() && !ignore_case_) {
    const size_t at = FindBytes(text, segment.bytes, from);
    *end = at + segment.bytes.size();
    return at;
  }
  for (size_t at = from; at < text.size(); ++at) {
    if (IsContinuation(text[at]) && segment.has_wild() && segment.wild[0]) continue;
    if (MatchesAt(segment, text, at, end)) return at;
    VESTO_RETURN_IF_ERROR(poll.After(segment.bytes.size()));
  }
  return std::string_view::npos;
}

absl::StatusOr<bool> LikePattern::Matches(std::string_view text,
                                          base::CancellationPoll& poll) const {
  VESTO_RETURN_IF_ERROR(poll.After(text.size()));
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
    VESTO_ASSIGN_OR_RETURN(const size_t found, Find(segments_[first], rest, at, &end, poll));
    if (found == std::string_view::npos) return false;
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
  // A pattern without operators is a search for bytes.
  std::optional<std::string> literal;
  std::unique_ptr<pcre2_code, void (*)(pcre2_code*)> perl{nullptr, pcre2_code_free};
  int num_groups = 0;
};

namespace {

// Every byte stands for itself.
bool IsLiteral(std::string_view pattern) {
  return pattern.find_first_of("\\^$.[]|()?*+{}") == std::string_view::npos;
}

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
    // Callouts are where the matcher can be stopped.
    uint32_t flags = PCRE2_UTF | PCRE2_DOTALL | PCRE2_NO_UTF_CHECK | PCRE2_AUTO_CALLOUT;
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
    if (!options.ignore_case && IsLiteral(pattern)) engine->literal = std::string(pattern);
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

absl::StatusOr<bool> RegexPattern::Matches(std::string_view text,
                                           base::CancellationPoll& poll) const {
  if (engine_->posix != nullptr && !engine_->literal.has_value()) {
    VESTO_RETURN_IF_ERROR(poll.After(text.size()));
    VESTO_RETURN_IF_ERROR(CheckSteps(*engine_->posix, text.size()));
    return engine_->posix->Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                                 whole_ ? re2::RE2::ANCHOR_BOTH : re2::RE2::UNANCHORED, nullptr, 0);
  }
  std::vector<std::string_view> groups;
  return Find(text, 0, &groups, 0, poll);
}

int RegexPattern::num_groups() const { return engine_->num_groups; }

absl::StatusOr<bool> RegexPattern::Find(std::string_view text, size_t from,
                                        std::vector<std::string_view>* groups, int groups_max,
                                        base::CancellationPoll& poll) const {
  const int count = std::min(engine_->num_groups, groups_max) + 1;
  groups->resize(count);
  if (from > text.size()) return false;
  // An empty text must not be a null pointer: a group without data is one that took no part.
  if (text.data() == nullptr) text = "";
  if (engine_->perl != nullptr) return FindPerl(text, from, groups, poll);
  if (engine_->literal.has_value()) {
    const size_t at = FindBytes(text, *engine_->literal, from);
    const bool found = at != std::string_view::npos;
    VESTO_RETURN_IF_ERROR(poll.After((found ? at : text.size()) - from));
    if (found) (*groups)[0] = text.substr(at, engine_->literal->size());
    return found;
  }
  VESTO_RETURN_IF_ERROR(CheckSteps(*engine_->posix, text.size() - from));
  // A short match may have been sought to the end of the text.
  VESTO_RETURN_IF_ERROR(poll.After(text.size() - from));
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

namespace {

// Where a running Perl pattern looks whether its statement still wants it.
struct PerlPoll {
  base::CancellationPoll& poll;
  size_t position = 0;
  absl::Status status;
};

int PollPerl(pcre2_callout_block* block, void* data) {
  auto& state = *static_cast<PerlPoll*>(data);
  const size_t position = block->current_position;
  // Between two callouts lies at most one run over characters.
  const size_t moved =
      position > state.position ? position - state.position : state.position - position;
  state.position = position;
  state.status = state.poll.After(moved + 10);
  return state.status.ok() ? 0 : PCRE2_ERROR_CALLOUT;
}

}  // namespace

absl::StatusOr<bool> RegexPattern::FindPerl(std::string_view text, size_t from,
                                            std::vector<std::string_view>* groups,
                                            base::CancellationPoll& poll) const {
  std::unique_ptr<pcre2_match_data, void (*)(pcre2_match_data*)> data(
      pcre2_match_data_create_from_pattern(engine_->perl.get(), nullptr), pcre2_match_data_free);
  std::unique_ptr<pcre2_match_context, void (*)(pcre2_match_context*)> context(
      pcre2_match_context_create(nullptr), pcre2_match_context_free);
  pcre2_set_match_limit(context.get(), kPerlMatchLimit);
  pcre2_set_depth_limit(context.get(), kPerlDepthLimit);
  PerlPoll state{poll, from, absl::OkStatus()};
  pcre2_set_callout(context.get(), PollPerl, &state);
  const int rc = pcre2_match(engine_->perl.get(), reinterpret_cast<PCRE2_SPTR>(text.data()),
                             text.size(), from, PCRE2_NO_UTF_CHECK, data.get(), context.get());
  VESTO_RETURN_IF_ERROR(state.status);
  if (rc == PCRE2_ERROR_NOMATCH) return false;
  if (rc < 0) {
    PCRE2_UCHAR message[256];
    pcre2_get_error_message(rc, message, sizeof(message));
    return BadRegex(reinterpret_cast<const char*>(message));
  }
  const PCRE2_SIZE* offsets = pcre2_get_ovector_pointer(data.get());
  for (size_t i = 0; i < groups->size(); ++i) {
    const bool took_part = static_cast<int>(i) < rc && offsets[2 * i] != PCRE2_UNSET;
    (*groups)[i] = took_part ? std::string_view(text.data() + offsets[2 * i],
                                                offsets[2 * i + 1] - offsets[2 * i])
                             : std::string_view();
  }
  return true;
}

}  // namespace vesto::functions
