#include "shell/help_text.h"

#include <cctype>
#include <iterator>

namespace vesto::shell {
namespace {

struct Syntax {
  std::string_view statement, text;
};

constexpr Syntax kSyntax[] = {
    {"ALTER TABLE", "ALTER TABLE name { ADD [COLUMN] column type [DEFAULT expr] [ENCODE encoding] |\n"
                    "  DROP [COLUMN] column | RENAME TO name | RENAME COLUMN a TO b | OWNER TO user |\n"
                    "  ALTER DISTSTYLE { ALL | EVEN | AUTO | KEY DISTKEY column } |\n"
                    "  ALTER [COMPOUND] SORTKEY (column, ...) | ALTER COLUMN column ENCODE encoding |\n"
                    "  ALTER COLUMN column TYPE VARCHAR(n) }"},
    {"ANALYZE", "ANALYZE [VERBOSE] [table [(column, ...)]] [PREDICATE COLUMNS | ALL COLUMNS]"},
    {"BEGIN", "BEGIN [WORK | TRANSACTION] [ISOLATION LEVEL ...] [READ WRITE | READ ONLY]"},
    {"COMMENT", "COMMENT ON { TABLE | COLUMN | VIEW | SCHEMA | DATABASE } name IS 'text' | NULL"},
    {"COMMIT", "COMMIT [WORK | TRANSACTION]"},
    {"COPY", "COPY table [(column, ...)] FROM 's3://bucket/prefix' | '/local/path'\n"
             "  [IAM_ROLE { DEFAULT | 'arn' }] [FORMAT [AS]] [CSV [QUOTE 'c'] | DELIMITER 'c' | ...]\n"
             "  [GZIP | BZIP2 | ZSTD | LZ4] [MANIFEST] [IGNOREHEADER n] [NULL AS 'text'] [DATEFORMAT f]\n"
             "  [TIMEFORMAT f] [MAXERROR n] [ESCAPE] [REMOVEQUOTES] [FILLRECORD] [EMPTYASNULL]\n"
             "  [BLANKSASNULL] [TRUNCATECOLUMNS] [TRIMBLANKS] [ACCEPTINVCHARS 'c'] [ACCEPTANYDATE]\n"
             "  [EXPLICIT_IDS] [NOLOAD] [COMPUPDATE ...] [STATUPDATE ...]\n"
             "COPY table [(column, ...)] FROM STDIN [[WITH] (option, ...)]\n"
             "COPY { table [(column, ...)] | (query) } TO STDOUT [[WITH] (option, ...)]\n"
             "  with FORMAT text | csv | binary, DELIMITER 'c', NULL 'text', HEADER, QUOTE 'c',\n"
             "  ESCAPE 'c', FORCE_QUOTE, FORCE_NOT_NULL, FORCE_NULL; rows follow up to \\."},
    {"CREATE DATABASE", "CREATE DATABASE name [OWNER user]"},
    {"CREATE GROUP", "CREATE GROUP name [WITH USER user, ...]"},
    {"CREATE SCHEMA", "CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION user]"},
    {"CREATE TABLE", "CREATE [TEMP] TABLE [IF NOT EXISTS] name\n"
                     "  (column type [DEFAULT expr] [IDENTITY(seed, step)] [ENCODE encoding] [DISTKEY]\n"
                     "   [SORTKEY] [NOT NULL | NULL] [UNIQUE | PRIMARY KEY] [REFERENCES t(c)], ... |\n"
                     "   LIKE parent [INCLUDING DEFAULTS])\n"
                     "  [DISTSTYLE { AUTO | EVEN | KEY | ALL }] [DISTKEY (column)]\n"
                     "  [[COMPOUND | INTERLEAVED] SORTKEY (column, ...) | SORTKEY AUTO] [ENCODE AUTO]"},
    {"CREATE TABLE AS", "CREATE [TEMP] TABLE name [(column, ...)] [DISTSTYLE ...] [SORTKEY ...] AS query"},
    {"CREATE USER", "CREATE USER name PASSWORD { 'text' | DISABLE } [CREATEDB] [CREATEUSER] ..."},
    {"CREATE VIEW", "CREATE [OR REPLACE] VIEW name [(column, ...)] AS query [WITH NO SCHEMA BINDING]"},
    {"DELETE", "[WITH ...] DELETE [FROM] table [USING table, ...] [WHERE condition]"},
    {"DROP", "DROP { TABLE | VIEW | SCHEMA | DATABASE | USER | GROUP } [IF EXISTS] name, ...\n"
             "  [CASCADE | RESTRICT]"},
    {"EXPLAIN", "EXPLAIN [VERBOSE] statement"},
    {"GRANT", "GRANT { SELECT | INSERT | UPDATE | DELETE | ... | ALL } ON object TO user | GROUP g | PUBLIC"},
    {"INSERT", "INSERT INTO table [(column, ...)] { DEFAULT VALUES | VALUES (expr, ...), ... | query }"},
    {"LOCK", "LOCK [TABLE] table, ..."},
    {"MERGE", "MERGE INTO target USING source ON condition\n"
              "  WHEN MATCHED THEN { UPDATE SET column = expr, ... | DELETE }\n"
              "  WHEN NOT MATCHED THEN INSERT [(column, ...)] VALUES (expr, ...)\n"
              "  | REMOVE DUPLICATES"},
    {"REVOKE", "REVOKE { SELECT | ... | ALL } ON object FROM user | GROUP g | PUBLIC"},
    {"ROLLBACK", "ROLLBACK [WORK | TRANSACTION]"},
    {"SELECT", "[WITH [RECURSIVE] name [(column, ...)] AS (query), ...]\n"
               "SELECT [TOP n | ALL | DISTINCT] * | expr [AS name], ...\n"
               "  [FROM table [[AS] alias] | (query) alias | join, ...] [WHERE condition]\n"
               "  [GROUP BY expr, ... | ROLLUP (...) | CUBE (...) | GROUPING SETS (...)]\n"
               "  [HAVING condition] [QUALIFY condition]\n"
               "  [{ UNION | INTERSECT | EXCEPT | MINUS } [ALL] query]\n"
               "  [ORDER BY expr [ASC | DESC] [NULLS FIRST | LAST], ...] [LIMIT n | ALL] [OFFSET n]"},
    {"SET", "SET [SESSION | LOCAL] name { TO | = } value; RESET name | ALL; SHOW name | ALL"},
    {"TRUNCATE", "TRUNCATE [TABLE] table"},
    {"UNLOAD", "UNLOAD ('query') TO 's3://bucket/prefix' [IAM_ROLE ...] [FORMAT CSV] [HEADER]\n"
               "  [DELIMITER 'c'] [ADDQUOTES] [ESCAPE] [NULL AS 'text'] [GZIP | BZIP2 | ZSTD | LZ4]\n"
               "  [MANIFEST] [PARALLEL ON | OFF] [ALLOWOVERWRITE] [MAXFILESIZE n MB]"},
    {"UPDATE", "[WITH ...] UPDATE table [[AS] alias] SET column = expr, ... [FROM table, ...]\n"
               "  [WHERE condition]"},
    {"VACUUM", "VACUUM [FULL | SORT ONLY | DELETE ONLY | REINDEX | RECLUSTER] [table [TO n PERCENT]]\n"
               "  [BOOST]"},
};

}  // namespace

std::string_view CommandHelp() {
  return R"(General
  \q                     quit
  \? \h [STATEMENT]      help on backslash commands, on SQL statements
  \timing [on|off]       show how long statements take
  \g [FILE|'|'COMMAND]   run the statement (and send its result to a file or pipe)
  \gx                    as \g, with expanded output
  \gset [PREFIX]         run the statement and keep its one row in variables
  \e [FILE]              edit the statement under way, or the last one, in $EDITOR
  \p \r \w FILE          print, clear, write the statement under way
  \i FILE   \ir FILE     run a file (\ir: relative to the running one)
  \o [FILE|'|'COMMAND]   send all results to a file or pipe
  \copy TABLE [(COLUMN, ...)] from 'FILE'|program 'COMMAND'|stdin|pstdin [OPTIONS]
  \copy TABLE|(QUERY) to 'FILE'|program 'COMMAND'|stdout|pstdout [OPTIONS]
                         load and write local files in PostgreSQL's formats (text, csv, binary)
  \echo [-n] TEXT        write to standard output (\qecho: to \o's, \warn: to standard error)
  \set [NAME [VALUE]]    set or list variables; :NAME, :'NAME', :"NAME" are replaced in statements
  \unset NAME            forget a variable
  \if EXPR \elif EXPR \else \endif   run what is between where EXPR is true; :{?NAME} = is it set?
  \! [COMMAND]           run a command of the operating system
  \cd [FOLDER]           change the working folder
  \c [DATABASE [USER]]   connect anew
  \conninfo              who and where

Informational      (PATTERN: [schema.]name with * and ?; + shows more, S the system's own too)
  \d                     list tables and views
  \d PATTERN             columns, defaults, encoding, distribution and sort key
  \dt \dv \dn \du \df [PATTERN]  list tables, views, schemas, users, functions
  \l                     list databases
  \streams [QUERY]       streams, segments and steps of the last query
  \blocks TABLE          blocks of a table, by slice

Formatting
  \pset [NAME [VALUE]]   border, columns, csv_fieldsep, expanded, fieldsep, footer, format, null, pager,
                         recordsep, title, tuples_only
  \pset format FORMAT    aligned, unaligned, csv, json, markdown
  \a \f [SEP] \t \x \C [TITLE]   short for format, fieldsep, tuples_only, expanded, title

Variables
  ON_ERROR_STOP, ECHO (all, queries, errors, none), ECHO_HIDDEN, QUIET, VERBOSITY (verbose, default,
  terse, sqlstate), PROMPT1, PROMPT2, PROMPT3, HISTFILE; set by Vesto: ROW_COUNT, ERROR, SQLSTATE,
  LAST_ERROR_MESSAGE, LAST_ERROR_SQLSTATE, DBNAME, USER, VERSION
)";
}

std::string SqlHelp(const std::string& statement) {
  std::string wanted;
  for (const char c : statement) {
    if (c != ';') wanted += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  if (wanted.empty()) {
    std::string out = "Available help:\n";
    for (const Syntax& syntax : kSyntax) out += "  " + std::string(syntax.statement) + "\n";
    return out;
  }
  std::string out;
  for (const Syntax& syntax : kSyntax) {
    if (syntax.statement.substr(0, wanted.size()) == wanted ||
        (wanted == "END" && syntax.statement == "COMMIT")) {
      out += std::string(syntax.statement) + ":\n" + std::string(syntax.text) + "\n\n";
    }
  }
  return out.empty() ? "No help available for \"" + statement + "\".\nTry \\h with no arguments.\n"
                     : out;
}

std::string_view CompletionScript(std::string_view shell) {
  if (shell == "bash") {
    return R"(_vesto() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
  case $previous in
    -f|--file|-o|--output) COMPREPLY=($(compgen -f -- "$word")); return ;;
    -d|--database) COMPREPLY=($(compgen -d -- "$word")); return ;;
    --completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")); return ;;
    -P|--pset) COMPREPLY=($(compgen -W "format=aligned format=csv format=json format=markdown format=unaligned footer=off null= expanded=auto border=2" -- "$word")); return ;;
  esac
  COMPREPLY=($(compgen -W "--database --nodes --slices --threads --memory --mount --user --command --file --variable --no-align --tuples-only --quiet --expanded --csv --field-separator --record-separator --pset --output --single-transaction --echo-all --echo-queries --echo-hidden --no-readline --no-rc --list --completion --help --version" -- "$word"))
}
complete -F _vesto vesto
)";
  }
  if (shell == "zsh") {
    return R"(#compdef vesto
_arguments \
  '(-d --database)'{-d,--database}'[folder of the data]:folder:_files -/' \
  '--nodes[compute nodes]:number' \
  '--slices[slices per compute node]:number' \
  '--threads[worker threads]:number' \
  '--memory[budget per compute node]:size' \
  '*--mount[s3\://bucket=FOLDER]:mount' \
  '(-U --user)'{-U,--user}'[user name]:user' \
  '*'{-c,--command}'[run SQL]:statement' \
  '*'{-f,--file}'[run a file]:file:_files' \
  '*'{-v,--variable}'[name=value]:variable' \
  '(-A --no-align)'{-A,--no-align}'[unaligned output]' \
  '(-t --tuples-only)'{-t,--tuples-only}'[rows only]' \
  '(-q --quiet)'{-q,--quiet}'[no messages]' \
  '(-x --expanded)'{-x,--expanded}'[expanded output]' \
  '--csv[CSV output]' \
  '(-F --field-separator)'{-F,--field-separator}'[field separator]:separator' \
  '*'{-P,--pset}'[print option]:option' \
  '(-o --output)'{-o,--output}'[send results to a file]:file:_files' \
  '(-1 --single-transaction)'{-1,--single-transaction}'[one transaction]' \
  '(-l --list)'{-l,--list}'[list databases]' \
  '--completion[completion script]:shell:(bash zsh fish)' \
  '--help' '--version'
)";
  }
  if (shell == "fish") {
    return R"(complete -c vesto -s d -l database -d 'Folder of the data' -r -a '(__fish_complete_directories)'
complete -c vesto -l nodes -d 'Compute nodes' -x
complete -c vesto -l slices -d 'Slices per compute node' -x
complete -c vesto -l threads -d 'Worker threads' -x
complete -c vesto -l memory -d 'Budget per compute node' -x
complete -c vesto -l mount -d 's3://bucket=FOLDER' -x
complete -c vesto -s U -l user -d 'User name' -x
complete -c vesto -s c -l command -d 'Run SQL' -x
complete -c vesto -s f -l file -d 'Run a file' -r
complete -c vesto -s v -l variable -d 'name=value' -x
complete -c vesto -s A -l no-align -d 'Unaligned output'
complete -c vesto -s t -l tuples-only -d 'Rows only'
complete -c vesto -s q -l quiet -d 'No messages'
complete -c vesto -s x -l expanded -d 'Expanded output'
complete -c vesto -l csv -d 'CSV output'
complete -c vesto -s F -l field-separator -d 'Field separator' -x
complete -c vesto -s P -l pset -d 'Print option' -x
complete -c vesto -s o -l output -d 'Send results to a file' -r
complete -c vesto -s 1 -l single-transaction -d 'One transaction'
complete -c vesto -s l -l list -d 'List databases'
complete -c vesto -l completion -x -a 'bash zsh fish'
complete -c vesto -l help
complete -c vesto -l version
)";
  }
  return "";
}

}  // namespace vesto::shell
