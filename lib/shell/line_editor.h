#pragma once

#include <memory>
#include <optional>
#include <string>

namespace vesto::shell {

// Reads lines from a terminal with editing and history (libedit), or plainly where libedit or the
// terminal is missing. ~/.editrc is obeyed. Thread-safety: one thread.
class LineEditor {
 public:
  enum class Outcome { kLine, kEnd, kInterrupted };

  // `history_file` "" = no history is kept. `wake_descriptor`: readable when Ctrl-C was pressed;
  // Read then gives up the line. It stays open longer than the editor.
  LineEditor(std::string history_file, int wake_descriptor);
  ~LineEditor();
  LineEditor(const LineEditor&) = delete;
  LineEditor& operator=(const LineEditor&) = delete;

  // Shows `prompt` and reads one line, without its newline. kEnd: end of input (Ctrl-D).
  Outcome Read(const std::string& prompt, std::string* line);
  // Adds a statement, newlines and all, to the history and its file.
  void Remember(const std::string& entry);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vesto::shell
