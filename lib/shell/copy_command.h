#pragma once

#include <string>
#include <string_view>

namespace vesto::shell {

// What \copy asks for: COPY over the connection, and the place in this process's world that the
// rows come from or go to.
//   \copy orders (id, day) from 'orders.csv' csv header
//   \copy (select * from orders) to program 'gzip > orders.gz'
// Source: psql's manual, \copy.
struct CopyCommand {
  enum class Place {
    kFile,
    kProgram,
    kStatements,  // stdin and stdout: where statements come from and results go to
    kProcess,     // pstdin and pstdout: the process's own
  };
  bool from = false;
  Place place = Place::kFile;
  std::string target;  // the file's name or the program
  std::string sql;     // COPY ... FROM STDIN ... or COPY ... TO STDOUT ...

  // `text`: all after \copy. Otherwise `problem` says what is wrong.
  static bool Parse(std::string_view text, CopyCommand* command, std::string* problem);
};

}  // namespace vesto::shell
