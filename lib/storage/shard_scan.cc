#include "storage/shard_scan.h"

#include <algorithm>
#include <numeric>

#include "absl/container/flat_hash_map.h"
#include "base/hash.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "storage/block_decoder.h"
#include "storage/block_filter.h"

namespace vesto::storage {
namespace {

using column::Batch;
using column::ColumnPredicate;
using column::kBatchRows;
using column::MembershipFilter;
using column::PredicateKind;
using column::Vector;

constexpr int kBatchWords = kBatchRows / 64;
// A membership filter that lets more than this share pass is not worth its look-ups.
constexpr double kMembershipPassMax = 0.7;
// From a quarter on, packing all codes of a batch beats fetching the selected ones.
constexpr int kDenseShare = 4;
constexpr int64_t kMeasuredRowsMin = 32 * kBatchRows;
// Tables of dictionary entries are at least this long, for the byte-wide kernels, plus padding.
constexpr size_t kPassTableMin = 256 + 4;

}  // namespace

// A dictionary as one scan uses it: its entries, and which of them pass each predicate.
struct DictionaryView {
  std::shared_ptr<const column::Dictionary> dictionary;
  std::vector<std::vector<uint8_t>> pass;  // per predicate of the scan; empty = not computed yet
};

struct ShardScan::State {
  std::shared_ptr<const ShardVersion> version;
  Snapshot snapshot;
  ScanOptions options;
  std::vector<int> groups;  // indexes of visible groups
  // Claims groups; carries no data, so relaxed order suffices.
  std::atomic<size_t> next{0};

  base::Mutex mutex;
  absl::flat_hash_map<const SharedDictionary*, std::unique_ptr<DictionaryView>> views
      ABSL_GUARDED_BY(mutex);

  DictionaryView* View(SharedDictionary& dictionary) {
    base::MutexLock lock(mutex);
    std::unique_ptr<DictionaryView>& view = views[&dictionary];
    if (view == nullptr) {
      view = std::make_unique<DictionaryView>();
      view->dictionary = dictionary.Snapshot();
      view->pass.resize(options.predicates.size());
    }
    return view.get();
  }

  // Valid until the scan ends.
  const uint8_t* EntryPass(SharedDictionary& dictionary, int predicate_index) {
    DictionaryView* view = View(dictionary);
    base::MutexLock lock(mutex);
    std::vector<uint8_t>& pass = view->pass[predicate_index];
    if (pass.empty()) {
      const auto& entries = view->dictionary->entries;
      pass.assign(std::max(entries.size() + 4, kPassTableMin), 0);
      const ColumnPredicate& predicate = options.predicates[predicate_index];
      if (predicate.kind == PredicateKind::kString) {
        predicate.strings(entries, pass.data());
      } else if (predicate.kind == PredicateKind::kMembership) {
        for (size_t i = 0; i < entries.size(); ++i) {
          std::string_view text = entries[i].view();
          while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
          pass[i] = predicate.membership->MayContainHash(base::HashString(text));
        }
      }
    }
    return pass.data();
  }
};

ShardScan::ShardScan(std::shared_ptr<const ShardVersion> version, const Snapshot& snapshot,
                     ScanOptions options)
    : state_(std::make_unique<State>()) {
  state_->version = std::move(version);
  state_->snapshot = snapshot;
  state_->options = std::move(options);
  const std::vector<GroupEntry>& groups = state_->version->groups;
  state_->groups.reserve(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    if (groups[i].VisibleTo(snapshot)) state_->groups.push_back(static_cast<int>(i));
  }
}

ShardScan::~ShardScan() = default;

void ShardScan::AddPredicate(ColumnPredicate predicate) {
  state_->options.predicates.push_back(std::move(predicate));
}

std::unique_ptr<ShardReader> ShardScan::NewReader() {
  return std::make_unique<ShardReader>(*state_);
}

bool ShardScan::in_sort_order() const {
  return !state_->version->shape->sort_keys.empty() &&
         (state_->groups.empty() || state_->groups.back() < state_->version->sorted_groups);
}

int ShardScan::num_groups() const { return static_cast<int>(state_->groups.size()); }

struct ShardReader::Impl {
  explicit Impl(ShardScan::State& scan_in)
      : scan(scan_in), kernels(column::kernels::GetScanKernels()) {
    measured.resize(scan.options.predicates.size());
    forms.resize(scan.options.outputs.size());
    new_forms.resize(scan.options.outputs.size());
  }

