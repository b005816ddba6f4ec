#include "functions/number_format.h"

#include <cmath>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "functions/decimal_digits.h"
#include "types/decimal.h"

namespace vesto::functions {

enum class NumberFormat::Key : uint8_t {
  kLiteral,
  kDigit,
  kZero,
  kPoint,
  kGroup,
  kSign,
  kMinus,
  kPlus,
  kPlusMinus,
  kCurrency,
  kIsoCurrency,
  kOrdinal,
  kOrdinalLower,
  kShift,
};

NumberFormat::NumberFormat(std::string_view pattern) {
  bool after_point = false;
  bool any_digit = false;
  auto add = [this](Key key, std::string literal = {}) {
    nodes_.push_back(Node{key, std::move(literal)});
  };
  for (size_t i = 0; i < pattern.size();) {
    const std::string_view rest = pattern.substr(i);
    auto starts = [&](std::string_view word) {
      return absl::StartsWithIgnoreCase(sv(rest), sv(word));
    };
    size_t used = 1;
    const char c = absl::ascii_toupper(static_cast<unsigned char>(rest[0]));
    if (c == '"') {
      const size_t end = rest.find('"', 1);
      const size_t stop = end == std::string_view::npos ? rest.size() : end;
      add(Key::kLiteral, std::string(rest.substr(1, stop - 1)));
      used = std::min(stop + 1, rest.size());
    } else if (starts("FM")) {
      fill_ = false;
      used = 2;
    } else if (starts("RN")) {
      roman_ = true;
      if (rest[0] == 'r') add(Key::kOrdinalLower);  // marks lower case; see Append
      used = 2;
    } else if (starts("PR")) {
      brackets_ = true;
      used = 2;
    } else if (starts("PL")) {
      add(Key::kPlus);
      used = 2;
    } else if (starts("MI")) {
      add(Key::kMinus);
      floating_sign_ = false;
      used = 2;
    } else if (starts("SG")) {
      add(Key::kPlusMinus);
      floating_sign_ = false;
      used = 2;
    } else if (starts("TH")) {
      add(rest[0] == 'T' ? Key::kOrdinal : Key::kOrdinalLower);
      used = 2;
    } else if (c == '9' || c == '0') {
      any_digit = true;
      add(c == '9' ? Key::kDigit : Key::kZero);
      if (after_point) {
        if (c == '0') last_zero_ = fraction_digits_;
        ++fraction_digits_;
      } else {
        if (c == '0' && first_zero_ < 0) first_zero_ = integer_digits_;
        ++integer_digits_;
      }
    } else if (c == '.' || c == 'D') {
      if (!after_point) add(Key::kPoint);
      after_point = true;
    } else if (c == 'V') {
      after_point = true;
      shifted_ = true;
      add(Key::kShift);
    } else if (c == ',' || c == 'G') {
      add(Key::kGroup);
    } else if (c == 'S') {
      if (any_digit) {
        add(Key::kSign);
        floating_sign_ = false;
      } else {
        plus_sign_ = true;
      }
    } else if (c == 'L' || c == '$') {
      add(Key::kCurrency);
    } else if (c == 'C') {
      add(Key::kIsoCurrency);
      if (starts("CC")) used = 2;
    } else {
      add(Key::kLiteral, std::string(rest.substr(0, 1)));
    }
    i += used;
  }
}

void NumberFormat::AppendDecimal(int128_t unscaled, int scale, std::string* out) const {
  const bool negative = unscaled < 0;
  const auto kept =
      KeepDigits(unscaled, scale, fraction_digits_, fraction_digits_, DigitRule::kHalfAwayFromZero);
  std::string text = types::DecimalToString(kept.value_or(0), fraction_digits_);
  if (!text.empty() && text[0] == '-') text.erase(0, 1);
  const size_t point = std::min(text.find('.'), text.size());
  std::string_view integer = std::string_view(text).substr(0, point);
  if (integer == "0") integer = {};
  Append(negative, integer,
         point < text.size() ? std::string_view(text).substr(point + 1) : std::string_view(), out);
}

void NumberFormat::AppendDouble(double value, std::string* out) const {
  if (!std::isfinite(value)) {
    Append(value < 0, std::string(static_cast<size_t>(integer_digits_) + 1, '#'),
           std::string(static_cast<size_t>(fraction_digits_), '#'), out);
    return;
  }
  char text[400];
  std::snprintf(text, sizeof(text), "%.*f", std::min(fraction_digits_, 60), std::abs(value));
  const std::string_view all(text);
  const size_t point = std::min(all.find('.'), all.size());
  std::string_view integer = all.substr(0, point);
  if (integer == "0") integer = {};
  std::string fraction(point < all.size() ? all.substr(point + 1) : std::string_view());
  fraction.resize(static_cast<size_t>(fraction_digits_), '0');
  Append(value < 0, integer, fraction, out);
}

void NumberFormat::Append(bool negative, std::string_view integer, std::string_view fraction,
                          std::string* out) const {
  if (roman_) {
    static constexpr struct {
      int value;
      std::string_view text;
    } kRoman[] = {{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"},
                  {90, "XC"},  {50, "L"},   {40, "XL"}, {10, "X"},   {9, "IX"},
                  {5, "V"},    {4, "IV"},   {1, "I"}};
    int value = 0;
    for (char c : integer.substr(0, 6)) value = value * 10 + (c - '0');
    std::string numeral;
    if (negative || value < 1 || value > 3999 || integer.size() > 4) {
      numeral.assign(15, '#');
    } else {
      for (const auto& step : kRoman) {
        while (value >= step.value) {
          numeral += step.text;
          value -= step.value;
        }
      }
    }
    for (const Node& node : nodes_) {
      if (node.key == Key::kOrdinalLower) absl::AsciiStrToLower(&numeral);
    }
    if (fill_ && numeral.size() < 15) out->append(15 - numeral.size(), ' ');
    out->append(numeral);
    return;
  }
  const bool overflow = integer.size() > static_cast<size_t>(integer_digits_);
  // A lone zero is shown where the pattern has no fraction: to_char(0, '999') is '   0'.
  if (integer.empty() && (fraction_digits_ == 0 || shifted_) && integer_digits_ > 0) integer = "0";
  int start = overflow ? 0 : integer_digits_ - static_cast<int>(integer.size());
  if (first_zero_ >= 0) start = std::min(start, first_zero_);
  const int first_digit = integer_digits_ - static_cast<int>(integer.size());

  // How many fraction digits FM leaves: up to the last that is not zero or that the pattern's 0
  // asks for.
  int shown_fraction = fraction_digits_;
  if (!fill_ && !shifted_) {
    while (shown_fraction > last_zero_ + 1 && fraction[shown_fraction - 1] == '0') --shown_fraction;
  }
  bool sign_written = !floating_sign_;
  auto write_sign = [&] {
    if (sign_written) return;
    sign_written = true;
    if (brackets_) {
      if (negative) {
        out->push_back('<');
      } else if (fill_) {
        out->push_back(' ');
      }
    } else if (negative) {
      out->push_back('-');
    } else if (plus_sign_) {
      out->push_back('+');
    } else if (fill_) {
      out->push_back(' ');
    }
  };
  int position = 0;  // among the digits before the point
  int fraction_at = 0;
  bool after_point = false;
  for (const Node& node : nodes_) {
    switch (node.key) {
      case Key::kLiteral:
        out->append(node.literal);
        break;
      case Key::kDigit:
      case Key::kZero:
        if (after_point) {
          if (fraction_at < shown_fraction) out->push_back(overflow ? '#' : fraction[fraction_at]);
          ++fraction_at;
          break;
        }
        if (position < start) {
          if (fill_) out->push_back(' ');
        } else {
          write_sign();
          if (overflow) {
            out->push_back('#');
          } else {
            out->push_back(position < first_digit ? '0' : integer[position - first_digit]);
          }
        }
        ++position;
        break;
      case Key::kPoint:
        write_sign();
        out->push_back('.');
        after_point = true;
        break;
      case Key::kShift:
        write_sign();
        after_point = true;
        break;
      case Key::kGroup:
        if (after_point || position > start) {
          out->push_back(',');
        } else if (fill_) {
          out->push_back(' ');
        }
        break;
      case Key::kSign:
        out->push_back(negative ? '-' : '+');
        break;
      case Key::kMinus:
        if (negative) {
          out->push_back('-');
        } else if (fill_) {
          out->push_back(' ');
        }
        break;
      case Key::kPlus:
        if (!negative) {
          out->push_back('+');
        } else if (fill_) {
          out->push_back(' ');
        }
        break;
      case Key::kPlusMinus:
        out->push_back(negative ? '-' : '+');
        break;
      case Key::kCurrency:
        out->push_back('$');
        break;
      case Key::kIsoCurrency:
        out->append("USD");
        break;
      case Key::kOrdinal:
      case Key::kOrdinalLower: {
        if (negative || fraction_digits_ > 0 || integer.empty() || overflow) break;
        std::string_view suffix = "th";
        const size_t n = integer.size();
        if (n < 2 || integer[n - 2] != '1') {
          if (integer[n - 1] == '1') suffix = "st";
          if (integer[n - 1] == '2') suffix = "nd";
          if (integer[n - 1] == '3') suffix = "rd";
        }
        std::string text(suffix);
        if (node.key == Key::kOrdinal) absl::AsciiStrToUpper(&text);
        out->append(text);
        break;
      }
    }
  }
  if (brackets_) {
    if (negative) {
      out->push_back('>');
    } else if (fill_) {
      out->push_back(' ');
    }
  }
}

absl::StatusOr<int128_t> NumberFormat::Parse(std::string_view text) const {
  int128_t value = 0;
  int before = 0, after = 0;
  bool negative = false, in_fraction = false;
  for (char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c))) {
      if (in_fraction) {
        if (after == fraction_digits_) continue;
        ++after;
      } else {
        if (before == integer_digits_) continue;
        ++before;
      }
      if (before + after > 38) break;
      value = value * 10 + (c - '0');
    } else if (c == '.') {
      in_fraction = true;
    } else if (c == '-' || c == '<') {
      negative = true;
    }
  }
  if (before + after == 0) {
    return SqlError(SqlState::kInvalidTextRepresentation,
                    absl::StrCat("invalid input syntax for numeric: \"", sv(text), "\""));
  }
  for (; after < fraction_digits_; ++after) {
    if (types::MultiplyOverflows(value, 10, &value)) {
      return SqlError(SqlState::kNumericValueOutOfRange, "numeric field overflow");
    }
  }
  return negative ? -value : value;
}

}  // namespace vesto::functions
