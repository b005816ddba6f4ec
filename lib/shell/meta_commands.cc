// The backslash commands. Each is one entry of the table at the end; what they do follows psql.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <utility>

#include "shell/help_text.h"
#include "shell/shell.h"

namespace vesto::shell {
namespace {

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string Literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  return out + "'";
}

// As psql reads it: the beginning of a word is enough. nullopt = neither on nor off.
std::optional<bool> OnOff(const std::string& text) {
  const std::string lower = Lower(text);
  const auto begins = [&](std::string_view word, size_t length_min = 1) {
    return lower.size() >= length_min && word.starts_with(lower);
  };
  if (begins("true") || begins("yes") || begins("on", 2) || lower == "1") return true;
  if (begins("false") || begins("no") || begins("off", 2) || lower == "0") return false;
  return std::nullopt;
}

// psql's pattern [schema.]name with * and ?, as conditions on two SQL expressions. Without a schema only
// what the search path sees; without any pattern nothing of the system.
struct NamePattern {
  std::string schema, name;  // LIKE patterns; "" = any
  bool system = false;       // \dtS: the system's own too, without a pattern
  std::vector<std::string> visible;  // schemas of the search path

  explicit NamePattern(std::string_view text, std::vector<std::string> visible_in = {})
      : visible(std::move(visible_in)) {
    std::string part;
    bool quoted = false;
    for (const char c : text) {
      if (c == '"') {
        quoted = !quoted;
      } else if (!quoted && c == '.') {
        schema = std::move(part);
        part.clear();
      } else if (!quoted && c == '*') {
        part += '%';
      } else if (!quoted && c == '?') {
        part += '_';
      } else if (c == '%' || c == '_' || c == '\\') {
        part += '\\';
        part += c;
      } else {
        part += quoted ? c : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      }
    }
    name = std::move(part);
  }

  // " AND ..." conditions.
  std::string On(const std::string& schema_expr, const std::string& name_expr) const {
    std::string out;
    if (!name.empty()) out += " AND " + name_expr + " LIKE " + Literal(name);
    if (schema_expr.empty()) return out;
    if (!schema.empty()) return out + " AND " + schema_expr + " LIKE " + Literal(schema);
    if (name.empty() && !system) {
      out += " AND " + schema_expr + " NOT IN ('pg_catalog', 'information_schema', 'pg_internal')";
    }
    if (visible.empty()) return out;
    // The session's temporary tables come first in every search path.
    out += " AND (" + schema_expr + " LIKE 'pg\\\\_temp\\\\_%' OR " + schema_expr + " IN (";
    for (size_t i = 0; i < visible.size(); ++i) out += (i == 0 ? "" : ", ") + Literal(visible[i]);
    return out + "))";
  }
};

// Relations of some kinds ("r" tables, "v" views), for \d without a name and \dt, \dv.
std::string RelationQuery(const std::string& kinds, const NamePattern& name, bool verbose) {
  std::string relkinds;
  for (const char kind : kinds) {
    relkinds += (relkinds.empty() ? "'" : ", '") + std::string(1, kind) + "'";
  }
  return "SELECT n.nspname AS \"Schema\", c.relname AS \"Name\", CASE c.relkind WHEN 'r' THEN 'table' "
         "WHEN 'v' THEN 'view' ELSE c.relkind::varchar END AS \"Type\", u.usename AS \"Owner\"" +
         std::string(verbose ? ", c.reltuples::bigint AS \"Rows\"" : "") +
         " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
         "LEFT JOIN pg_catalog.pg_user u ON u.usesysid = c.relowner WHERE c.relkind IN (" +
         relkinds + ")" + name.On("n.nspname", "c.relname") + " ORDER BY 1, 2";
}

}  // namespace

// The words after a command: blanks separate, quotes join, :name is replaced by its variable.
struct Shell::Arguments {
  const Shell& shell;
  std::string_view text;

