#include "exec/steps/sorted_merge.h"

#include <algorithm>

#include "base/int128.h"
#include "base/status_macros.h"
#include "column/dispatch.h"
#include "exec/steps/batch_compactor.h"
#include "exec/steps/row_sort.h"

namespace vesto::exec {

using column::Batch;
using column::StringRef;
using column::Vector;
using types::PhysicalType;

struct SortedMerge::Impl {
  // A batch with its keys, flat so that rows are read one by one.
  struct Input {
    Batch batch;
    std::vector<Vector> keys;
    std::vector<uint64_t> images;  // coarse, of the first key
  };
  struct Source {
    std::deque<std::shared_ptr<Input>> inputs;
    int row = 0;  // of the first input
    bool ended = false;
  };

  const std::vector<logical::SortKey>* keys = nullptr;
  std::vector<std::unique_ptr<expr::Evaluator>> evaluators;
  std::vector<Source> sources;
  std::vector<int> heap;  // sources with rows; the least on top
  bool heap_valid = false;

  // Whether the head of source `a` comes after the head of source `b`.
  bool After(int a, int b) const {
    const Source& x = sources[a];
    const Source& y = sources[b];
    const Input& p = *x.inputs.front();
    const Input& q = *y.inputs.front();
    if (!p.images.empty() && p.images[x.row] != q.images[y.row]) {
      return p.images[x.row] > q.images[y.row];
    }
    for (size_t k = 0; k < keys->size(); ++k) {
      const int order = CompareVectorRows(p.keys[k], x.row, q.keys[k], y.row,
                                          (*keys)[k].descending, (*keys)[k].nulls_first);
      if (order != 0) return order > 0;
    }
    return a > b;
  }

