#include "shell/serve.h"

#include <signal.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <toml++/toml.h>
#include <vector>

#include "shell/flag_errors.h"
#include "shell/mount_flag.h"
#include "shell/size_text.h"
#include "vesto/cluster.h"
#include "vesto/server.h"

namespace vesto::shell {
namespace {

// Where running statements stand when the server is told to stop.
constexpr auto kGrace = std::chrono::seconds(10);

struct ServeOptions {
  ClusterOptions cluster;
  ServerOptions server;
  std::string memory, password_file, config_file;
  std::string auth = "auto", tls = "on", log_format = "text";
  std::vector<std::string> mounts;
  int64_t idle_timeout_s = 0, login_timeout_s = 60;
};

int Fail(const std::string& message, int code = 2) {
  std::fprintf(stderr, "vesto serve: %s\n", message.c_str());
  return code;
}

std::string JsonText(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof(escape), "\\u%04x", c);
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

// One line on standard error per event.
class Logger {
 public:
  explicit Logger(bool json) : json_(json) {}

  void operator()(LogLevel level, std::string_view line) {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char time[32];
    std::strftime(time, sizeof(time), "%Y-%m-%dT%H:%M:%SZ", &utc);
    const char* name = level == LogLevel::kInfo      ? "info"
                       : level == LogLevel::kWarning ? "warning"
                                                     : "error";
    std::lock_guard<std::mutex> lock(mutex_);
    if (json_) {
      std::fprintf(stderr, "{\"time\":\"%s\",\"level\":\"%s\",\"message\":%s}\n", time, name,
                   JsonText(line).c_str());
    } else {
      std::fprintf(stderr, "%s %-7s %.*s\n", time, name, static_cast<int>(line.size()), line.data());
    }
  }

