#include <algorithm>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "binder/binder_impl.h"
#include "security/access.h"
#include "sql/ast/statement.h"
#include "sql/parser/parser.h"

// The lists that SHOW gives: queries of the system views. Objects that a user may not see are left
// out by these views, and names of what does not exist find nothing.
// Source: redshift/statements.md Q; the guide's page of each SHOW; clients.md §7 (what drivers read,
// by name).
namespace vesto::binder {
namespace {

// How one form reads. `select` ends with a FROM clause whose table is `o`; `path` are the columns of
// it that the names of the statement are compared with, outermost first.
struct ShowForm {
  std::string_view object_form;
  std::string select;
  std::string_view like_column, order;
  std::vector<std::string_view> path;
};

// One kind of grants in the columns of SHOW GRANTS. `scope` is the kind in its words.
std::string GrantsOf(std::string_view view, std::string_view schema, std::string_view object,
                     std::string_view scope, std::string_view column = "NULL") {
  const std::string database =
      scope == "DATABASE" ? "database_name" : std::string("current_database()");
  return absl::StrCat(
      "SELECT ", database, "::VARCHAR(128) AS database_name, ", sv(schema),
      "::VARCHAR(128) AS schema_name, ", sv(object), "::VARCHAR(128) AS object_name, ",
      sv(column), "::VARCHAR(128) AS column_name, '", sv(scope),
      "'::VARCHAR(128) AS object_type, privilege_type::VARCHAR(128) AS privilege_type,"
      " identity_id, identity_name::VARCHAR(128) AS identity_name,"
      " identity_type::VARCHAR(128) AS identity_type, admin_option, '",
      sv(scope), "'::VARCHAR(128) AS privilege_scope,"
      " grantor_name::VARCHAR(128) AS grantor_name FROM pg_catalog.", sv(view));
}

std::string DatabaseGrants() {
  return GrantsOf("svv_database_privileges", "NULL", "database_name", "DATABASE");
}
std::string SchemaGrants() {
  return GrantsOf("svv_schema_privileges", "namespace_name", "namespace_name", "SCHEMA");
}
std::string TableGrants() {
  return GrantsOf("svv_relation_privileges", "namespace_name", "relation_name", "TABLE");
}
std::string FunctionGrants() {
  return GrantsOf("svv_function_privileges", "namespace_name", "function_name", "FUNCTION");
}

constexpr std::string_view kGrantOrder =
    "database_name, schema_name, object_name, privilege_type, identity_type, identity_name";

// The columns of SHOW GRANTS over `grants`.
std::string Granted(const std::string& grants) {
  return absl::StrCat(
      "SELECT o.database_name, o.schema_name, o.object_name, o.object_type, o.privilege_type,"
      " o.identity_id, o.identity_name, o.identity_type, o.admin_option, o.privilege_scope,"
      " o.grantor_name FROM (", grants, ") o");
}

// Keys that the user may see: those of his own tables, and of tables that he may read in schemas
// that he may use.
std::string Keys(std::string_view table) {
  return absl::StrCat("(pg_catalog.pg_get_userbyid(", sv(table), ".relowner) = current_user OR"
                      " (has_schema_privilege(", sv(table), ".relnamespace, 'usage') AND"
                      " has_table_privilege(", sv(table), ".oid, 'select')))");
}

std::string PrimaryKeys() {
  return absl::StrCat(
      "SELECT o.database_name, o.schema_name, o.table_name, o.pk_name, o.column_name, o.key_seq"
      " FROM (SELECT current_database()::VARCHAR(128) AS database_name,"
      " n.nspname::VARCHAR(128) AS schema_name, c.relname::VARCHAR(128) AS table_name,"
      " k.conname::VARCHAR(128) AS pk_name, a.attname::VARCHAR(128) AS column_name,"
      " s.i::INTEGER AS key_seq"
      " FROM pg_catalog.pg_constraint k"
      " JOIN pg_catalog.pg_class c ON c.oid = k.conrelid"
      " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
      " JOIN generate_series(1, 1600) s(i) ON k.conkey[s.i] IS NOT NULL"
      " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.conkey[s.i]"
      " WHERE k.contype = 'p' AND ", Keys("c"), ") o");
}

// Rules and deferrability are NULL: nothing is enforced.
std::string ForeignKeys(std::string_view asked) {
  return absl::StrCat(
      "SELECT o.pk_database_name, o.pk_schema_name, o.pk_table_name, o.pk_column_name,"
      " o.fk_database_name, o.fk_schema_name, o.fk_table_name, o.fk_column_name, o.key_seq,"
      " o.fk_name, o.pk_name, NULL::SMALLINT AS update_rule, NULL::SMALLINT AS delete_rule,"
      " NULL::SMALLINT AS deferrability"
      " FROM (SELECT current_database()::VARCHAR(128) AS pk_database_name,"
      " pn.nspname::VARCHAR(128) AS pk_schema_name, pc.relname::VARCHAR(128) AS pk_table_name,"
      " pa.attname::VARCHAR(128) AS pk_column_name,"
      " current_database()::VARCHAR(128) AS fk_database_name,"
      " fn.nspname::VARCHAR(128) AS fk_schema_name, fc.relname::VARCHAR(128) AS fk_table_name,"
      " fa.attname::VARCHAR(128) AS fk_column_name, s.i::INTEGER AS key_seq,"
      " k.conname::VARCHAR(128) AS fk_name, pk.conname::VARCHAR(128) AS pk_name"
      " FROM pg_catalog.pg_constraint k"
      " JOIN pg_catalog.pg_class fc ON fc.oid = k.conrelid"
      " JOIN pg_catalog.pg_namespace fn ON fn.oid = fc.relnamespace"
      " JOIN pg_catalog.pg_class pc ON pc.oid = k.confrelid"
      " JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace"
      " JOIN generate_series(1, 1600) s(i) ON k.conkey[s.i] IS NOT NULL"
      " JOIN pg_catalog.pg_attribute fa ON fa.attrelid = fc.oid AND fa.attnum = k.conkey[s.i]"
      " JOIN pg_catalog.pg_attribute pa ON pa.attrelid = pc.oid AND pa.attnum = k.confkey[s.i]"
      " LEFT JOIN pg_catalog.pg_depend d ON d.objid = k.oid AND d.refobjsubid = 0"
      " LEFT JOIN pg_catalog.pg_constraint pk ON pk.conindid = d.refobjid AND pk.contype <> 'f'"
      " WHERE k.contype = 'f' AND ", Keys(asked), ") o");
}

// Those that SQL can call: not what takes or gives an INTERNAL. There are no procedures yet.
std::string Functions(std::string_view noun, std::string_view kind) {
  return absl::StrCat(
      "SELECT o.database_name, o.schema_name, o.name AS ", sv(noun), "_name,"
      " o.number_of_arguments, o.argument_list, o.return_type, NULL::VARCHAR(256) AS remarks"
      " FROM (SELECT current_database()::VARCHAR(128) AS database_name,"
      " n.nspname::VARCHAR(128) AS schema_name, p.proname::VARCHAR(128) AS name,"
      " p.pronargs::INTEGER AS number_of_arguments,"
      " pg_catalog.pg_get_function_arguments(p.prooid) AS argument_list,"
      " format_type(p.prorettype, NULL)::VARCHAR(128) AS return_type"
      " FROM pg_catalog.pg_proc_info p"
      " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
      " WHERE p.prokind ", sv(kind), " AND p.prorettype <> 2281"
      " AND pg_catalog.pg_get_function_arguments(p.prooid) NOT LIKE '%internal%') o");
}

// Built-in functions name no parameters, and their types have no modifiers. What a function returns
// has position 0. Unverified: that Redshift shows it, as the drivers' word RETURN suggests.
std::string Parameters(std::string_view noun, std::string_view kind) {
  return absl::StrCat(
      "SELECT o.database_name, o.schema_name, o.name AS ", sv(noun), "_name, o.parameter_name,"
      " o.ordinal_position, o.parameter_type, format_type(o.type, NULL)::VARCHAR(128) AS data_type,"
      " NULL::INTEGER AS character_maximum_length,"
      " CASE o.type::BIGINT WHEN 21 THEN 16 WHEN 23 THEN 32 WHEN 20 THEN 64 WHEN 700 THEN 24"
      " WHEN 701 THEN 53 END AS numeric_precision,"
      " CASE WHEN o.type::BIGINT IN (20, 21, 23) THEN 0 END AS numeric_scale"
      " FROM (SELECT current_database()::VARCHAR(128) AS database_name,"
      " n.nspname::VARCHAR(128) AS schema_name, p.proname::VARCHAR(128) AS name,"
      " ''::VARCHAR(128) AS parameter_name, s.i::INTEGER AS ordinal_position,"
      " CASE s.i WHEN 0 THEN 'RETURN' ELSE 'IN' END AS parameter_type,"
      " CASE s.i WHEN 0 THEN p.prorettype ELSE p.proargtypes[s.i - 1] END AS type,"
      " p.pronargs, p.proargtypes"
      " FROM pg_catalog.pg_proc_info p"
      " JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"
      " JOIN generate_series(0, 100) s(i) ON s.i <= p.pronargs"
      " WHERE p.prokind ", sv(kind), ") o");
}

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
       " o.sort_key_type, o.sort_key, o.dist_key, o.encoding,"
       " NULL::VARCHAR(128) AS collation FROM pg_catalog.svv_all_columns o",
       "column_name", "schema_name, table_name, ordinal_position",
       {"database_name", "schema_name", "table_name"}},
      {"primary keys", PrimaryKeys(), "column_name", "schema_name, table_name, key_seq",
       {"database_name", "schema_name", "table_name"}},
      {"foreign keys", ForeignKeys("fc"), "fk_column_name",
       "pk_schema_name, pk_table_name, fk_name, key_seq",
       {"fk_database_name", "fk_schema_name", "fk_table_name"}},
      {"exported keys", ForeignKeys("pc"), "fk_column_name",
       "fk_schema_name, fk_table_name, fk_name, key_seq",
       {"pk_database_name", "pk_schema_name", "pk_table_name"}},
      {"functions", Functions("function", "<> 'p'"), "name",
       "schema_name, function_name, argument_list", {"database_name", "schema_name"}},
      {"procedures", Functions("procedure", "= 'p'"), "name",
       "schema_name, procedure_name, argument_list", {"database_name", "schema_name"}},
      {"function parameters", Parameters("function", "<> 'p'"), "parameter_name",
       "ordinal_position", {"database_name", "schema_name", "name"}},
      {"procedure parameters", Parameters("procedure", "= 'p'"), "parameter_name",
       "ordinal_position", {"database_name", "schema_name", "name"}},
      {"database grants",
       absl::StrCat("SELECT o.database_name, o.privilege_type, o.identity_id, o.identity_name,"
                    " o.identity_type, o.admin_option, o.privilege_scope, o.grantor_name FROM (",
                    DatabaseGrants(), ") o"),
       "database_name", "privilege_type, identity_type, identity_name", {"database_name"}},
      {"schema grants", Granted(SchemaGrants()), "schema_name", kGrantOrder,
       {"database_name", "schema_name"}},
      {"table grants", Granted(TableGrants()), "object_name", kGrantOrder,
       {"database_name", "schema_name", "object_name"}},
      {"function grants", Granted(FunctionGrants()), "object_name", kGrantOrder,
       {"database_name", "schema_name", "object_name"}},
      {"grants",
       Granted(absl::StrCat(DatabaseGrants(), " UNION ALL ", SchemaGrants(), " UNION ALL ",
                            TableGrants(), " UNION ALL ", FunctionGrants())),
       "object_name", kGrantOrder, {"database_name"}},
      {"column grants",
       absl::StrCat("SELECT o.database_name, o.schema_name, o.object_name AS table_name,"
                    " o.column_name, o.object_type, o.privilege_type, o.identity_id,"
                    " o.identity_name, o.identity_type, o.admin_option, o.privilege_scope,"
                    " o.grantor_name FROM (",
                    GrantsOf("svv_column_privileges", "namespace_name", "relation_name", "COLUMN",
                             "column_name"),
                    ") o"),
       "column_name", "schema_name, table_name, column_name, privilege_type, identity_name",
       {"database_name", "schema_name", "object_name"}},
  };
  for (const ShowForm& form : kForms) {
    if (form.object_form == object_form) return &form;
  }
  return nullptr;
}

