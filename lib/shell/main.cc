// vesto: a cluster and a command line in one process. The flags are psql's where psql has one.

#include <CLI/CLI.hpp>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "shell/flag_errors.h"
#include "shell/help_text.h"
#include "shell/mount_flag.h"
#ifdef VESTO_HAVE_SERVER
#include "shell/serve.h"
#endif
#include "shell/shell.h"
#include "shell/size_text.h"
#include "vesto/cluster.h"
#include "vesto/object_store.h"

namespace {

using vesto::shell::Format;
using vesto::shell::PrintOptions;
using vesto::shell::Shell;

std::string Unescape(const std::string& text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == 't' || text[i + 1] == 'n')) {
      out += text[++i] == 't' ? '\t' : '\n';
    } else {
      out += text[i];
    }
  }
  return out;
}

int Fail(const std::string& message) {
  std::fprintf(stderr, "vesto: %s\n", message.c_str());
  return 2;
}

int Main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "");
  if (argc > 1 && std::string_view(argv[1]) == "serve") {
#ifdef VESTO_HAVE_SERVER
    return vesto::shell::Serve(argc - 1, argv + 1);
#else
    return Fail("this build has no endpoint: it was made without Asio or OpenSSL");
#endif
  }
  CLI::App app("Amazon Redshift in one process: a cluster and its command line.", "vesto");
  app.get_formatter()->column_width(34);
  app.footer(
      "Without -c and -f, statements are read from standard input; \\? lists the backslash commands.\n"
      "vesto serve opens a network endpoint instead: see vesto serve --help.\n"
      "\n"
      "Examples:\n"
      "  vesto\n"
      "  vesto --nodes 2 --slices 2 -f load.sql -c 'SELECT COUNT(*) FROM sales'\n"
      "  vesto --mount s3://landing=./files -v ON_ERROR_STOP=1 -f etl.sql\n"
      "  vesto -q --csv -c 'SELECT 42 AS answer'\n"
      "\n"
      "Exit status: 0; 1 after an error; 2 for bad flags or no cluster; 3 when ON_ERROR_STOP ended a file.");

  vesto::ClusterOptions cluster_options;
  cluster_options.allow_all_local_paths = true;  // the user's own shell reads what the user may
  Shell::Options options;
  std::string memory, completion, field_separator, record_separator;
  std::vector<std::string> commands, files, mounts, variables, print_settings;
  bool csv = false, unaligned = false, expanded = false, list = false, no_rc = false;

  app.add_option("-d,--database", cluster_options.directory,
                 "Folder of the data (default: in memory)")->type_name("DIR")
      ->group("Cluster");
  app.add_option("--nodes", cluster_options.compute_nodes, "Compute nodes (default 1)")
      ->type_name("N")
      ->group("Cluster");
  app.add_option("--slices", cluster_options.slices_per_node, "Slices per compute node (default 2)")
      ->type_name("N")
      ->group("Cluster");
  app.add_option("--threads", cluster_options.worker_threads,
                 "Threads that work on queries (default: one per core)")->type_name("N")
      ->group("Cluster");
  app.add_option("--memory", memory, "Budget of a compute node, such as 4GB (default: no limit)")
      ->type_name("SIZE")
      ->group("Cluster");
  app.add_option("--mount", mounts, "Answer s3://bucket from a local folder: s3://bucket=DIR")
      ->type_name("URL=DIR")->expected(1)->take_all()
      ->group("Cluster");
  app.add_option("-U,--user,--username", options.user, "User name")->type_name("NAME")
      ->group("Cluster");
  CLI::Option* const command_option =
      app.add_option("-c,--command", commands, "Run SQL or one backslash command, then exit")
          ->type_name("SQL")->expected(1)->take_all()
      ->group("Input");
  CLI::Option* const file_option =
      app.add_option("-f,--file", files, "Run a file, then exit; - is standard input")
          ->type_name("FILE")->expected(1)->take_all()
      ->group("Input");
  app.add_option("-v,--variable,--set", variables, "Set a variable, such as ON_ERROR_STOP=1")
      ->type_name("NAME=VALUE")->expected(1)->take_all()
      ->group("Input");
  app.add_flag("-A,--no-align", unaligned, "Unaligned output")
      ->group("Output");
  app.add_flag("-t,--tuples-only", options.print.tuples_only, "Rows only")
      ->group("Output");
  app.add_flag("-q,--quiet", options.quiet, "No messages, only results")
      ->group("Output");
  app.add_flag("-x,--expanded", expanded, "Expanded output")
      ->group("Output");
  app.add_flag("--csv", csv, "CSV output")
      ->group("Output");
  app.add_option("-F,--field-separator", field_separator, "Field separator of unaligned output")
      ->type_name("SEP")
      ->group("Output");
  app.add_option("-R,--record-separator", record_separator, "Record separator of unaligned output")
      ->type_name("SEP")
      ->group("Output");
  app.add_option("-P,--pset", print_settings, "A print option, such as format=json (see \\pset)")
      ->type_name("NAME=VALUE")->expected(1)->take_all()
      ->group("Output");
  app.add_option("-o,--output", options.output_file, "Send results to a file")->type_name("FILE")
      ->group("Output");
  app.add_flag("-1,--single-transaction", options.single_transaction,
               "Run -c and -f in one transaction")
      ->group("Input");
  app.add_flag("-a,--echo-all", options.echo_all, "Print input lines")
      ->group("Output");
  app.add_flag("-e,--echo-queries", options.echo_queries, "Print statements")
      ->group("Output");
  app.add_flag("-E,--echo-hidden", options.echo_hidden, "Print the queries of backslash commands")
      ->group("Output");
  app.add_flag("-n,--no-readline", options.plain_input, "No line editing, no history")
      ->group("Input");
  app.add_flag("-X,--no-rc,--no-psqlrc", no_rc, "Do not read ~/.vestorc")
      ->group("Input");
  app.add_flag("-l,--list", list, "List databases, then exit")
      ->group("Other");
  app.add_option("--completion", completion, "Print a completion script: bash, zsh or fish")
      ->type_name("SHELL")
      ->group("Other");
  app.set_version_flag("-V,--version", "vesto " + std::string(vesto::Version()), "Print the version")
      ->group("Other");
  app.set_help_flag("-?,-h,--help", "This help")->group("Other");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fputs(vesto::shell::ExplainFlagError(app, error).c_str(), stderr);
    return 2;
  }

  if (!completion.empty()) {
    const std::string_view script = vesto::shell::CompletionScript(completion);
    if (script.empty()) return Fail("no completion for \"" + completion + "\": bash, zsh or fish");
    std::fwrite(script.data(), 1, script.size(), stdout);
    return 0;
  }
  if (!memory.empty()) {
    cluster_options.memory_per_node_bytes = vesto::shell::ParseSize(memory);
    if (cluster_options.memory_per_node_bytes < 0) return Fail("no size: " + memory);
  }
  options.read_rc = !no_rc;
  if (unaligned) options.print.format = Format::kUnaligned;
  if (csv) options.print.format = Format::kCsv;
  if (expanded) options.print.expanded = PrintOptions::Expanded::kOn;
  if (!field_separator.empty()) options.print.field_separator = Unescape(field_separator);
  if (!record_separator.empty()) options.print.record_separator = Unescape(record_separator);
  for (const std::string& text : variables) {
    const size_t equals = text.find('=');
    options.variables.emplace_back(text.substr(0, equals),
                                   equals == std::string::npos ? "" : text.substr(equals + 1));
  }

  auto cluster = vesto::Cluster::Open(cluster_options);
  if (!cluster.ok()) {
    std::fprintf(stderr, "ERROR:  %s\n", cluster.status().ToString().c_str());
    return 2;
  }
  for (const std::string& mount : mounts) {
    if (const std::string problem = vesto::shell::MountFolder(**cluster, mount); !problem.empty()) {
      return Fail(problem);
    }
  }
  auto session = (*cluster)->Connect({.user = options.user, .database = ""});
  if (!session.ok()) {
    std::fprintf(stderr, "ERROR:  %s\n", session.status().ToString().c_str());
    return 2;
  }

  // -c and -f run in the order they were given.
  std::vector<Shell::Action> actions;
  size_t next_command = 0, next_file = 0;
  for (const CLI::Option* option : app.parse_order()) {
    if (option == command_option && next_command < commands.size()) {
      actions.push_back({Shell::Action::kCommand, commands[next_command++]});
    } else if (option == file_option && next_file < files.size()) {
      actions.push_back({Shell::Action::kFile, files[next_file++]});
    }
  }
  if (list) actions.insert(actions.begin(), {Shell::Action::kCommand, "\\l"});
  for (const std::string& setting : print_settings) {
    const size_t equals = setting.find('=');
    std::optional<std::string> value;
    if (equals != std::string::npos) value = setting.substr(equals + 1);
    options.print_settings.emplace_back(setting.substr(0, equals), std::move(value));
  }
  Shell shell(**cluster, *std::move(session), std::move(options));
  return shell.Run(actions);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Main(argc, argv);
  } catch (const std::exception& exception) {
    std::fprintf(stderr, "vesto: %s\n", exception.what());
    return 2;
  }
}
