#include "shell/statement_scanner.h"

#include <algorithm>
#include <cctype>

namespace vesto::shell {
namespace {

bool IsWord(char c) {
  const auto u = static_cast<unsigned char>(c);
  return std::isalnum(u) || c == '_' || u >= 0x80;
}

std::string Quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

}  // namespace

void StatementScanner::AddLine(std::string_view line) {
  input_.erase(0, pos_);
  pos_ = 0;
  if (input_.empty()) line_ = lines_added_ + 1;
  ++lines_added_;
  input_ += line;
  input_ += '\n';
}

void StatementScanner::Append(std::string_view text) {
  if (pending_.empty()) {
    // A statement begins at its first character that means something, so that "LINE 1" does.
    const size_t first = text.find_first_not_of(" \t\r\n\f\v");
    if (first == std::string_view::npos) return;
    text.remove_prefix(first);
    pending_line_ = line_;
  }
  pending_ += text;
}

std::string StatementScanner::TakePending() {
  std::string statement = std::move(pending_);
  pending_.clear();
  while (!statement.empty() && std::isspace(static_cast<unsigned char>(statement.back()))) {
    statement.pop_back();
  }
  state_ = State::kPlain;
  parentheses_ = 0;
  comment_depth_ = 0;
  return statement;
}

void StatementScanner::RestorePending(Pending pending) {
  pending_ = std::move(pending.text);
  pending_line_ = pending.line;
  parentheses_ = pending.parentheses;
}

void StatementScanner::Reset() {
  TakePending();
  pos_ = input_.size();
}

char StatementScanner::prompt_state() const {
  switch (state_) {
    case State::kQuote: return '\'';
    case State::kIdentifier: return '"';
    case State::kDollar: return '$';
    case State::kBlockComment: return '*';
    case State::kPlain: break;
  }
  if (parentheses_ > 0) return '(';
  return pending_.empty() ? '=' : '-';
}

bool StatementScanner::Interpolate() {
  size_t begin = pos_ + 1;
  if (begin >= input_.size()) return false;
  if (input_[begin] == ':') {  // a cast
    Append("::");
    pos_ += 2;
    return true;
  }
  if (input_.compare(begin, 2, "{?") == 0) {
    size_t end = begin + 2;
    while (end < input_.size() && IsWord(input_[end])) ++end;
    if (end == begin + 2 || end >= input_.size() || input_[end] != '}') return false;
    const std::string_view name = std::string_view(input_).substr(begin + 2, end - begin - 2);
    Append(lookup_(name) ? "TRUE" : "FALSE");
    pos_ = end + 1;
    return true;
  }
  const char quote = input_[begin] == '\'' || input_[begin] == '"' ? input_[begin] : 0;
  if (quote != 0) ++begin;
  size_t end = begin;
  while (end < input_.size() && IsWord(input_[end])) ++end;
  if (end == begin || (quote != 0 && (end >= input_.size() || input_[end] != quote))) return false;
  // :1 is an array slice of other dialects' making or a parameter, never a variable.
  if (std::isdigit(static_cast<unsigned char>(input_[begin]))) return false;
  const auto value = lookup_(std::string_view(input_).substr(begin, end - begin));
  if (!value) return false;
  Append(quote != 0 ? Quoted(*value, quote) : *value);
  pos_ = end + (quote != 0 ? 1 : 0);
  return true;
}

StatementScanner::Item StatementScanner::TakeCommand() {
  const size_t begin = pos_ + 1;
  const size_t line_end = std::min(input_.find('\n', pos_), input_.size());
  const auto is_blank = [](char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; };
  size_t stop = begin;
  while (stop < line_end && input_[stop] != '\\' && !is_blank(input_[stop])) ++stop;
  const std::string_view name = std::string_view(input_).substr(begin, stop - begin);
  size_t first = stop;
  while (first < line_end && is_blank(input_[first])) ++first;
  // What the shell of the system or the cluster reads is not looked into.
  const bool pipe = first < line_end && input_[first] == '|' &&
                    (name == "g" || name == "gx" || name == "o" || name == "out");
  if (pipe || name.starts_with('!') || name == "copy" || name == "h") stop = line_end;
  char quote = 0;
  for (; stop < line_end; ++stop) {
    const char c = input_[stop];
    if (quote == 0 && c == '\\') break;
    if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (quote == '\'' && c == '\\') {
      ++stop;
    } else if (c == quote) {
      quote = 0;
    }
  }
  stop = std::min(stop, line_end);
  Item item{Item::kCommand, input_.substr(begin, stop - begin), line_};
  pos_ = input_.compare(stop, 2, "\\\\") == 0 ? stop + 2 : stop;
  return item;
}

std::optional<StatementScanner::Item> StatementScanner::Next() {
  const auto take = [&](size_t count) {
    for (size_t i = 0; i < count && pos_ < input_.size(); ++i) {
      Append(std::string_view(&input_[pos_], 1));
      if (input_[pos_] == '\n') ++line_;
      ++pos_;
    }
  };
  const auto at = [&](size_t offset) {
    return pos_ + offset < input_.size() ? input_[pos_ + offset] : '\0';
  };
  while (pos_ < input_.size()) {
    const char c = input_[pos_];
    switch (state_) {
      case State::kQuote:
        if (c == '\\') {  // an escape in every literal of Redshift, not in E'...' alone
          take(2);
        } else if (c == '\'') {
          if (at(1) == '\'') {
            take(2);
          } else {
            take(1);
            state_ = State::kPlain;
          }
        } else {
          take(1);
        }
        continue;
      case State::kIdentifier:
        if (c == '"') state_ = State::kPlain;  // "" is two identifiers in a row: harmless here
        take(1);
        continue;
      case State::kDollar:
        if (c == '$' && input_.compare(pos_, dollar_tag_.size(), dollar_tag_) == 0) {
          take(dollar_tag_.size());
          state_ = State::kPlain;
        } else {
          take(1);
        }
        continue;
      case State::kBlockComment:
        if (c == '/' && at(1) == '*') {
          ++comment_depth_;
          take(2);
        } else if (c == '*' && at(1) == '/') {
          take(2);
          if (--comment_depth_ == 0) state_ = State::kPlain;
        } else {
          take(1);
        }
        continue;
      case State::kPlain:
        break;
    }
    switch (c) {
      case '\'':
        state_ = State::kQuote;
        take(1);
        continue;
      case '"':
        state_ = State::kIdentifier;
        take(1);
        continue;
      case '$': {
        size_t end = pos_ + 1;
        while (end < input_.size() && IsWord(input_[end])) ++end;
        const bool numbered = std::isdigit(static_cast<unsigned char>(at(1))) != 0;
        if (!numbered && end < input_.size() && input_[end] == '$' &&
            (pending_.empty() || !IsWord(pending_.back()))) {
          dollar_tag_ = input_.substr(pos_, end + 1 - pos_);
          take(dollar_tag_.size());
          state_ = State::kDollar;
        } else {
          take(1);
        }
        continue;
      }
      case '-':
        if (at(1) == '-') {
          const size_t end = std::min(input_.find('\n', pos_), input_.size());
          if (pending_.empty()) {
            pos_ = end;
          } else {
            take(end - pos_);
          }
        } else {
          take(1);
        }
        continue;
      case '/':
        if (at(1) == '*') {
          state_ = State::kBlockComment;
          comment_depth_ = 1;
          take(2);
        } else {
          take(1);
        }
        continue;
      case '(':
        ++parentheses_;
        take(1);
        continue;
      case ')':
        if (parentheses_ > 0) --parentheses_;
        take(1);
        continue;
      case ':':
        if (!Interpolate()) take(1);
        continue;
      case ';':
        if (parentheses_ > 0) {
          take(1);
          continue;
        }
        ++pos_;
        if (pending_.empty()) continue;
        {
          const int line = pending_line_;
          return Item{Item::kStatement, TakePending(), line};
        }
      case '\\':
        if (at(1) == ';' || at(1) == ':') {  // that character, without its meaning here
          ++pos_;
          take(1);
          continue;
        }
        return TakeCommand();
      default:
        take(1);
    }
  }
  return std::nullopt;
}

}  // namespace vesto::shell
