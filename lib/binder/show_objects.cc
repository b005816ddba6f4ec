#include <optional>

#include "absl/strings/str_cat.h"
#include "binder/binder_impl.h"
#include "sql/ast/statement.h"
#include "sql/parser/parser.h"

// SHOW DATABASES, SCHEMAS, TABLES and COLUMNS: queries of the system views.
// Source: redshift/statements.md Q; clients.md §7 (what drivers read, by name).
namespace vesto::binder {
namespace {

// How one form reads: `path` are the columns that FROM compares, outermost first.
struct ShowForm {
  std::string_view object_form, select, like_column, order;
  std::vector<std::string_view> path;
};

const ShowForm* FindForm(std::string_view object_form) {
  static const ShowForm kForms[] = {
      {"databases",
       "SELECT database_name, database_owner, database_type, database_acl,"
       " database_options AS parameters, database_isolation_level"
       " FROM pg_catalog.svv_redshift_databases o",
       "database_name", "database_name", {}},
      {"schemas",
       "SELECT database_name, schema_name, schema_owner, schema_type, schema_acl,"
       " source_database, schema_option FROM pg_catalog.svv_all_schemas o",
       "schema_name", "schema_name", {"database_name"}},
      {"tables",
       "SELECT database_name, schema_name, table_name, table_type, table_acl, remarks, owner,"
       " last_altered_time, last_modified_time, dist_style, table_subtype"
       " FROM pg_catalog.svv_all_tables o",
       "table_name", "schema_name, table_name", {"database_name", "schema_name"}},
      {"columns",
       "SELECT o.database_name, o.schema_name, o.table_name, o.column_name, o.ordinal_position,"
       " o.column_default, o.is_nullable, o.data_type, o.character_maximum_length,"
       " o.numeric_precision, o.numeric_scale, o.remarks,"
       " CASE WHEN a.attsortkeyord < 0 THEN 'INTERLEAVED' WHEN a.attsortkeyord > 0 THEN 'COMPOUND'"
       " END AS sort_key_type, ABS(a.attsortkeyord) AS sort_key,"
       " CASE WHEN a.attisdistkey THEN 1 ELSE 0 END AS dist_key,"
       " format_encoding(a.attencodingtype::INTEGER) AS encoding, NULL::VARCHAR(128) AS collation"
       " FROM pg_catalog.svv_all_columns o"
       " LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = o.schema_name"
       " LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = o.table_name"
       " AND c.relkind IN ('r', 'v')"
       " LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = o.column_name",
       "column_name", "schema_name, table_name, ordinal_position",
       {"database_name", "schema_name", "table_name"}},
  };
  for (const ShowForm& form : kForms) {
    if (form.object_form == object_form) return &form;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<bool> Binder::BindShowObjects(const sql::ShowStatement& show, int offset) {
  const ShowForm* form = FindForm(show.object_form);
  if (form == nullptr) return false;
  std::string text(form->select);
  const char* glue = " WHERE ";
  // FROM SCHEMA s means the one of this database, FROM TABLE t the one in the usual schema.
  const size_t first = form->path.size() - std::min(form->path.size(), show.path.size());
  for (size_t i = 0; i < show.path.size(); ++i) {
    absl::StrAppend(&text, glue, "o.", sv(form->path[first + i]), " = ",
                    sql::ToSql(*show.path[i]));
    glue = " AND ";
  }
  if (!form->path.empty() && first > 0) {
    absl::StrAppend(&text, glue, "o.database_name = current_database()");
    glue = " AND ";
  }
  if (show.like != nullptr) {
    absl::StrAppend(&text, glue, "o.", sv(form->like_column), " LIKE ", sql::ToSql(*show.like));
  }
  absl::StrAppend(&text, " ORDER BY ", sv(form->order));
  if (show.limit.has_value()) absl::StrAppend(&text, " LIMIT ", *show.limit);
  // Its offsets count in a text that nobody wrote.
  auto query = sql::ParseQuery(text);
  if (!query.ok()) return WithOffset(query.status(), offset);
  auto bound = BindQuery(**query, nullptr);
  if (!bound.ok()) return WithOffset(bound.status(), offset);
  VESTO_RETURN_IF_ERROR(FinishQuery(*std::move(bound)));
  return true;
}

}  // namespace vesto::binder
