// The rows of COPY FROM STDIN and COPY TO STDOUT, between the statement and a file, a program, the
// script or the terminal; and \copy, which names the place itself.

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "shell/copy_command.h"
#include "shell/line_editor.h"
#include "shell/shell.h"

namespace vesto::shell {
namespace {

constexpr size_t kBlockBytes = 64 << 10;

Status CopyFromFile(ResultStream& stream, FILE* file) {
  std::vector<char> block(kBlockBytes);
  while (const size_t size = std::fread(block.data(), 1, block.size(), file)) {
    if (Status status = stream.PutCopyData({block.data(), size}); !status.ok()) return status;
  }
  if (std::ferror(file) != 0) {
    return Status(SqlState::kIoError,
                  std::string("could not read from COPY file: ") + std::strerror(errno));
  }
  return stream.EndCopyData();
}

// Reads up to the line "\." (binary: to the end), also past an error: what follows is no SQL.
// `scanner`: counts the lines too, unless null.
Status CopyFromLines(ResultStream& stream, std::istream& lines, bool binary,
                     StatementScanner* scanner) {
  Status status;
  std::string block, line;
  while (std::getline(lines, line)) {
    if (scanner != nullptr) scanner->SkipLine();
    if (!binary && (line == "\\." || line == "\\.\r")) break;
    block += line;
    if (!lines.eof()) block += '\n';
    if (block.size() < kBlockBytes) continue;
    if (status.ok()) status = stream.PutCopyData(block);
    if (status.state() == SqlState::kQueryCanceled) return status;  // nobody waits for the end
    block.clear();
  }
  if (status.ok()) status = stream.PutCopyData(block);
  return status.ok() ? stream.EndCopyData() : status;
}

// Why a program that was closed did not end well; "" if it did.
std::string ProgramProblem(const std::string& program, int status) {
  if (status == 0) return "";
  if (status < 0) return program + ": " + std::strerror(errno);
  if (WIFSIGNALED(status)) {
    return program + ": child process was terminated by signal " +
           std::to_string(WTERMSIG(status)) + ": " + strsignal(WTERMSIG(status));
  }
  return program + ": child process exited with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

// Where \copy's rows come from or go to: a file or program, or (null) the process's own input and
// output.
struct Shell::CopyEnd {
  FILE* file = nullptr;
};

Status Shell::RunCopy(ResultStream& stream, Source& source, const CopyEnd* end) {
  const CopyInfo info = *stream.copy();
  Status status;
  FILE* out = nullptr;
  if (info.from_client) {
    status = CopyIn(stream, info.binary, source, end);
  } else if (end != nullptr) {
    out = end->file != nullptr ? end->file : stdout;
    status = CopyOut(stream, out);
  } else {
    status = Status(SqlState::kQueryCanceled, "COPY has no place for its rows");
    WithOutputOnce([&] {
      out = output_;
      status = CopyOut(stream, out);
    });
  }
  if (!status.ok()) return status;
  NoteSuccess(stream.affected_rows());
  // As psql: not where the rows have just gone.
  if (out != output_ && !Flag("QUIET")) Write(stream.command_tag() + "\n");
  return OkStatus();
}

Status Shell::CopyIn(ResultStream& stream, bool binary, Source& source, const CopyEnd* end) {
  if (end != nullptr && end->file != nullptr) return CopyFromFile(stream, end->file);
  if (end == nullptr && source.lines != nullptr) {
    return CopyFromLines(stream, *source.lines, binary, &source.scanner);
  }
  if (editor_ != nullptr) return CopyTyped(stream, *editor_);
  if (isatty(STDIN_FILENO) != 0) {
    LineEditor editor("", interrupt_->descriptor());
    return CopyTyped(stream, editor);
  }
  // What a script on standard input holds is a part of that script.
  const bool is_script = source.lines == &std::cin;
  std::cin.clear();
  return CopyFromLines(stream, std::cin, binary, is_script ? &source.scanner : nullptr);
}

Status Shell::CopyTyped(ResultStream& stream, LineEditor& editor) {
  session_.OnProgress(nullptr);
  if (!Flag("QUIET")) {
    std::printf(
        "Enter data to be copied followed by a newline.\n"
        "End with a backslash and a period on a line by itself, or an EOF signal.\n");
    std::fflush(stdout);
  }
  Status status;
  std::string line;
  while (true) {
    const auto outcome = editor.Read(Variable("PROMPT3").value_or(""), &line);
    if (outcome == LineEditor::Outcome::kInterrupted) {
      std::printf("\n");
      return Status(SqlState::kQueryCanceled, "COPY from stdin failed: canceled by user");
    }
    if (outcome == LineEditor::Outcome::kEnd || line == "\\.") break;
    // Reads on after an error: what is being pasted is no SQL.
    if (status.ok()) status = stream.PutCopyData(line + "\n");
  }
  return status.ok() ? stream.EndCopyData() : status;
}

Status Shell::CopyOut(ResultStream& stream, FILE* out) {
  ClearProgress();
  if (isatty(fileno(out)) != 0) session_.OnProgress(nullptr);  // it would stand among the rows
  std::string block;
  while (true) {
    const auto more = stream.GetCopyRow(&block);
    if (!more.ok()) return more.status();
    if (*more && block.size() < kBlockBytes) continue;
    if (std::fwrite(block.data(), 1, block.size(), out) != block.size()) break;
    block.clear();
    if (!*more && std::fflush(out) == 0) return OkStatus();
    if (!*more) break;
  }
  return Status(SqlState::kIoError,
                std::string("could not write COPY data: ") + std::strerror(errno));
}

bool Shell::RunCopyCommand(std::string_view text, Source& source) {
  CopyCommand command;
  std::string problem;
  if (!CopyCommand::Parse(text, &command, &problem)) {
    ReportProblem(problem);
    return false;
  }
  using Place = CopyCommand::Place;
  if (command.place == Place::kStatements) return RunSql(command.sql, source);
  if (command.place == Place::kProcess) {
    const CopyEnd end;
    return RunSql(command.sql, source, &end);
  }
  CopyEnd end;
  std::error_code ignored;
  if (command.place == Place::kProgram) {
    std::fflush(output_);
    end.file = popen(command.target.c_str(), command.from ? "r" : "w");
  } else if (std::filesystem::is_directory(command.target, ignored)) {
    ReportProblem(command.target + ": cannot copy from/to a directory");
    return false;
  } else {
    end.file = std::fopen(command.target.c_str(), command.from ? "rb" : "wb");
  }
  if (end.file == nullptr) {
    ReportProblem(command.target + ": " + std::strerror(errno));
    return false;
  }
  const bool ok = RunSql(command.sql, source, &end);
  if (command.place == Place::kProgram) {
    problem = ProgramProblem(command.target, pclose(end.file));
  } else if (std::fclose(end.file) != 0) {
    problem = command.target + ": " + std::strerror(errno);
  }
  if (ok && !problem.empty()) ReportProblem(problem);
  return ok && problem.empty();
}

}  // namespace vesto::shell