// The user, group or role of SHOW GRANTS FOR; 42704 where there is none. What `all` others were
// granted is for superusers.
absl::Status CheckGrantee(const sql::GrantStatement::Grantee& grantee, bool all,
                          const BindContext& context, int offset) {
  using Kind = sql::GrantStatement::Grantee::Kind;
  const auto missing = [&](const char* noun) {
    return SqlError(SqlState::kUndefinedObject,
                    absl::StrCat(noun, " \"", grantee.name, "\" does not exist"))
        .At(offset);
  };
  const security::Access access(context.catalog, context.user_id);
  bool own = false;
  switch (grantee.kind) {
    case Kind::kUser: {
      const auto user = context.catalog.FindUser(std::string_view(grantee.name));
      if (user == nullptr) return missing("user");
      own = user->id == context.user_id;
      break;
    }
    case Kind::kGroup: {
      const auto groups = context.catalog.groups();
      const auto group = std::find_if(groups.begin(), groups.end(), [&](const auto& one) {
        return one->name == grantee.name;
      });
      if (group == groups.end()) return missing("group");
      own = access.Includes({catalog::Grantee::Kind::kGroup, (*group)->id});
      break;
    }
    case Kind::kRole: return missing("role");
    case Kind::kPublic: own = true; break;
  }
  if (own || !all) return absl::OkStatus();
  return access.CheckSuperuser("must be superuser to show the grants of others");
}