  void SkipBlanks() {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text[0]))) text.remove_prefix(1);
  }

  // `keep_quotes`: double quotes stay, for names.
  std::optional<std::string> Next(bool keep_quotes = false) {
    SkipBlanks();
    if (text.empty()) return std::nullopt;
    std::string out;
    while (!text.empty() && !std::isspace(static_cast<unsigned char>(text[0]))) {
      const char c = text[0];
      text.remove_prefix(1);
      if (c == '\'') {
        while (!text.empty()) {
          const char d = text[0];
          text.remove_prefix(1);
          if (d == '\'') {
            if (text.empty() || text[0] != '\'') break;
            out += '\'';
            text.remove_prefix(1);
          } else if (d == '\\' && !text.empty()) {
            const char e = text[0];
            text.remove_prefix(1);
            out += e == 'n' ? '\n' : e == 't' ? '\t' : e == 'r' ? '\r' : e;
          } else {
            out += d;
          }
        }
      } else if (c == '"') {
        if (keep_quotes) out += c;
        while (!text.empty() && text[0] != '"') {
          out += text[0];
          text.remove_prefix(1);
        }
        if (!text.empty()) text.remove_prefix(1);
        if (keep_quotes) out += c;
      } else if (c == ':' && text.starts_with("{?") && text.find('}') != std::string_view::npos) {
        const size_t end = text.find('}');
        out += shell.Variable(text.substr(2, end - 2)) ? "TRUE" : "FALSE";
        text.remove_prefix(end + 1);
      } else if (c == ':') {
        size_t length = 0;
        const bool quoted = !text.empty() && (text[0] == '\'' || text[0] == '"');
        const std::string_view rest = quoted ? text.substr(1) : text;
        while (length < rest.size() &&
               (std::isalnum(static_cast<unsigned char>(rest[length])) || rest[length] == '_')) {
          ++length;
        }
        const auto value = shell.Variable(rest.substr(0, length));
        if (length > 0 && value) {
          out += *value;
          text.remove_prefix(std::min(text.size(), length + (quoted ? 2 : 0)));
        } else {
          out += c;
        }
      } else {
        out += c;
      }
    }
    return out;
  }

  std::string Rest() {
    SkipBlanks();
    std::string rest(std::exchange(text, {}));
    while (!rest.empty() && std::isspace(static_cast<unsigned char>(rest.back()))) rest.pop_back();
    return rest;
  }
};

StatusOr<ResultSet> Shell::Hidden(const std::string& sql) {
  if (Flag("ECHO_HIDDEN")) Write("********* QUERY **********\n" + sql + "\n**************************\n\n");
  return session_.Execute(sql);
}

bool Shell::PrintQuery(const std::string& query, const std::string& title,
                       std::vector<std::string> footers, const std::string& none) {
  const auto result = Hidden(query);
  if (!result.ok()) {
    ReportError(result.status(), query);
    had_error_ = true;
    return false;
  }
  if (result->num_rows() == 0 && !none.empty()) {
    std::fflush(output_);
    if (!Flag("QUIET")) std::fprintf(stderr, "%s%s\n", Where().c_str(), none.c_str());
    return true;
  }
  TextTable table = TextTable::Of(*result);
  // Redshift folds quoted names; titles are spelled as psql's.
  for (std::string& heading : table.headers) {
    if (!heading.empty()) heading[0] = static_cast<char>(std::toupper(heading[0]));
  }
  table.title = title;
  table.footers = std::move(footers);
  Write(Print(table, print_));
  return true;
}

std::vector<std::string> Shell::VisibleSchemas() {
  const auto schemas = Hidden("SELECT current_schemas(true)");
  std::vector<std::string> names;
  if (!schemas.ok() || schemas->num_rows() == 0) return names;
  std::string name;
  for (const char c : schemas->row(0).Get<std::string>(0)) {
    if (c == '{' || c == '"') continue;
    if (c != ',' && c != '}') {
      name += c;
    } else if (!name.empty()) {
      names.push_back(std::exchange(name, {}));
    }
  }
  return names;
}