  // What a predicate did so far on this reader.
  struct Measured {
    int64_t rows_in = 0, rows_out = 0;
    bool dropped = false;
    double pass() const {
      return rows_in < 256 ? 0.5 : static_cast<double>(rows_out) / static_cast<double>(rows_in);
    }
  };
  struct ActiveFilter {
    int predicate = 0;
    BlockFilter filter;
    double rank = 0;
  };
  // The form of an output column: rows of one batch share it.
  struct Form {
    const DictionaryView* view = nullptr;  // null: flat
    friend bool operator==(const Form&, const Form&) = default;
  };

  absl::StatusOr<bool> Next(Batch* batch);
  // Makes the next group that may have rows current; false when there is none.
  absl::StatusOr<bool> OpenGroup();
  // Filters the next batch of the current group into the pending selection; false at its end.
  bool FilterNextBatch();
  void OrderFilters();
  void BeginOutput();
  void Emit(Batch* batch);

  ShardScan::State& scan;
  const column::kernels::ScanKernels& kernels;
  ScanCounters counters;
  std::vector<Measured> measured;

  // The current group.
  const GroupEntry* entry = nullptr;
  int next_row = 0;                 // multiple of kBatchRows
  int first_row = 0, last_row = 0;  // bounds found by binary search
  int batches_filtered = 0;
  std::vector<uint64_t> deleted;  // empty: none
  std::vector<ActiveFilter> filters;
  std::vector<BlockDecoder> decoders;
  std::vector<Form> forms, new_forms;

  // Selected rows of the current group's current batch that are not emitted yet.
  int selection_begin = 0;
  int selection_rows = 0;  // that `bits` covers
  bool consecutive = true;
  bool dense = false;
  uint64_t bits[kBatchWords];
  int selected = 0, consumed = 0;
  std::unique_ptr<uint16_t[]> positions;  // made for the first selection with gaps

