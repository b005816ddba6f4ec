#include "shell/line_editor.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cwchar>
#include <iostream>
#include <utility>

#ifdef VESTO_HAVE_LIBEDIT
#include <histedit.h>
#endif

namespace vesto::shell {

#ifdef VESTO_HAVE_LIBEDIT

struct LineEditor::Impl {
  EditLine* edit = nullptr;
  History* history = nullptr;
  std::string history_file;
  std::string prompt;
  int wake_descriptor = -1;

  // Reads one character, or fails with EINTR when Ctrl-C was pressed.
  static int ReadCharacter(EditLine* edit, wchar_t* out) {
    Impl* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    std::mbstate_t state = {};
    while (true) {
      pollfd waiting[2] = {{STDIN_FILENO, POLLIN, 0}, {self->wake_descriptor, POLLIN, 0}};
      if (poll(waiting, 2, -1) < 0) {
        if (errno == EINTR) continue;  // the window changed its size
        return -1;
      }
      if ((waiting[1].revents & POLLIN) != 0) {
        errno = EINTR;
        return -1;
      }
      char byte = 0;
      const ssize_t got = read(STDIN_FILENO, &byte, 1);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return static_cast<int>(got);
      const size_t used = std::mbrtowc(out, &byte, 1, &state);
      if (used == static_cast<size_t>(-2)) continue;  // the character has more bytes
      if (used == static_cast<size_t>(-1)) *out = static_cast<unsigned char>(byte);
      return 1;
    }
  }

  static char* Prompt(EditLine* edit) {
    Impl* self = nullptr;
    el_get(edit, EL_CLIENTDATA, &self);
    return self->prompt.data();
  }
};

LineEditor::LineEditor(std::string history_file, int wake_descriptor)
    : impl_(std::make_unique<Impl>()) {
  if (!isatty(STDIN_FILENO)) return;
  impl_->history_file = std::move(history_file);
  impl_->wake_descriptor = wake_descriptor;
  impl_->edit = el_init("vesto", stdin, stdout, stderr);
  if (impl_->edit == nullptr) return;
  impl_->history = history_init();
  HistEvent event;
  history(impl_->history, &event, H_SETSIZE, 1000);
  history(impl_->history, &event, H_SETUNIQUE, 1);
  if (!impl_->history_file.empty()) {
    history(impl_->history, &event, H_LOAD, impl_->history_file.c_str());
  }
  el_set(impl_->edit, EL_CLIENTDATA, impl_.get());
  el_set(impl_->edit, EL_PROMPT, &Impl::Prompt);
  el_set(impl_->edit, EL_GETCFN, &Impl::ReadCharacter);
  el_set(impl_->edit, EL_EDITOR, "emacs");
  el_set(impl_->edit, EL_HIST, history, impl_->history);
  // Ctrl-R searches backwards, as in readline.
  el_set(impl_->edit, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  el_source(impl_->edit, nullptr);
}

LineEditor::~LineEditor() {
  if (impl_->edit != nullptr) el_end(impl_->edit);
  if (impl_->history != nullptr) history_end(impl_->history);
}

LineEditor::Outcome LineEditor::Read(const std::string& prompt, std::string* line) {
  if (impl_->edit == nullptr) {
    if (isatty(STDIN_FILENO)) std::cout << prompt << std::flush;
    return std::getline(std::cin, *line) ? Outcome::kLine : Outcome::kEnd;
  }
  impl_->prompt = prompt;
  int count = 0;
  errno = 0;
  const char* text = el_gets(impl_->edit, &count);
  if (text == nullptr || count <= 0) {
    if (count < 0 && errno == EINTR) {
      el_reset(impl_->edit);
      return Outcome::kInterrupted;
    }
    return Outcome::kEnd;
  }
  line->assign(text, static_cast<size_t>(count));
  if (!line->empty() && line->back() == '\n') line->pop_back();
  return Outcome::kLine;
}

void LineEditor::Remember(const std::string& entry) {
  if (impl_->history == nullptr || entry.empty()) return;
  HistEvent event;
  history(impl_->history, &event, H_ENTER, entry.c_str());
  if (!impl_->history_file.empty()) {
    history(impl_->history, &event, H_SAVE, impl_->history_file.c_str());
  }
}

#else

struct LineEditor::Impl {};

LineEditor::LineEditor(std::string, int) : impl_(std::make_unique<Impl>()) {}
LineEditor::~LineEditor() = default;

LineEditor::Outcome LineEditor::Read(const std::string& prompt, std::string* line) {
  if (isatty(STDIN_FILENO)) std::cout << prompt << std::flush;
  return std::getline(std::cin, *line) ? Outcome::kLine : Outcome::kEnd;
}

void LineEditor::Remember(const std::string&) {}

#endif

}  // namespace vesto::shell
