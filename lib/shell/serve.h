#pragma once

namespace vesto::shell {

// `vesto serve`: opens a cluster and its network endpoint, and serves until SIGTERM or SIGINT.
// `argv[0]` is the word "serve". Returns the exit status: 0 after a signal, 2 for bad options, 1
// when the endpoint cannot be opened.
int Serve(int argc, char** argv);

}  // namespace vesto::shell