  // The picked rows as one batch: picks[i] = (input, row).
  static Batch Build(const std::vector<std::shared_ptr<Input>>& inputs,
                     const std::vector<std::pair<int, int>>& picks) {
    Batch out;
    out.rows = static_cast<int>(picks.size());
    const size_t num_columns = inputs[0]->batch.columns.size();
    for (size_t c = 0; c < num_columns; ++c) {
      std::vector<Vector> parts;
      bool any_wide = false, any_narrow = false, any_null = false;
      for (const auto& input : inputs) {
        const Vector& column = input->batch.columns[c];
        any_wide = any_wide || column.physical() == PhysicalType::kInt128;
        any_narrow = any_narrow || column.physical() != PhysicalType::kInt128;
        any_null = any_null || column.has_nulls();
        parts.push_back(column.Flatten(input->batch.rows));
      }
      if (any_wide && any_narrow) {
        for (size_t i = 0; i < parts.size(); ++i) {
          parts[i] = WidenedToInt128(parts[i], inputs[i]->batch.rows);
        }
      }
      Vector result = Vector::Flat(parts[0].type(), parts[0].physical(), out.rows);
      column::DispatchPhysical(result.physical(), [&](auto tag) {
        using T = decltype(tag);
        std::vector<const T*> data;
        for (const Vector& part : parts) data.push_back(part.data<T>());
        T* target = result.mutable_data<T>();
        for (int i = 0; i < out.rows; ++i) target[i] = data[picks[i].first][picks[i].second];
      });
      if (any_null) {
        uint8_t* nulls = result.MutableNulls(out.rows);
        for (int i = 0; i < out.rows; ++i) {
          nulls[i] = parts[picks[i].first].IsNull(picks[i].second) ? 1 : 0;
        }
      }
      if (result.physical() == PhysicalType::kString) {
        for (const Vector& part : parts) result.AddPinsOf(part);
      }
      out.columns.push_back(std::move(result));
    }
    return out;
  }
};

SortedMerge::SortedMerge(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SortedMerge::~SortedMerge() = default;

absl::StatusOr<std::unique_ptr<SortedMerge>> SortedMerge::Create(
    const std::vector<logical::SortKey>& keys, const Layout& layout, int num_sources,
    const functions::EvalContext& context) {
  auto impl = std::make_unique<Impl>();
  impl->keys = &keys;
  impl->sources.resize(num_sources);
  for (const logical::SortKey& key : keys) {
    VESTO_ASSIGN_OR_RETURN(auto evaluator,
                           expr::Evaluator::Compile(*key.expression, layout, context));
    impl->evaluators.push_back(std::move(evaluator));
  }
  return std::unique_ptr<SortedMerge>(new SortedMerge(std::move(impl)));
}

absl::Status SortedMerge::Push(int source, Batch batch) {
  if (batch.rows == 0) return absl::OkStatus();
  auto input = std::make_shared<Impl::Input>();
  for (const auto& evaluator : impl_->evaluators) {
    VESTO_ASSIGN_OR_RETURN(Vector key, evaluator->Evaluate(batch));
    input->keys.push_back(std::move(key));
  }
  if (!input->keys.empty()) {
    input->images.resize(batch.rows);
    CoarseImages(input->keys[0], batch.rows, (*impl_->keys)[0].descending,
                 (*impl_->keys)[0].nulls_first, input->images.data());
  }
  input->batch = std::move(batch);
  impl_->sources[source].inputs.push_back(std::move(input));
  return absl::OkStatus();
}

void SortedMerge::End(int source) { impl_->sources[source].ended = true; }

int SortedMerge::waiting_for() const {
  for (size_t i = 0; i < impl_->sources.size(); ++i) {
    if (impl_->sources[i].inputs.empty() && !impl_->sources[i].ended) return static_cast<int>(i);
  }
  return -1;
}

absl::StatusOr<Progress> SortedMerge::Next(Batch* out) {
  Impl& impl = *impl_;
  if (waiting_for() >= 0) return Progress::kBlocked;
  const auto after = [&impl](int a, int b) { return impl.After(a, b); };
  if (!impl.heap_valid) {
    impl.heap.clear();
    for (size_t i = 0; i < impl.sources.size(); ++i) {
      if (!impl.sources[i].inputs.empty()) impl.heap.push_back(static_cast<int>(i));
    }
    std::make_heap(impl.heap.begin(), impl.heap.end(), after);
    impl.heap_valid = true;
  }
  if (impl.heap.empty()) return Progress::kDone;
  if (impl.heap.size() == 1) {
    // The last stream passes through.
    Impl::Source& source = impl.sources[impl.heap[0]];
    const Batch& batch = source.inputs.front()->batch;
    *out = source.row == 0 ? batch : batch.Slice(source.row, batch.rows - source.row);
    source.inputs.pop_front();
    source.row = 0;
    impl.heap_valid = false;
    return Progress::kBatch;
  }
  std::vector<std::shared_ptr<Impl::Input>> inputs;
  std::vector<int> input_of(impl.sources.size(), -1);
  std::vector<std::pair<int, int>> picks;
  picks.reserve(column::kBatchRows);
  while (static_cast<int>(picks.size()) < column::kBatchRows && !impl.heap.empty()) {
    std::pop_heap(impl.heap.begin(), impl.heap.end(), after);
    const int index = impl.heap.back();
    impl.heap.pop_back();
    Impl::Source& source = impl.sources[index];
    if (input_of[index] < 0) {
      input_of[index] = static_cast<int>(inputs.size());
      inputs.push_back(source.inputs.front());
    }
    picks.emplace_back(input_of[index], source.row);
    if (++source.row == source.inputs.front()->batch.rows) {
      source.inputs.pop_front();
      source.row = 0;
      input_of[index] = -1;
      if (source.inputs.empty()) {
        if (source.ended) continue;
        // The next row of this source is not known yet: hand out what is.
        impl.heap_valid = false;
        break;
      }
    }
    impl.heap.push_back(index);
    std::push_heap(impl.heap.begin(), impl.heap.end(), after);
  }
  *out = Impl::Build(inputs, picks);
  return Progress::kBatch;
}

}  // namespace vesto::exec
