#include "shell/copy_command.h"

#include <cctype>
#include <cstdlib>

namespace vesto::shell {
namespace {

bool IsBlank(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }

// The words of the command. What a quote or a parenthesis opens belongs to one word up to its end.
class Words {
 public:
  explicit Words(std::string_view text) : text_(text) {}

  size_t position() const { return position_; }
  std::string_view rest() const { return text_.substr(position_); }

  // "" at the end.
  std::string_view Next() {
    while (position_ < text_.size() && IsBlank(text_[position_])) ++position_;
    const size_t begin = position_;
    int depth = 0;
    while (position_ < text_.size()) {
      const char c = text_[position_];
      if (depth == 0 && (IsBlank(c) || (c == '(' && position_ > begin))) break;
      ++position_;
      if (c == '\'' || c == '"') {
        position_ = text_.find(c, position_);
        if (position_ == std::string_view::npos) {
          position_ = text_.size();
        } else {
          ++position_;
        }
      } else if (c == '(') {
        ++depth;
      } else if (c == ')' && --depth <= 0) {
        break;
      }
    }
    return text_.substr(begin, position_ - begin);
  }

 private:
  const std::string_view text_;
  size_t position_ = 0;
};

bool Is(std::string_view word, std::string_view wanted) {
  if (word.size() != wanted.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(word[i])) != wanted[i]) return false;
  }
  return true;
}

// 'a''b' -> a'b; a word without quotes is itself.
std::string Unquoted(std::string_view word) {
  if (word.empty() || word[0] != '\'') return std::string(word);
  std::string out;
  for (size_t i = 1; i < word.size(); ++i) {
    if (word[i] == '\'' && (i + 1 == word.size() || word[++i] != '\'')) break;
    out += word[i];
  }
  return out;
}

// ~/name -> the user's home.
std::string InHome(std::string name) {
  const char* home = std::getenv("HOME");
  if (home != nullptr && (name == "~" || name.starts_with("~/"))) return home + name.substr(1);
  return name;
}

}  // namespace

bool CopyCommand::Parse(std::string_view text, CopyCommand* command, std::string* problem) {
  while (!text.empty() && (IsBlank(text.back()) || text.back() == ';')) text.remove_suffix(1);
  Words words(text);
  const auto fail = [&](std::string_view word) {
    *problem = word.empty() ? "\\copy: parse error at end of line"
                            : "\\copy: parse error at \"" + std::string(word) + "\"";
    return false;
  };
  std::string_view word;
  size_t before = 0;
  do {
    before = words.position();
    word = words.Next();
    if (word.empty()) {
      if (before > 0) return fail("");
      *problem = "\\copy: arguments required";
      return false;
    }
  } while (before == 0 || (!Is(word, "from") && !Is(word, "to")));
  command->from = Is(word, "from");
  const std::string_view what = text.substr(0, before);

  word = words.Next();
  command->target.clear();
  if (word.empty()) return fail("");
  if (Is(word, "program")) {
    command->place = Place::kProgram;
    word = words.Next();
    if (word.empty() || word[0] != '\'') return fail(word);
    command->target = Unquoted(word);
  } else if (Is(word, "stdin") || Is(word, "stdout")) {
    command->place = Place::kStatements;
  } else if (Is(word, "pstdin") || Is(word, "pstdout")) {
    command->place = Place::kProcess;
  } else {
    command->place = Place::kFile;
    command->target = InHome(Unquoted(word));
  }
  command->sql = "COPY" + std::string(what.empty() || IsBlank(what[0]) ? "" : " ") +
                 std::string(what) + (command->from ? " FROM STDIN" : " TO STDOUT") +
                 std::string(words.rest());
  return true;
}

}  // namespace vesto::shell
