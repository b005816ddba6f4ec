#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "catalog/entries.h"
#include "expr/expr.h"
#include "logical/copy_spec.h"
#include "logical/plan.h"
#include "types/table_design.h"

// The physical plan: streams of segments of steps, as Redshift runs them. Plain data: exec gives
// each step its behaviour.
//
// Streams run one after another. The segments of one stream run at the same time on every slice of
// their place; a segment is a chain of steps on one slice, from a source step to a sink step.
// Rows pass from one stream to a later one through state that a sink leaves behind (a hash table,
// groups, sorted runs, saved rows), and within a stream through an exchange.
namespace vesto::physical {

using expr::ColumnId;
using expr::ExprPtr;

// Names state or an exchange within one query: the sink that fills it and the source that reads it.
using StateId = int;

// --- Sources ------------------------------------------------------------------------------------

struct ScanSpec {
  catalog::TablePtr table;
  std::string alias;
  std::vector<int> columns;  // table column of each output column
  // The form of each output column; empty = the types' default forms.
  std::vector<types::PhysicalType> physical;
  std::vector<ExprPtr> conjuncts;
  bool emits_row_id = false;
  // Join filters that a build of an earlier stream publishes: (state of the build, output column).
  std::vector<std::pair<StateId, int>> runtime_filters;
};
struct SourceScanSpec {
  std::shared_ptr<const source::TableSource> source;
  std::vector<int> columns;
};
// As logical::Values: `rows`, or `constants` with `computed` values between them.
struct ValuesSpec {
  std::vector<std::vector<ExprPtr>> rows;
  std::shared_ptr<const logical::ConstantRows> constants;
  std::vector<logical::ComputedValue> computed;
};
// COPY: reads its splits of the files. Emits one column per table column.
struct ParseSpec {
  catalog::TablePtr table;
  std::shared_ptr<const logical::CopySpec> copy;
  std::vector<ExprPtr> defaults;  // by table column; null = NULL. Evaluated once per COPY.
};
// The network scan: what an exchange of the same stream delivers to this slice, then what others
// do, one after the other.
struct ReceiveSpec {
  StateId exchange = -1;
  std::vector<StateId> then = {};
};
// Rows that an earlier stream left: saved rows (a CTE, a recursive round).
struct SavedScanSpec {
  StateId state = -1;
};
// Groups that an aggr sink of an earlier stream left.
struct GroupScanSpec {
  StateId state = -1;
};
// Sorted rows that a sort sink of an earlier stream left on this slice.
struct SortedScanSpec {
  StateId state = -1;
};
// Rows of the build side that no probe row matched (right and full joins).
struct UnmatchedScanSpec {
  StateId state = -1;
};

// --- Inner steps --------------------------------------------------------------------------------

struct FilterSpec {
  ExprPtr predicate;
};
struct ProjectSpec {
  std::vector<ExprPtr> expressions;
};
// Probes the table that a hash sink of an earlier stream left. Output: probe columns, then
// `build_output` columns of the build side (none for semi and anti), or the mark.
struct HashJoinSpec {
  StateId state = -1;
  logical::JoinType type = logical::JoinType::kInner;
  std::vector<ExprPtr> probe_keys;
  bool nulls_equal = false;  // INTERSECT and EXCEPT: NULL keys match NULL keys
  ExprPtr residual;  // over probe columns followed by build columns
  // Ids of the build columns that the table keeps (the layout that `residual` sees after the probe's).
  std::vector<ColumnId> build_layout;
  std::vector<ColumnId> build_output;
};
// Every pair of rows; the inner side is saved rows of an earlier stream, replicated.
struct NestedLoopSpec {
  StateId state = -1;
  logical::JoinType type = logical::JoinType::kInner;
  ExprPtr condition;
  std::vector<ColumnId> build_layout;
};
// Distinct rows; blocks nothing: emits a row when it is first seen.
struct UniqueSpec {};
struct LimitSpec {
  ExprPtr limit, offset;
};
// Input sorted by (partition keys, order keys).
struct WindowSpec {
  std::vector<ExprPtr> partition_by;
  std::vector<logical::SortKey> order_by;
  std::vector<logical::WindowItem> items;
};

// Appends generated values of identity columns, in the order of the rows: one output column for each
// item, after those of the input.
struct IdentitySpec {
  struct Item {
    int table_column = 0;
    // Input columns: the value of the rows where `flag` is not TRUE; -1, -1: every row's is generated.
    int value = -1, flag = -1;
  };
  catalog::TablePtr table;
  std::vector<Item> items;
};

// Deletes the rows whose ids it sees and passes their new versions on (all columns but the row id).
// A row id that appears again is dropped, or an error; a NULL row id is passed on as it is.
struct DeleteSpec {
  catalog::TablePtr table;
  int row_id_column = 0;
  bool error_on_multiple = false;
  bool drop_matched = false;  // MERGE ... WHEN MATCHED THEN DELETE: only NULL row ids go on
};

// --- Sinks --------------------------------------------------------------------------------------

// Where an exchange sends a row.
enum class Route : uint8_t {
  kHash,        // `dist`: by column::DistHash of `keys`, over the slices
  kBroadcast,   // `bcast`: to every slice
  kRoundRobin,  // `dist`: batches in turn
  kLeader,      // `return`: to the leader
  kSliceZero,   // to slice 0, where the one physical copy of a DISTSTYLE ALL table lies
  kLocal,       // to the same slice: several inputs of a UNION ALL meet
  kRowSlice,    // to the slice that keys[0], a row id, names; NULL: to the same slice
};
struct SendSpec {
  StateId exchange = -1;
  Route route = Route::kLeader;
  std::vector<ExprPtr> keys;
};
// Builds the table that a HashJoinSpec probes. `shared`: one table of all slices' rows (broadcast by
// pointer), else one per slice.
struct HashBuildSpec {
  StateId state = -1;
  std::vector<ExprPtr> keys;
  std::vector<ColumnId> layout;  // the columns that the table keeps
  bool shared = false;
  bool keys_only = false;       // semi and anti joins without residual need no payload
  // NOT IN and marks of IN: so many keys, the first ones, are what IN compares, and a NULL there makes
  // the answer NULL where the rest says TRUE. Other joins, and marks of EXISTS, compare nothing.
  int num_compared = 0;
  bool nulls_equal = false;     // INTERSECT and EXCEPT: NULL keys match NULL keys
  bool tracks_matches = false;  // right and full joins
};
struct AggregateSpec {
  enum class Phase : uint8_t {
    kPartial,  // input rows -> states, sent on as rows of opaque state columns
    kFinal,    // partial states -> results
    kSingle,   // input rows -> results (the group is complete on this slice)
  };
  StateId state = -1;
  Phase phase = Phase::kSingle;
  std::vector<ExprPtr> keys;
  std::vector<logical::AggregateItem> items;
  std::vector<std::vector<int>> grouping_sets;
  double estimated_groups = -1;
  ColumnId grouping_id = -1;
};
struct SortSpec {
  StateId state = -1;
  std::vector<logical::SortKey> keys;
  int64_t limit = -1;  // keep only the first n rows (top-n); -1 = all
};
struct SaveSpec {
  StateId state = -1;
  bool shared = false;  // replicated: every slice reads the rows of all
  StateId also = -1;    // a second state that gets the rows too (all rounds of a recursive CTE)
};
// Appends its rows, one column per table column, to this slice's shard.
struct InsertSpec {
  catalog::TablePtr table;
  std::vector<int> input;  // input column of each table column
};
// Ends a segment whose rows nobody wants: DELETE.
struct DiscardSpec {};
struct UnloadStepSpec {
  std::shared_ptr<const logical::UnloadSpec> unload;
};

using StepSpec =
    std::variant<ScanSpec, SourceScanSpec, ValuesSpec, ParseSpec, ReceiveSpec, SavedScanSpec,
                 GroupScanSpec, SortedScanSpec, UnmatchedScanSpec, FilterSpec, ProjectSpec,
                 HashJoinSpec, NestedLoopSpec, UniqueSpec, LimitSpec, WindowSpec, IdentitySpec,
                 DeleteSpec,
                 SendSpec, HashBuildSpec, AggregateSpec, SortSpec, SaveSpec, InsertSpec,
                 DiscardSpec, UnloadStepSpec>;

struct Step {
  StepSpec spec;
  std::vector<logical::OutputColumn> output;  // the layout of the batches that it emits
  double estimated_rows = -1;
};

enum class Place : uint8_t {
  kSlices,     // every slice
  kSliceZero,  // slice 0 alone
  kLeader,
};

struct Segment {
  Place place = Place::kSlices;
  std::vector<Step> steps;  // source, inner steps, sink
};

struct Stream {
  std::vector<Segment> segments;
  // The streams [repeat_from, this one] run again while the saved rows of `repeat_state` are not
  // empty (recursive CTE); -1 = once. Before each repetition they become those of `repeat_input`.
  int repeat_from = -1;
  StateId repeat_state = -1, repeat_input = -1;
};

struct Plan {
  std::vector<Stream> streams;
  int num_states = 0;
  // The exchange that carries the result to the leader; the leader merges sorted inputs.
  StateId result = -1;
  std::vector<logical::SortKey> merge_keys;  // empty: any order
  ExprPtr limit, offset;                     // applied by the leader
  std::vector<logical::OutputColumn> output;
};

// "scan", "hash", "hjoin", "aggr", ...: the step's label in SVL_QUERY_REPORT.
std::string_view StepLabel(const StepSpec& spec);
std::string DebugString(const Plan& plan);

}  // namespace vesto::physical