std::string_view KindOf(const sql::GrantStatement::Grantee& grantee) {
  using Kind = sql::GrantStatement::Grantee::Kind;
  switch (grantee.kind) {
    case Kind::kUser: return "user";
    case Kind::kGroup: return "group";
    case Kind::kRole: return "role";
    case Kind::kPublic: return "public";
  }
  return "";
}

}  // namespace

absl::StatusOr<bool> Binder::BindShowObjects(const sql::ShowStatement& show, int offset) {
  const ShowForm* form = FindForm(show.object_form);
  if (form == nullptr) return false;
  std::vector<std::string> conditions;
  // FROM SCHEMA s means the one of this database, FROM TABLE t the one that a query would find.
  const size_t first = form->path.size() - std::min(form->path.size(), show.path.size());
  for (size_t i = 0; i < show.path.size(); ++i) {
    conditions.push_back(
        absl::StrCat("o.", sv(form->path[first + i]), " = ", sql::ToSql(*show.path[i])));
  }
  if (first > 0 && form->path.size() > 1) {
    conditions.push_back(absl::StrCat("o.", sv(form->path[0]), " = current_database()"));
  }
  if (first == 2 && show.path.size() == 1) {
    conditions.push_back(absl::StrCat(
        "o.", sv(form->path[1]), " = (SELECT n.nspname FROM pg_catalog.pg_class c"
        " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.relname = ",
        sql::ToSql(*show.path[0]), " AND pg_catalog.pg_table_is_visible(c.oid))"));
  }
  if (show.object_form.ends_with("parameters")) {
    conditions.push_back(absl::StrCat("o.pronargs = ", show.arguments.size()));
    for (size_t i = 0; i < show.arguments.size(); ++i) {
      conditions.push_back(absl::StrCat("o.proargtypes[", i, "] = ",
                                        sql::ToSql(*show.arguments[i]),
                                        "::VARCHAR::REGTYPE::OID"));
    }
  }
  if (show.grantee.has_value()) {
    VESTO_RETURN_IF_ERROR(
        CheckGrantee(*show.grantee, show.object_form == "grants", context_, offset));
    sql::Expression name;
    name.kind = sql::ExpressionKind::kString;
    name.text = show.grantee->name;
    conditions.push_back(absl::StrCat("o.identity_type = '", sv(KindOf(*show.grantee)), "'"));
    conditions.push_back(absl::StrCat("o.identity_name = ", sql::ToSql(name)));
  }
  if (show.like != nullptr) {
    conditions.push_back(absl::StrCat("o.", sv(form->like_column), " LIKE ",
                                      sql::ToSql(*show.like)));
  }
  std::string text = form->select;
  if (!conditions.empty()) {
    absl::StrAppend(&text, " WHERE ", absl::StrJoin(conditions, " AND "));
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