bool Shell::Describe(const std::string& pattern, bool verbose) {
  const NamePattern name(pattern, VisibleSchemas());
  // Which relations? A plain name finds what the search path would.
  const auto found = Hidden(
      "SELECT n.nspname, c.relname, c.relkind::varchar, c.oid FROM pg_catalog.pg_class c JOIN "
      "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v')" +
      name.On("n.nspname", "c.relname") + " ORDER BY 1, 2");
  if (!found.ok()) {
    ReportError(found.status(), "");
    had_error_ = true;
    return false;
  }
  if (found->num_rows() == 0) {
    ReportProblem("Did not find any relation named \"" + pattern + "\".");
    return false;
  }
  bool ok = true;
  for (const Row& row : *found) {
    ok &= DescribeOne({.schema = row.Get<std::string>(0),
                       .name = row.Get<std::string>(1),
                       .oid = row.Get<std::string>(3),
                       .is_view = row.Get<std::string>(2) == "v"},
                      verbose);
  }
  return ok;
}

bool Shell::DescribeOne(const Relation& relation, bool verbose) {
  // The catalog shows what the user may not read too, as psql does; SVV views do not.
  const std::string columns_that =
      " FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND "
      "d.adnum = a.attnum WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attrelid = " +
      relation.oid;
  const std::string query =
      "SELECT a.attname AS \"Column\", pg_catalog.format_type(a.atttypid, a.atttypmod) AS \"Type\", "
      "CASE WHEN a.attnotnull THEN 'not null' ELSE '' END AS \"Nullable\", COALESCE(d.adsrc, '') AS "
      "\"Default\"" +
      std::string(relation.is_view
                      ? ""
                      : ", format_encoding(a.attencodingtype::integer) AS \"Encoding\", CASE WHEN "
                        "a.attisdistkey THEN 'yes' ELSE '' END AS \"DistKey\", a.attsortkeyord AS "
                        "\"SortKey\"") +
      columns_that + " ORDER BY a.attnum";
  std::vector<std::string> footers;
  if (relation.is_view) {
    const auto definition = Hidden("SELECT definition FROM pg_views WHERE viewname = " +
                                   Literal(relation.name) + " AND schemaname = " +
                                   Literal(relation.schema));
    if (definition.ok() && definition->num_rows() > 0) {
      footers.push_back("View definition:");
      footers.push_back(" " + definition->row(0).Get<std::string>(0));
    }
  } else {
    const auto table = Hidden(
        "SELECT CASE reldiststyle WHEN 0 THEN 'EVEN' WHEN 1 THEN 'KEY' WHEN 8 THEN 'ALL' ELSE "
        "'AUTO(EVEN)' END, reltuples::bigint FROM pg_catalog.pg_class WHERE oid = " +
        relation.oid);
    const auto column_with = [&](const std::string& condition) {
      const auto found = Hidden("SELECT a.attname" + columns_that + " AND " + condition);
      return found.ok() && found->num_rows() > 0 ? found->row(0).Get<std::string>(0) : std::string();
    };
    if (table.ok() && table->num_rows() > 0) {
      std::string style = table->row(0).Get<std::string>(0);
      if (style == "KEY") style += "(" + column_with("a.attisdistkey") + ")";
      footers.push_back("Diststyle: " + style);
    }
    if (const std::string key = column_with("a.attsortkeyord = 1"); !key.empty()) {
      footers.push_back("Sort key begins with: " + key);
    }
    if (verbose && table.ok() && table->num_rows() > 0) {
      footers.push_back("Rows: " + table->row(0).Get<std::string>(1));
    }
  }
  const std::string kind = relation.is_view ? "View" : "Table";
  return PrintQuery(query, kind + " \"" + relation.schema + "." + relation.name + "\"",
                    std::move(footers));
}

