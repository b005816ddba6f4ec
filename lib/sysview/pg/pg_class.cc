#include <set>

#include "sysview/access_lists.h"
#include "sysview/relations.h"
#include "sysview/system_views.h"

// PG_CLASS: tables, views, the system views themselves, and an index for each PRIMARY KEY and UNIQUE.
// The hidden columns are what clients of later PostgreSQL ask for. Source: system-views.md §2, clients.md §6.
namespace vesto::sysview {

void Register_pg_pg_class(SystemViews& views) {
  ViewDefinition view;
  view.name = "pg_class";
  view.leader_only = true;
  view.columns = {Hidden(OidColumn("oid")), NameColumn("relname"), OidColumn("relnamespace"),
      OidColumn("reltype"), IntegerColumn("relowner"), OidColumn("relam"),
      OidColumn("relfilenode"), OidColumn("reltablespace"), IntegerColumn("relpages"),
      TypedColumn("reltuples", Type::Real()), OidColumn("reltoastrelid"),
      OidColumn("reltoastidxid"), BooleanColumn("relhasindex"), BooleanColumn("relisshared"),
      LetterColumn("relkind"), SmallintColumn("relnatts"), SmallintColumn("relchecks"),
      SmallintColumn("reltriggers"), SmallintColumn("relukeys"), SmallintColumn("relfkeys"),
      SmallintColumn("relrefs"), BooleanColumn("relhasoids"), BooleanColumn("relhaspkey"),
      BooleanColumn("relhasrules"), BooleanColumn("relhassubclass"),
      ArrayColumn("relacl", TypeId::kAclItem), SmallintColumn("reldiststyle"),
      Hidden(BooleanColumn("relhastriggers")), Hidden(LetterColumn("relpersistence")),
      Hidden(OidColumn("reloftype")), Hidden(ArrayColumn("reloptions", TypeId::kText)),
      Hidden(BooleanColumn("relrowsecurity")), Hidden(BooleanColumn("relforcerowsecurity")),
      Hidden(BooleanColumn("relispartition")), Hidden(LetterColumn("relreplident")),
      Hidden(TimestampColumn("relcreationtime")), Hidden(IntegerColumn("releffectivediststyle"))};
  view.rows = [](const SystemState& state, Rows& rows) {
    // PostgreSQL checks foreign keys by triggers, on both sides: clients look for keys where there are some.
    std::set<catalog::Oid> with_keys;
    for (const catalog::TablePtr& table : state.catalog->tables()) {
      for (const catalog::ConstraintEntry& constraint : table->constraints) {
        if (constraint.kind != catalog::ConstraintEntry::Kind::kForeignKey) continue;
        with_keys.insert(table->oid);
        with_keys.insert(constraint.referenced_table);
      }
    }
    for (const Relation& relation : Relations(state)) {
      const catalog::TableEntry* table = relation.constraint < 0 ? relation.table : nullptr;
      int64_t row_count = 0, blocks = 0;
      int unique_keys = 0, foreign_keys = 0;
      bool primary_key = false;
      if (table != nullptr) {
        for (const int slice : state.SlicesOf(*table)) {
          const auto shard = state.ShardOf(*table, slice);
          if (shard == nullptr) continue;
          const storage::ShardStatistics stats = shard->Statistics(state.snapshot);
          // The copies of a DISTSTYLE ALL table are one table's rows.
          if (table->design.dist_style != types::DistStyle::kAll || slice == 0) {
            row_count += stats.rows;
          }
          blocks += stats.blocks;
        }
        for (const catalog::ConstraintEntry& constraint : table->constraints) {
          using Kind = catalog::ConstraintEntry::Kind;
          primary_key = primary_key || constraint.kind == Kind::kPrimaryKey;
          unique_keys += constraint.kind == Kind::kUnique ? 1 : 0;
          foreign_keys += constraint.kind == Kind::kForeignKey ? 1 : 0;
        }
      }
      const bool temporary = table != nullptr && table->temporary;
      rows.Add({Number(relation.oid), Text(relation.name), Number(relation.schema), Number(0),
                Number(relation.owner), Number(relation.kind == 'i' ? 403 : 0),
                Number(relation.kind == 'v' ? 0 : relation.oid), Number(0), Number(blocks),
                Value::Double(static_cast<double>(row_count)), Number(0), Number(0),
                Flag(primary_key || unique_keys > 0), Flag(false),
                Text(std::string(1, relation.kind)),
                Number(static_cast<int64_t>(ColumnsOf(state, relation).size())), Number(0),
                Number(0), Number(unique_keys), Number(foreign_keys), Number(0), Flag(false),
                Flag(primary_key), Flag(relation.kind == 'v'), Flag(false),
                AccessList(state, security::Target::kRelation, relation.oid),
                Number(table != nullptr ? DistStyleNumber(*table) : 0), Flag(with_keys.contains(relation.oid)),
                Text(temporary ? "t" : "p"), Number(0), Value(), Flag(false), Flag(false),
                Flag(false), Text("d"),
                table != nullptr ? Time(table->created_micros) : Value(),
                // AUTO tables are EVEN as long as nothing advises another style.
                Number(table == nullptr                                        ? 0
                       : table->design.dist_style == types::DistStyle::kAuto ? 11
                                                                               : DistStyleNumber(*table))});
    }
  };
  views.Add(std::move(view));
}

}  // namespace vesto::sysview