  Batch pending;
  int fill = 0;
};

absl::StatusOr<bool> ShardReader::Impl::OpenGroup() {
  const ScanOptions& options = scan.options;
  while (true) {
    const size_t claim = scan.next.fetch_add(1, std::memory_order_relaxed);
    if (claim >= scan.groups.size()) return false;
    entry = &scan.version->groups[scan.groups[claim]];
    const RowGroup& group = *entry->group;
    counters.groups += 1;
    counters.rows_before_filter += group.rows;
    counters.batches += (group.rows + kBatchRows - 1) / kBatchRows;
    first_row = 0;
    last_row = group.rows;
    filters.clear();
    bool none = false;
    for (size_t i = 0; i < options.predicates.size() && !none; ++i) {
      if (measured[i].dropped) continue;
      const ColumnPredicate& predicate = options.predicates[i];
      const ColumnBlock& block = *group.columns[predicate.column];
      const uint8_t* entry_pass = nullptr;
      if (block.form == BlockForm::kDictionary) {
        entry_pass = scan.EntryPass(*block.dictionary, static_cast<int>(i));
      }
      filters.emplace_back();
      filters.back().predicate = static_cast<int>(i);
      switch (BlockFilter::Translate(predicate, block, entry_pass, &filters.back().filter)) {
        case Verdict::kNone:
          none = true;
          break;
        case Verdict::kAll:
          filters.pop_back();
          break;
        case Verdict::kSome: {
          int first = 0;
          int last = 0;
          if (filters.back().filter.IsSortedRange(&first, &last)) {
            first_row = std::max(first_row, first);
            last_row = std::min(last_row, last);
            filters.pop_back();
            none = first_row >= last_row;
          }
          break;
        }
      }
    }
    if (none) {
      counters.groups_skipped += 1;
      counters.batches_skipped += (group.rows + kBatchRows - 1) / kBatchRows;
      continue;
    }
    for (const ActiveFilter& active : filters) counters.bytes_read += active.filter.block().bytes();

    deleted.clear();
    for (const DeleteMark* mark = entry->deletes.get(); mark != nullptr;
         mark = mark->earlier.get()) {
      if (!scan.snapshot.Sees(mark->xid)) continue;
      if (deleted.empty()) {
        deleted = mark->rows;
      } else {
        for (size_t w = 0; w < deleted.size(); ++w) deleted[w] |= mark->rows[w];
      }
    }

    decoders.clear();
    for (size_t i = 0; i < options.outputs.size(); ++i) {
      const ColumnBlock& block = *group.columns[options.outputs[i].column];
      VESTO_ASSIGN_OR_RETURN(BlockDecoder decoder,
                             BlockDecoder::Open(block, options.outputs[i].physical));
      decoders.push_back(decoder);
      new_forms[i].view =
          block.form == BlockForm::kDictionary ? scan.View(*block.dictionary) : nullptr;
      counters.bytes_read += block.bytes();
    }
    next_row = first_row / kBatchRows * kBatchRows;
    counters.batches_skipped += next_row / kBatchRows + (group.rows - last_row) / kBatchRows;
    batches_filtered = 0;
    OrderFilters();
    return true;
  }
}

void ShardReader::Impl::OrderFilters() {
  for (ActiveFilter& active : filters) {
    const Measured& m = measured[active.predicate];
    active.rank = (1 - m.pass()) / active.filter.cost();
  }
  std::stable_sort(filters.begin(), filters.end(),
                   [](const ActiveFilter& a, const ActiveFilter& b) { return a.rank > b.rank; });
}

bool ShardReader::Impl::FilterNextBatch() {
  while (next_row < last_row) {
    const int begin = next_row;
    const int batch_index = begin / kBatchRows;
    next_row += kBatchRows;
    const int rows = std::min(kBatchRows, entry->group->rows - begin);
    const int from = std::max(first_row - begin, 0);
    const int to = std::min(last_row - begin, rows);

    // Zone maps first: they may decide every filter of the batch.
    int undecided[64];
    int num_undecided = 0;
    bool none = false;
    for (size_t i = 0; i < filters.size(); ++i) {
      const Verdict verdict = filters[i].filter.JudgeBatch(batch_index);
      if (verdict == Verdict::kNone) {
        none = true;
        break;
      }
      if (verdict == Verdict::kSome && num_undecided < 64) {
        undecided[num_undecided++] = static_cast<int>(i);
      }
    }
    if (none) {
      counters.batches_skipped += 1;
      continue;
    }
    selection_begin = begin;
    consumed = 0;
    if (num_undecided == 0 && deleted.empty()) {
      selection_begin = begin + from;
      selected = to - from;
      consecutive = true;
      if (selected > 0) return true;
      continue;
    }

    const int words = (rows + 63) / 64;
    std::fill(bits, bits + words, ~0ULL);
    if (to % 64 != 0) bits[to / 64] &= ~0ULL >> (64 - to % 64);
    for (int w = (to + 63) / 64; w < words; ++w) bits[w] = 0;
    for (int w = 0; w < from / 64; ++w) bits[w] = 0;
    if (from % 64 != 0) bits[from / 64] &= ~0ULL << (from % 64);
    if (!deleted.empty()) {
      const uint64_t* gone = deleted.data() + begin / 64;
      for (int w = 0; w < words; ++w) bits[w] &= ~gone[w];
    }
    int alive = kernels.count(bits, words);
    counters.rows_evaluated += alive;
    for (int i = 0; i < num_undecided && alive > 0; ++i) {
      ActiveFilter& active = filters[undecided[i]];
      Measured& m = measured[active.predicate];
      if (m.dropped) continue;
      m.rows_in += alive;
      active.filter.Apply(begin, rows, bits);
      alive = kernels.count(bits, words);
      m.rows_out += alive;
      if (m.rows_in >= kMeasuredRowsMin && m.pass() > kMembershipPassMax &&
          scan.options.predicates[active.predicate].kind == PredicateKind::kMembership) {
        m.dropped = true;
      }
    }
    if (++batches_filtered == 4) OrderFilters();
    if (alive == 0) continue;
    selected = alive;
    if (alive == to - from) {
      selection_begin = begin + from;
      consecutive = true;
      return true;
    }
    consecutive = false;
    dense = kernels.packs && alive * kDenseShare >= rows;
    selection_rows = rows;
    if (positions == nullptr) positions = std::make_unique<uint16_t[]>(kBatchRows + 64);
    kernels.positions(bits, rows, positions.get());
    return true;
  }
  return false;
}

void ShardReader::Impl::BeginOutput() {
  const ScanOptions& options = scan.options;
  pending.columns.clear();
  pending.columns.reserve(options.outputs.size() + 1);
  for (size_t i = 0; i < options.outputs.size(); ++i) {
    const Type& type = scan.version->shape->columns[options.outputs[i].column];
    pending.columns.push_back(forms[i].view != nullptr
                                  ? Vector::OfDictionary(type, forms[i].view->dictionary)
                                  : Vector::Flat(type, options.outputs[i].physical));
  }
  if (options.emits_row_id) {
    pending.columns.push_back(Vector::Flat(Type::Bigint(), types::PhysicalType::kInt64));
  }
}

void ShardReader::Impl::Emit(Batch* batch) {
  pending.rows = fill;
  counters.rows_emitted += fill;
  *batch = std::move(pending);
  pending = Batch();
  fill = 0;
}

absl::StatusOr<bool> ShardReader::Impl::Next(Batch* batch) {
  while (true) {
    if (consumed == selected) {
      if (entry == nullptr || !FilterNextBatch()) {
        consumed = selected = 0;
        VESTO_ASSIGN_OR_RETURN(const bool more, OpenGroup());
        if (!more) {
          entry = nullptr;
          if (fill == 0) return false;
          Emit(batch);
          return true;
        }
        if (!FilterNextBatch()) {
          consumed = selected = 0;
          next_row = last_row;
          continue;
        }
        if (fill > 0 && forms != new_forms) {
          Emit(batch);
          forms = new_forms;
          return true;
        }
      }
      forms = new_forms;
    }
    if (fill == 0) BeginOutput();
    const int count = std::min(kBatchRows - fill, selected - consumed);
    RowSelection rows;
    rows.count = count;
    if (consecutive) {
      rows.begin = selection_begin + consumed;
    } else {
      rows.begin = selection_begin;
      rows.positions = positions.get() + consumed;
      if (dense) {
        rows.bits = bits;
        rows.bit_rows = selection_rows;
        rows.skip = consumed;
      }
    }
    for (size_t i = 0; i < decoders.size(); ++i) {
      decoders[i].Decode(rows, &pending.columns[i], fill);
    }
    if (scan.options.emits_row_id) {
      int64_t* ids = pending.columns.back().mutable_data<int64_t>() + fill;
      const int64_t base = static_cast<int64_t>(entry->group->id) << 16;
      for (int i = 0; i < count; ++i) {
        ids[i] = base + rows.begin + (rows.positions == nullptr ? i : rows.positions[i]);
      }
    }
    fill += count;
    consumed += count;
    if (fill == kBatchRows) {
      Emit(batch);
      return true;
    }
  }
}

ShardReader::ShardReader(ShardScan::State& scan) : impl_(std::make_unique<Impl>(scan)) {}
ShardReader::~ShardReader() = default;

absl::StatusOr<bool> ShardReader::Next(Batch* batch) { return impl_->Next(batch); }
const ScanCounters& ShardReader::counters() const { return impl_->counters; }

}  // namespace vesto::storage