 private:
  const bool json_;
  std::mutex mutex_;
};

void AddOptions(CLI::App& app, ServeOptions& options) {
  ClusterOptions& cluster = options.cluster;
  ServerOptions& server = options.server;
  // Every option NAME is also VESTO_NAME in the environment and `name` in the configuration file.
  const auto add = [&](const char* flags, auto& value, const char* type, const char* env,
                       const std::string& text) {
    return app.add_option(flags, value, text)->type_name(type)->envname(env);
  };
  const auto range = [](int64_t min, int64_t max) {
    return CLI::Validator(
        [min, max](std::string& text) {
          int64_t number = 0;
          if (CLI::detail::lexical_cast(text, number) && number >= min && number <= max) {
            return std::string();
          }
          return text + " is not from " + std::to_string(min) + " to " + std::to_string(max);
        },
        "");
  };
  add("-d,--database", cluster.directory, "DIR", "VESTO_DATABASE",
      "Folder of the data (default: in memory)");
  add("--host", server.host, "ADDRESS", "VESTO_HOST",
      "Address to listen on (default 127.0.0.1: this machine alone)");
  add("--port", server.port, "PORT", "VESTO_PORT",
      "Port to listen on; 0 picks a free one (default 5439)")
      ->check(range(0, 65535));
  add("--nodes", cluster.compute_nodes, "N", "VESTO_NODES", "Compute nodes (default 1)")
      ->check(range(1, 128));
  add("--slices", cluster.slices_per_node, "N", "VESTO_SLICES",
      "Slices per compute node (default 2)")
      ->check(range(1, 64));
  add("--threads", cluster.worker_threads, "N", "VESTO_THREADS",
      "Threads that work on queries; 0 is one per core (default 0)")
      ->check(range(0, 1024));
  add("--memory", options.memory, "SIZE", "VESTO_MEMORY",
      "Budget of a compute node, such as 4GB (default: no limit)");
  add("--user", cluster.superuser, "NAME", "VESTO_USER", "The superuser (default awsuser)");
  add("--password-file", options.password_file, "FILE", "VESTO_PASSWORD_FILE",
      "The superuser's password, first line of a file (default: one is made and printed)");
  add("--auth", options.auth, "METHOD", "VESTO_AUTH",
      "How clients log in: auto, scram, digest (Amazon's drivers), md5, for which users' passwords "
      "are kept as MD5 too, or trust, which asks for no password (default auto)");
  add("--tls", options.tls, "MODE", "VESTO_TLS",
      "off, on for clients that ask, or require (default on)");
  add("--tls-cert", server.tls_certificate_file, "FILE", "VESTO_TLS_CERT",
      "Certificate, PEM (default: a self-signed one is made)");
  add("--tls-key", server.tls_key_file, "FILE", "VESTO_TLS_KEY", "Its key, PEM");
  add("--mount", options.mounts, "URL=DIR", "VESTO_MOUNT",
      "Answer s3://bucket from a local folder: s3://bucket=DIR")
      ->expected(1)
      ->take_all();
  add("--max-connections", server.max_connections, "N", "VESTO_MAX_CONNECTIONS",
      "Sessions at one time; the last three, a quarter at most, are kept for superusers (default 500)")
      ->check(range(1, 10'000));
  add("--idle-timeout", options.idle_timeout_s, "SECONDS", "VESTO_IDLE_TIMEOUT",
      "End sessions that have been silent so long; 0 is never (default 0)")
      ->check(range(0, 365 * 24 * 3600));
  add("--login-timeout", options.login_timeout_s, "SECONDS", "VESTO_LOGIN_TIMEOUT",
      "Disconnect clients that have not logged in by then (default 60)")
      ->check(range(1, 3600));
  app.add_flag("--strict", server.strict,
               "Refuse what Redshift refuses, such as COPY FROM STDIN and DISCARD")
      ->envname("VESTO_STRICT");
  add("--log-format", options.log_format, "FORMAT", "VESTO_LOG_FORMAT",
      "text or json, on standard error (default text)");
  add("--config", options.config_file, "FILE", "VESTO_CONFIG",
      "TOML file of these options, for what neither flag nor environment says");
}

// Options that neither the command line nor the environment gave, from a TOML file whose keys are
// their long names ("max-connections" or "max_connections"). Returns "" or what is wrong.
std::string ApplyConfig(CLI::App& app, const std::string& file) {
  toml::table table;
  try {
    table = toml::parse_file(file);
  } catch (const toml::parse_error& error) {
    return file + ":" + std::to_string(error.source().begin.line) + ": " +
           std::string(error.description());
  }
  for (const auto& [key, node] : table) {
    std::string name(key.str());
    for (char& c : name) {
      if (c == '_') c = '-';
    }
    CLI::Option* const option = app.get_option_no_throw("--" + name);
    if (option == nullptr || name == "config" || name == "help") {
      return file + ": unknown option \"" + std::string(key.str()) + "\"";
    }
    if (option->count() > 0) continue;
    std::vector<std::string> values;
    const auto add = [&values](const toml::node& value) {
      if (const auto text = value.value<std::string>()) values.push_back(*text);
      else if (const auto flag = value.value_exact<bool>()) values.push_back(*flag ? "true" : "false");
      else if (const auto number = value.value<int64_t>()) values.push_back(std::to_string(*number));
      else return false;
      return true;
    };
    bool understood = true;
    if (const toml::array* array = node.as_array()) {
      for (const toml::node& element : *array) understood = understood && add(element);
    } else {
      understood = add(node);
    }
    if (!understood) return file + ": \"" + std::string(key.str()) + "\" has no usable value";
    try {
      option->add_result(values);
      option->run_callback();
    } catch (const CLI::Error& error) {
      return file + ": " + error.what();
    }
  }
  return "";
}

template <typename T>
bool Choose(const std::map<std::string, T>& choices, const std::string& word, T* choice) {
  const auto it = choices.find(word);
  if (it == choices.end()) return false;
  *choice = it->second;
  return true;
}

// 24 letters and digits: more than 140 bits.
std::string MakePassword() {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
  constexpr int kLength = 24;
  std::random_device device;
  std::uniform_int_distribution<size_t> letter(0, kAlphabet.size() - 1);
  std::string password;
  for (int i = 0; i < kLength; ++i) password += kAlphabet[letter(device)];
  return password;
}

}  // namespace

int Serve(int argc, char** argv) {
  CLI::App app("Serves a cluster to psql and to the drivers of PostgreSQL and Redshift.", "vesto serve");
  app.get_formatter()->column_width(34);
  app.set_help_flag("-?,-h,--help", "This help");
  ServeOptions options;
  AddOptions(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fputs(ExplainFlagError(app, error).c_str(), stderr);
    return 2;
  }
  if (!options.config_file.empty()) {
    if (const std::string problem = ApplyConfig(app, options.config_file); !problem.empty()) {
      return Fail(problem);
    }
  }
  if (!Choose<LoginMethod>({{"auto", LoginMethod::kAuto},
                            {"scram", LoginMethod::kScram},
                            {"digest", LoginMethod::kDigest},
                            {"md5", LoginMethod::kMd5},
                            {"trust", LoginMethod::kTrust}},
                           options.auth, &options.server.auth)) {
    return Fail("--auth is auto, scram, digest, md5 or trust, not " + options.auth);
  }
  if (!Choose<TlsMode>(
          {{"off", TlsMode::kOff}, {"on", TlsMode::kOn}, {"require", TlsMode::kRequire}},
          options.tls, &options.server.tls)) {
    return Fail("--tls is off, on or require, not " + options.tls);
  }
  if (options.log_format != "text" && options.log_format != "json") {
    return Fail("--log-format is text or json, not " + options.log_format);
  }
  if (!options.memory.empty()) {
    options.cluster.memory_per_node_bytes = ParseSize(options.memory);
    if (options.cluster.memory_per_node_bytes < 0) return Fail("no size: " + options.memory);
  }
  options.server.idle_timeout = std::chrono::seconds(options.idle_timeout_s);
  options.server.login_timeout = std::chrono::seconds(options.login_timeout_s);
  options.cluster.allow_md5_passwords = options.server.auth == LoginMethod::kMd5;
  std::string made_password;
  if (!options.password_file.empty()) {
    std::ifstream file(options.password_file);
    if (!std::getline(file, options.cluster.superuser_password) ||
        options.cluster.superuser_password.empty()) {
      return Fail("no password in " + options.password_file);
    }
  } else if (options.server.auth != LoginMethod::kTrust) {
    made_password = MakePassword();
    options.cluster.superuser_password = made_password;
  }

  // Every thread that starts from here on leaves these signals to this one, which waits for them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  auto cluster = Cluster::Open(options.cluster);
  if (!cluster.ok()) return Fail(cluster.status().ToString(), 1);
  for (const std::string& mount : options.mounts) {
    if (const std::string problem = MountFolder(**cluster, mount); !problem.empty()) {
      return Fail(problem);
    }
  }
  auto logger = std::make_shared<Logger>(options.log_format == "json");
  options.server.log = [logger](LogLevel level, std::string_view line) { (*logger)(level, line); };
  auto server = Server::Start(**cluster, options.server);
  if (!server.ok()) {
    const Status& status = server.status();
    return Fail(std::string(status.message()) +
                    (status.hint().empty() ? "" : "\n" + std::string(status.hint())),
                1);
  }
  if (!made_password.empty()) {
    std::printf("Password of %s for this run: %s\n", options.cluster.superuser.c_str(),
                made_password.c_str());
  }
  std::printf("Vesto accepts connections at %s\n", (*server)->url().c_str());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&signals, &signal);
  (*logger)(LogLevel::kInfo, "stopping: no new work, running statements may finish");
  (*server)->Stop(kGrace);
  return 0;
}

}  // namespace vesto::shell