bool Shell::SetPrintOption(const std::string& name, const std::string* value, bool announce) {
  announce = announce && !Flag("QUIET");
  const auto say = [&](const std::string& text) {
    if (announce) Write(text + "\n");
  };
  const auto toggle = [&](bool& option) -> bool {
    if (value == nullptr) {
      option = !option;
      return true;
    }
    const auto wanted = OnOff(*value);
    if (!wanted) {
      ReportProblem("unrecognized value \"" + *value + "\" for \"" + name + "\": Boolean expected");
      return false;
    }
    option = *wanted;
    return true;
  };
  if (name == "format") {
    if (value != nullptr && *value == "wrapped") {
      print_.format = Format::kAligned;
    } else if (value != nullptr && !ParseFormat(*value, &print_.format)) {
      ReportProblem("\\pset: allowed formats are aligned, csv, json, markdown, unaligned");
      return false;
    }
    say("Output format is " + std::string(FormatName(print_.format)) + ".");
  } else if (name == "expanded" || name == "x" || name == "vertical") {
    using Expanded = PrintOptions::Expanded;
    if (value != nullptr && *value == "auto") {
      print_.expanded = Expanded::kAuto;
      say("Expanded display is used automatically.");
      return true;
    }
    bool on = print_.expanded == Expanded::kOn;
    if (!toggle(on)) return false;
    print_.expanded = on ? Expanded::kOn : Expanded::kOff;
    say(on ? "Expanded display is on." : "Expanded display is off.");
  } else if (name == "tuples_only" || name == "t") {
    if (!toggle(print_.tuples_only)) return false;
    say(print_.tuples_only ? "Tuples only is on." : "Tuples only is off.");
  } else if (name == "footer") {
    if (!toggle(print_.footer)) return false;
    say(print_.footer ? "Default footer is on." : "Default footer is off.");
  } else if (name == "pager") {
    if (value != nullptr && *value == "always") {
      pager_ = true;
    } else if (!toggle(pager_)) {
      return false;
    }
    say(pager_ ? "Pager is used for long output." : "Pager usage is off.");
  } else if (name == "null") {
    if (value != nullptr) print_.null_text = *value;
    say("Null display is \"" + print_.null_text + "\".");
  } else if (name == "title") {
    print_.title = value != nullptr ? *value : "";
    say(print_.title.empty() ? "Title is unset." : "Title is \"" + print_.title + "\".");
  } else if (name == "fieldsep") {
    if (value != nullptr) print_.field_separator = *value;
    say("Field separator is \"" + print_.field_separator + "\".");
  } else if (name == "fieldsep_zero") {
    print_.field_separator = std::string(1, '\0');
    say("Field separator is zero byte.");
  } else if (name == "recordsep") {
    if (value != nullptr) print_.record_separator = *value;
    say("Record separator is set.");
  } else if (name == "csv_fieldsep") {
    if (value != nullptr) {
      if (value->size() != 1 || std::string("\"\r\n").find((*value)[0]) != std::string::npos) {
        ReportProblem("\\pset: csv_fieldsep must be a single one-byte character");
        return false;
      }
      print_.csv_separator = *value;
    }
    say("Field separator for CSV is \"" + print_.csv_separator + "\".");
  } else if (name == "border") {
    if (value != nullptr) {
      print_.border = std::clamp(std::atoi(value->c_str()), 0, 2);
    }
    say("Border style is " + std::to_string(print_.border) + ".");
  } else if (name == "columns") {
    if (value != nullptr) print_.columns = std::max(0, std::atoi(value->c_str()));
    say(print_.columns == 0 ? "Target width is unset."
                            : "Target width is " + std::to_string(print_.columns) + ".");
  } else if (name == "linestyle" || name == "numericlocale" ||
             name == "pager_min_lines" || name == "unicode_border_linestyle" ||
             name == "unicode_column_linestyle" || name == "unicode_header_linestyle" ||
             name == "tableattr") {
    // Known to psql, of no effect here: scripts that set them should run.
  } else {
    ReportProblem("\\pset: unknown option: " + name);
    return false;
  }
  return true;
}

void Shell::ShowPrintOptions() {
  const auto on = [](bool value) { return value ? "on" : "off"; };
  using Expanded = PrintOptions::Expanded;
  std::string text;
  const auto line = [&](std::string name, const std::string& value) {
    name.resize(24, ' ');
    text += name + value + "\n";
  };
  line("border", std::to_string(print_.border));
  line("columns", std::to_string(print_.columns));
  line("csv_fieldsep", "'" + print_.csv_separator + "'");
  line("expanded", print_.expanded == Expanded::kAuto ? "auto" : on(print_.expanded == Expanded::kOn));
  line("fieldsep", "'" + print_.field_separator + "'");
  line("footer", on(print_.footer));
  line("format", std::string(FormatName(print_.format)));
  line("null", "'" + print_.null_text + "'");
  line("pager", on(pager_));
  line("recordsep", print_.record_separator == "\n" ? "'\\n'" : "'" + print_.record_separator + "'");
  line("title", print_.title);
  line("tuples_only", on(print_.tuples_only));
  Write(text);
}

bool Shell::Edit(std::optional<std::string> path, StatementScanner& scanner) {
  const bool temporary = !path.has_value();
  if (temporary) {
    const char* folder = std::getenv("TMPDIR");
    path = std::string(folder != nullptr ? folder : "/tmp") + "/vesto.edit.XXXXXX.sql";
    const int file = mkstemps(path->data(), 4);
    if (file < 0) {
      ReportProblem("\\e: cannot make " + *path);
      return false;
    }
    const std::string text =
        (scanner.pending().empty() ? last_statement_ : scanner.pending()) + "\n";
    const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    close(file);
    if (!written) {
      ReportProblem("\\e: cannot write " + *path);
      unlink(path->c_str());
      return false;
    }
  }
  std::string quoted = "'";
  for (const char c : *path) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  std::fflush(output_);
  // As psql: the variable is shell text, so that it may hold options and quotes.
  const char* editor = nullptr;
  for (const char* variable : {"PSQL_EDITOR", "EDITOR", "VISUAL"}) {
    if (editor == nullptr) editor = std::getenv(variable);
  }
  const int status =
      std::system((std::string(editor != nullptr ? editor : "vi") + " " + quoted + "'").c_str());
  std::ifstream edited(*path);
  const bool ok = status == 0 && edited.good();
  if (ok) {
    scanner.Reset();
    for (std::string line; std::getline(edited, line);) scanner.AddLine(line);
  } else {
    ReportProblem("\\e: the editor failed; the statement is what it was");
  }
  if (temporary) unlink(path->c_str());
  return ok;
}

std::optional<Shell::Flow> Shell::RunCondition(const std::string& name, Arguments& arguments,
                                               Source& source) {
  const auto test = [&] {
    std::string text;
    while (const auto word = arguments.Next()) text += (text.empty() ? "" : " ") + *word;
    const auto value = OnOff(text);
    if (!value) {
      ReportProblem("unrecognized value \"" + text + "\" for \"\\" + name +
                    " expression\": Boolean expected");
    }
    return value.value_or(false);
  };
  std::string problem;
  if (name == "if") {
    source.conditions.If(source.scanner, test);
  } else if (name == "elif") {
    problem = source.conditions.Elif(source.scanner, test);
  } else if (name == "else") {
    problem = source.conditions.Else(source.scanner);
  } else if (name == "endif") {
    problem = source.conditions.EndIf(source.scanner);
  } else {
    return std::nullopt;
  }
  if (problem.empty()) return Flow::kContinue;
  ReportProblem(problem);
  return AfterError();
}

Shell::Flow Shell::RunMeta(const std::string& text, Source& source) {
  StatementScanner& scanner = source.scanner;
  // The name ends at a blank; "\!" and "\?" need none.
  size_t length = 0;
  while (length < text.size() && !std::isspace(static_cast<unsigned char>(text[length]))) ++length;
  if (!text.empty() && (text[0] == '!' || text[0] == '?')) length = 1;
  std::string name = text.substr(0, length);
  Arguments arguments{*this, std::string_view(text).substr(length)};

  const auto ended = [this](bool ok) { return ok ? Flow::kContinue : AfterError(); };
  const auto problem = [this](const std::string& message) {
    ReportProblem(message);
    return AfterError();
  };
  const auto take_statement = [&] {
    std::string sql = scanner.TakePending();
    return sql.empty() ? last_statement_ : sql;
  };

  if (const auto flow = RunCondition(name, arguments, source)) return *flow;
  if (!source.conditions.active()) {
    if (source.lines == nullptr) {
      ReportProblem("\\" + name +
                    " command ignored; use \\endif or Ctrl-C to exit current \\if block");
    }
    return Flow::kContinue;
  }
  if (name == "q" || name == "quit" || name == "exit") return Flow::kQuit;
  if (name == "?" || name == "help") {
    Write(std::string(CommandHelp()));
    return Flow::kContinue;
  }
  if (name == "h") {
    Write(SqlHelp(arguments.Rest()));
    return Flow::kContinue;
  }
  if (name == "copyright") {
    Write("Vesto is licensed under the Apache License, Version 2.0.\n");
    return Flow::kContinue;
  }
  if (name == "timing") {
    const auto value = arguments.Next();
    timing_ = value ? OnOff(*value).value_or(timing_) : !timing_;
    if (!Flag("QUIET")) Write(timing_ ? "Timing is on.\n" : "Timing is off.\n");
    return Flow::kContinue;
  }
  if (name == "x" || name == "t") {
    const auto value = arguments.Next();
    return ended(SetPrintOption(name, value ? &*value : nullptr, true));
  }
  if (name == "a") {
    const std::string wanted = print_.format == Format::kAligned ? "unaligned" : "aligned";
    return ended(SetPrintOption("format", &wanted, true));
  }
  if (name == "f") {
    const auto value = arguments.Next();
    return ended(SetPrintOption("fieldsep", value ? &*value : nullptr, true));
  }
  if (name == "C") {
    const auto value = arguments.Next();
    return ended(SetPrintOption("title", value ? &*value : nullptr, true));
  }
  if (name == "pset") {
    const auto option = arguments.Next();
    if (!option) {
      ShowPrintOptions();
      return Flow::kContinue;
    }
    const auto value = arguments.Next();
    return ended(SetPrintOption(*option, value ? &*value : nullptr, true));
  }
  if (name == "set") {
    const auto variable = arguments.Next();
    if (!variable) {
      std::string all;
      for (const auto& [key, value] : variables_) all += key + " = '" + value + "'\n";
      Write(all);
      return Flow::kContinue;
    }
    std::string value;
    while (const auto part = arguments.Next()) value += *part;
    SetVariable(*variable, value);
    return Flow::kContinue;
  }
  if (name == "unset") {
    const auto variable = arguments.Next();
    if (!variable) return problem("\\unset: missing required argument");
    variables_.erase(*variable);
    return Flow::kContinue;
  }
  if (name == "echo" || name == "qecho" || name == "warn") {
    std::string line;
    auto word = arguments.Next();
    bool newline = true;
    if (word == "-n") {
      newline = false;
      word = arguments.Next();
    }
    for (bool first = true; word; word = arguments.Next(), first = false) {
      if (!first) line += ' ';
      line += *word;
    }
    if (newline) line += '\n';
    if (name == "qecho") {
      Write(line);
    } else {
      std::fflush(output_);
      FILE* const to = name == "echo" ? stdout : stderr;
      std::fwrite(line.data(), 1, line.size(), to);
      std::fflush(to);
    }
    return Flow::kContinue;
  }
  if (name == "i" || name == "include" || name == "ir" || name == "include_relative") {
    auto path = arguments.Next();
    if (!path) return problem("\\" + name + ": missing required argument");
    if (name[name.size() - 1] == 'r' || name == "include_relative") {
      const std::string from = inputs_.empty() ? "" : inputs_.back().name;
      const size_t slash = from.rfind('/');
      if ((*path)[0] != '/' && slash != std::string::npos) {
        path = from.substr(0, slash + 1) + *path;
      }
    }
    if (inputs_.size() > 100) return problem("\\i: files include each other too deeply");
    const Flow flow = RunFile(*path);
    return flow == Flow::kStop && interactive_ && inputs_.empty() ? Flow::kContinue : flow;
  }
  if (name == "o" || name == "out") {
    return ended(SetOutput(arguments.text.find('|') != std::string_view::npos
                               ? arguments.Rest()
                               : arguments.Next().value_or("")));
  }
  if (name == "w" || name == "write") {
    const auto path = arguments.Next();
    if (!path) return problem("\\w: missing required argument");
    FILE* file = std::fopen(path->c_str(), "w");
    if (file == nullptr) return problem(*path + ": cannot be written");
    const std::string& sql = scanner.pending().empty() ? last_statement_ : scanner.pending();
    std::fprintf(file, "%s\n", sql.c_str());
    std::fclose(file);
    return Flow::kContinue;
  }
  if (name == "p" || name == "print") {
    const std::string& sql = scanner.pending().empty() ? last_statement_ : scanner.pending();
    Write(sql.empty() ? "Query buffer is empty.\n" : sql + "\n");
    return Flow::kContinue;
  }
  if (name == "r" || name == "reset") {
    scanner.TakePending();
    if (!Flag("QUIET")) Write("Query buffer reset (cleared).\n");
    return Flow::kContinue;
  }
  if (name == "e" || name == "edit") return ended(Edit(arguments.Next(), scanner));
  if (name == "g" || name == "gx" || name == "gset") {
    if (name == "gx") expanded_once_ = true;
    if (name == "gset") {
      gset_prefix_ = arguments.Next().value_or("");
    } else if (const std::string target = arguments.Rest(); !target.empty()) {
      output_once_ = target;
    }
    return ended(RunStatement(take_statement(), source));
  }
  if (name == "copy") return ended(RunCopyCommand(arguments.text, source));
  if (name == "!") {
    const std::string command = arguments.Rest();
    std::fflush(output_);
    const int status = std::system(command.empty() ? "${SHELL:-sh}" : command.c_str());
    return ended(status == 0);
  }
  if (name == "cd") {
    const std::string folder = arguments.Next().value_or("~");
    const char* home = std::getenv("HOME");
    const std::string target = folder == "~" && home != nullptr ? home : folder;
    if (chdir(target.c_str()) != 0) return problem("\\cd: cannot change to \"" + target + "\"");
    return Flow::kContinue;
  }
  if (name == "conninfo") {
    Write("You are connected to database \"" + database_ + "\" as user \"" +
          Variable("USER").value_or("") + "\" in this process (" +
          std::to_string(cluster_.options().compute_nodes) + " x " +
          std::to_string(cluster_.options().slices_per_node) + " slices).\n");
    return Flow::kContinue;
  }
  if (name == "c" || name == "connect") {
    auto database = arguments.Next();
    auto user = arguments.Next();
    if (!database || *database == "-") database = database_;
    if (!user || *user == "-") user = Variable("USER");
    auto session = cluster_.Connect({.user = user.value_or(""), .database = *database});
    if (!session.ok()) {
      ReportError(session.status(), "");
      return AfterError();
    }
    {
      const std::lock_guard lock(session_mutex_);
      session_ = *std::move(session);
    }
    session_.OnNotice([this](const Notice& notice) {
      std::fflush(output_);
      std::fprintf(stderr, "%s%s:  %s\n", Where().c_str(), notice.severity.c_str(),
                   notice.message.c_str());
    });
    database_ = *database;
    SetVariable("DBNAME", database_);
    SetVariable("USER", user.value_or(""));
    if (!Flag("QUIET")) {
      Write("You are now connected to database \"" + database_ + "\" as user \"" +
            user.value_or("") + "\".\n");
    }
    return Flow::kContinue;
  }
  if (name == "streams") {
    const auto query = arguments.Next();
    return ended(PrintQuery(
        "SELECT stm AS \"Stream\", seg AS \"Segment\", step AS \"Step\", rows AS \"Rows\", bytes AS "
         "\"Bytes\", maxtime AS \"Max us\", avgtime AS \"Avg us\", TRIM(label) AS \"Label\" FROM "
         "svl_query_summary WHERE query = " +
         (query && std::all_of(query->begin(), query->end(),
                               [](char c) { return c >= '0' && c <= '9'; })
              ? *query
              : std::string("pg_last_query_id()")) +
         " ORDER BY 1, 2, 3",
        "Streams, segments and steps"));
  }
  if (name == "blocks") {
    const auto table = arguments.Next(true);
    if (!table) return problem("\\blocks: missing required argument");
    const NamePattern pattern(*table);
    return ended(PrintQuery(
        "SELECT b.slice AS \"Slice\", b.col AS \"Column\", b.blocknum AS \"Block\", b.num_values AS "
         "\"Values\", b.minvalue AS \"Min\", b.maxvalue AS \"Max\", b.unsorted AS \"Unsorted\" FROM "
         "stv_blocklist b JOIN svv_table_info t ON t.table_id = b.tbl WHERE 1 = 1" +
         pattern.On("t.\"schema\"", "t.\"table\"") + " ORDER BY 2, 1, 3",
        "Blocks of " + *table));
  }
  if (name == "l" || name == "list" || name == "l+") {
    return ended(PrintQuery(
        "SELECT d.datname AS \"Name\", u.usename AS \"Owner\" FROM pg_catalog.pg_database d LEFT JOIN "
         "pg_catalog.pg_user u ON u.usesysid = d.datdba WHERE d.datname NOT IN ('padb_harvest', "
         "'template0', 'template1') ORDER BY 1",
        "List of databases"));
  }
  if (!name.empty() && name[0] == 'd') {
    std::string letters = name.substr(1);
    bool verbose = false, system = false;
    while (!letters.empty() && (letters.back() == '+' || letters.back() == 'S')) {
      verbose |= letters.back() == '+';
      system |= letters.back() == 'S';
      letters.pop_back();
    }
    const std::string pattern = arguments.Next(true).value_or("");
    if (letters.empty() && !pattern.empty()) return ended(Describe(pattern, verbose));
    const bool relations =
        letters.empty() || letters == "t" || letters == "v" || letters == "tv" || letters == "vt";
    NamePattern like(pattern, relations || letters == "f" ? VisibleSchemas()
                                                          : std::vector<std::string>());
    like.system = system;
    if (relations) {
      const std::string kinds = letters == "t" ? "r" : letters == "v" ? "v" : "rv";
      return ended(PrintQuery(RelationQuery(kinds, like, verbose), "List of relations", {},
                              pattern.empty() ? "Did not find any relations."
                                              : "Did not find any relation named \"" + pattern + "\"."));
    }
    if (letters == "n") {
      return ended(PrintQuery(
          "SELECT n.nspname AS \"Name\", u.usename AS \"Owner\" FROM pg_catalog.pg_namespace n LEFT "
           "JOIN pg_catalog.pg_user u ON u.usesysid = n.nspowner WHERE 1 = 1" +
           std::string(system || !pattern.empty() ? ""
                                                  : " AND n.nspname NOT LIKE 'pg\\\\_%' AND n.nspname "
                                                    "<> 'information_schema'") +
           like.On("", "n.nspname") + " ORDER BY 1",
          "List of schemas"));
    }
    if (letters == "u" || letters == "g") {
      return ended(PrintQuery(
          "SELECT usename AS \"User name\", usesysid AS \"User ID\", CASE WHEN usesuper THEN "
           "'superuser' ELSE '' END || CASE WHEN usesuper AND usecreatedb THEN ', ' ELSE '' END || "
           "CASE WHEN usecreatedb THEN 'create database' ELSE '' END AS \"Attributes\" FROM "
           "pg_catalog.pg_user WHERE 1 = 1" +
           like.On("", "usename") + " ORDER BY 1",
          "List of users"));
    }
    if (letters == "f") {
      return ended(PrintQuery(
          "SELECT schema_name AS \"Schema\", function_name AS \"Name\", COALESCE(result_type, '') AS "
           "\"Result data type\", argument_type AS \"Argument data types\", CASE function_type WHEN "
           "'AGGREGATE FUNCTION' THEN 'agg' WHEN 'STORED PROCEDURE' THEN 'proc' ELSE 'func' END AS "
           "\"Type\" FROM svv_redshift_functions WHERE 1 = 1" +
           like.On("schema_name", "function_name") + " ORDER BY 1, 2, 4",
          "List of functions"));
    }
    if (letters == "i") {
      Write("Redshift has no indexes; \\d TABLE shows the sort key.\n");
      return Flow::kContinue;
    }
  }
  // Of psql, but not here.
  for (const auto& [command, instead] :
       {std::pair("password", ": ALTER USER sets passwords"), std::pair("watch", ""),
        std::pair("encoding", ": text is UTF-8"), std::pair("prompt", ": use \\set"),
        std::pair("gexec", ""), std::pair("gdesc", ": \\d VIEW shows columns"),
        std::pair("crosstabview", ": use PIVOT"), std::pair("errverbose", ": errors are verbose"),
        std::pair("s", ""), std::pair("z", ""), std::pair("dp", ""), std::pair("sf", ""),
        std::pair("sv", ": \\d VIEW shows the definition"), std::pair("setenv", ""),
        std::pair("ef", ""), std::pair("ev", ""), std::pair("lo_import", "")}) {
    if (name == command) return problem("\\" + name + " of psql is not supported" + instead);
  }
  return problem("invalid command \\" + name + "\nTry \\? for help.");
}

}  // namespace vesto::shell
