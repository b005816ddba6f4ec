#include "exec/steps/key_batch.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include "absl/strings/ascii.h"
#include "base/hash.h"
#include "base/status_macros.h"
#include "column/dispatch.h"

namespace vesto::exec {

using column::Batch;
using column::StringRef;
using column::Vector;
using types::PhysicalType;

namespace {

constexpr uint64_t kNullHash = 0x9ae16a3b2f90404fULL;

uint64_t HashKey(int64_t key) { return base::HashInt(static_cast<uint64_t>(key)); }
uint64_t HashKey(uint64_t key) { return base::HashInt(key); }
// Small values hash as kInt does, so that a join of both forms meets.
uint64_t HashKey(int128_t key) {
  const auto narrow = static_cast<int64_t>(key);
  return narrow == key ? HashKey(narrow) : base::HashInt128(key);
}
uint64_t HashKey(const StringRef& key) {
  if (key.is_inline()) return base::HashCombine(base::HashInt(key.head()), key.tail());
  return base::HashString(key.view());
}

StringRef ComparisonForm(const StringRef& text, const KeyForm& form, column::StringHeap& heap) {
  const StringRef trimmed = form.trims ? Trimmed(text) : text;
  if (!form.folds) return trimmed;
  const std::string_view view = trimmed.view();
  const bool has_upper =
      std::any_of(view.begin(), view.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!has_upper) return trimmed;
  std::string folded(view);
  for (char& c : folded) c = absl::ascii_tolower(c);
  return heap.Add(std::string_view(folded));
}

}  // namespace

KeyForm KeyFormOf(const Type& type) {
  switch (types::DefaultPhysicalType(type)) {
    case PhysicalType::kBool:
    case PhysicalType::kInt16:
    case PhysicalType::kInt32:
    case PhysicalType::kInt64: return {KeyKind::kInt};
    case PhysicalType::kInt128: return {KeyKind::kInt128};
    case PhysicalType::kFloat:
    case PhysicalType::kDouble: return {KeyKind::kDouble};
    case PhysicalType::kString: break;
  }
  const bool trims = type.id != TypeId::kVarbyte && type.id != TypeId::kSuper;
  return {KeyKind::kString, trims, trims && type.case_insensitive};
}

int KeySize(KeyKind kind) {
  return kind == KeyKind::kInt || kind == KeyKind::kDouble ? 8 : 16;
}

int CompareText(const StringRef& a_in, const StringRef& b_in, const KeyForm& form) {
  const StringRef a = form.trims ? Trimmed(a_in) : a_in;
  const StringRef b = form.trims ? Trimmed(b_in) : b_in;
  if (form.folds) {
    const std::string_view x = a.view(), y = b.view();
    const size_t common = std::min(x.size(), y.size());
    for (size_t i = 0; i < common; ++i) {
      const auto p = static_cast<unsigned char>(absl::ascii_tolower(x[i]));
      const auto q = static_cast<unsigned char>(absl::ascii_tolower(y[i]));
      if (p != q) return p < q ? -1 : 1;
    }
    return x.size() == y.size() ? 0 : (x.size() < y.size() ? -1 : 1);
  }
  const int order = std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  if (order != 0) return order < 0 ? -1 : 1;
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

struct KeyBatch::Scratch {
  Vector source;                    // shares the vector while the batch is in use
  std::vector<uint64_t> words;      // kInt, kDouble
  std::vector<int128_t> wide;       // kInt128
  std::vector<StringRef> strings;   // comparison forms by row
  std::vector<StringRef> originals;
  std::vector<uint8_t> nulls;       // of a constant
  column::StringHeap heap;          // folded strings of the dictionary
  std::unique_ptr<column::StringHeap> batch_heap;  // folded strings of the batch
  // The last dictionary: comparison forms and hashes of its entries.
  std::shared_ptr<const column::Dictionary> dictionary;
  std::vector<StringRef> entries;
  std::vector<uint64_t> entry_hashes;
  bool codes = false;  // this batch is of `dictionary`
};

KeyBatch::KeyBatch(std::vector<KeyForm> forms) {
  for (const KeyForm& form : forms) {
    columns_.push_back({form});
    scratch_.push_back(std::make_unique<Scratch>());
  }
}

KeyBatch::~KeyBatch() = default;

void KeyBatch::LoadColumn(int i, const Vector& vector, int rows) {
  KeyColumn& column = columns_[i];
  Scratch& scratch = *scratch_[i];
  scratch.source = vector;
  scratch.codes = false;
  column.nulls = vector.nulls();
  if (vector.is_constant() && vector.has_nulls()) {
    if (vector.nulls()[0] != 0) {
      scratch.nulls.assign(std::max(rows, 1), 1);
      column.nulls = scratch.nulls.data();
    } else {
      column.nulls = nullptr;
    }
  }
  switch (column.form.kind) {
    case KeyKind::kInt: {
      if (vector.physical() == PhysicalType::kInt64 && !vector.is_constant()) {
        column.data = vector.data<int64_t>();
        return;
      }
      scratch.words.resize(std::max(rows, 1));
      auto* out = reinterpret_cast<int64_t*>(scratch.words.data());
      column::DispatchPhysical(vector.physical(), [&](auto tag) {
        using T = decltype(tag);
        if constexpr (std::is_integral_v<T>) {
          const T* in = vector.data<T>();
          if (vector.is_constant()) {
            std::fill_n(out, rows, static_cast<int64_t>(*in));
          } else {
            for (int r = 0; r < rows; ++r) out[r] = in[r];
          }
        } else if constexpr (std::is_same_v<T, int128_t>) {
          // The other side of a join has narrower keys: what does not fit has no match there.
          const T* in = vector.data<T>();
          std::vector<uint8_t> nulls(std::max(rows, 1), 0);
          for (int r = 0; r < rows; ++r) {
            const T value = in[vector.is_constant() ? 0 : r];
            out[r] = static_cast<int64_t>(value);
            nulls[r] = out[r] != value || (column.nulls != nullptr && column.nulls[r] != 0);
          }
          scratch.nulls = std::move(nulls);
          column.nulls = scratch.nulls.data();
        }
      });
      column.data = out;
      return;
    }
    case KeyKind::kInt128: {
      if (vector.physical() == PhysicalType::kInt128 && !vector.is_constant()) {
        column.data = vector.data<int128_t>();
        return;
      }
      scratch.wide.resize(std::max(rows, 1));
      int128_t* out = scratch.wide.data();
      column::DispatchPhysical(vector.physical(), [&](auto tag) {
        using T = decltype(tag);
        if constexpr (std::is_integral_v<T> || std::is_same_v<T, int128_t>) {
          const T* in = vector.data<T>();
          for (int r = 0; r < rows; ++r) out[r] = in[vector.is_constant() ? 0 : r];
        }
      });
      column.data = out;
      return;
    }
    case KeyKind::kDouble: {
      scratch.words.resize(std::max(rows, 1));
      uint64_t* out = scratch.words.data();
      column::DispatchPhysical(vector.physical(), [&](auto tag) {
        using T = decltype(tag);
        if constexpr (std::is_floating_point_v<T>) {
          const T* in = vector.data<T>();
          for (int r = 0; r < rows; ++r) {
            out[r] = DoubleKey(static_cast<double>(in[vector.is_constant() ? 0 : r]));
          }
        }
      });
      column.data = out;
      return;
    }
    case KeyKind::kString: break;
  }
  const KeyForm form = column.form;
  if (vector.is_dictionary()) {
    if (scratch.dictionary != vector.dictionary()) {
      scratch.dictionary = vector.dictionary();
      const auto& entries = scratch.dictionary->entries;
      scratch.entries.resize(entries.size());
      scratch.entry_hashes.resize(entries.size());
      scratch.heap = column::StringHeap();
      for (size_t e = 0; e < entries.size(); ++e) {
        scratch.entries[e] = ComparisonForm(entries[e], form, scratch.heap);
        scratch.entry_hashes[e] = HashKey(scratch.entries[e]);
      }
    }
    scratch.codes = true;
    scratch.strings.resize(std::max(rows, 1));
    scratch.originals.resize(std::max(rows, 1));
    const uint16_t* codes = vector.codes();
    const StringRef* originals = scratch.dictionary->entries.data();
    if (scratch.dictionary->entries.empty()) {  // all NULL
      std::fill_n(scratch.strings.data(), rows, StringRef());
      std::fill_n(scratch.originals.data(), rows, StringRef());
    } else {
      for (int r = 0; r < rows; ++r) {
        scratch.strings[r] = scratch.entries[codes[r]];
        scratch.originals[r] = originals[codes[r]];
      }
    }
    scratch.codes = !scratch.dictionary->entries.empty();
    column.data = scratch.strings.data();
    column.original = scratch.originals.data();
    return;
  }
  const StringRef* in = vector.data<StringRef>();
  if (vector.is_constant()) {
    scratch.originals.assign(std::max(rows, 1), *in);
    in = scratch.originals.data();
  }
  column.original = in;
  column.data = in;
  if (!form.trims) return;
  bool changes = form.folds;
  for (int r = 0; r < rows && !changes; ++r) {
    const uint32_t size = in[r].size();
    changes = size > 0 && in[r].data()[size - 1] == ' ';
  }
  if (!changes) return;
  scratch.batch_heap = std::make_unique<column::StringHeap>();
  scratch.strings.resize(std::max(rows, 1));
  for (int r = 0; r < rows; ++r) {
    scratch.strings[r] = ComparisonForm(in[r], form, *scratch.batch_heap);
  }
  column.data = scratch.strings.data();
}

void KeyBatch::Load(std::span<const Vector> vectors, int rows) {
  rows_ = rows;
  hashed_ = false;
  any_null_ = nullptr;
  int with_nulls = 0;
  for (size_t i = 0; i < columns_.size(); ++i) {
    LoadColumn(static_cast<int>(i), vectors[i], rows);
    if (columns_[i].nulls == nullptr) continue;
    // A byte per row may be there without any NULL among these rows.
    if (std::memchr(columns_[i].nulls, 1, rows) == nullptr) {
      columns_[i].nulls = nullptr;
      continue;
    }
    any_null_ = columns_[i].nulls;
    ++with_nulls;
  }
  if (with_nulls <= 1) return;
  null_bytes_.assign(rows, 0);
  for (const KeyColumn& column : columns_) {
    if (column.nulls == nullptr) continue;
    for (int r = 0; r < rows; ++r) null_bytes_[r] |= column.nulls[r];
  }
  any_null_ = null_bytes_.data();
}

const uint64_t* KeyBatch::hashes() {
  if (hashed_) return hashes_.data();
  hashed_ = true;
  hashes_.resize(std::max(rows_, 1));
  uint64_t* out = hashes_.data();
  if (columns_.empty()) std::fill_n(out, rows_, kNullHash);
  const auto fold = [&](size_t i, auto&& hash) {
    const uint8_t* nulls = columns_[i].nulls;
    if (i == 0 && nulls == nullptr) {
      for (int r = 0; r < rows_; ++r) out[r] = hash(r);
    } else if (i == 0) {
      for (int r = 0; r < rows_; ++r) out[r] = nulls[r] != 0 ? kNullHash : hash(r);
    } else if (nulls == nullptr) {
      for (int r = 0; r < rows_; ++r) out[r] = base::HashCombine(out[r], hash(r));
    } else {
      for (int r = 0; r < rows_; ++r) {
        out[r] = base::HashCombine(out[r], nulls[r] != 0 ? kNullHash : hash(r));
      }
    }
  };
  for (size_t i = 0; i < columns_.size(); ++i) {
    const KeyColumn& column = columns_[i];
    switch (column.form.kind) {
      case KeyKind::kInt: {
        const int64_t* keys = column.As<int64_t>();
        fold(i, [keys](int r) { return HashKey(keys[r]); });
        break;
      }
      case KeyKind::kInt128: {
        const int128_t* keys = column.As<int128_t>();
        fold(i, [keys](int r) { return HashKey(keys[r]); });
        break;
      }
      case KeyKind::kDouble: {
        const uint64_t* keys = column.As<uint64_t>();
        fold(i, [keys](int r) { return HashKey(keys[r]); });
        break;
      }
      case KeyKind::kString: {
        if (scratch_[i]->codes) {
          const uint64_t* entries = scratch_[i]->entry_hashes.data();
          const uint16_t* codes = scratch_[i]->source.codes();
          fold(i, [entries, codes](int r) { return entries[codes[r]]; });
        } else {
          const StringRef* keys = column.As<StringRef>();
          fold(i, [keys](int r) { return HashKey(keys[r]); });
        }
        break;
      }
    }
  }
  return out;
}

absl::StatusOr<std::unique_ptr<KeyEvaluator>> KeyEvaluator::Create(
    const std::vector<expr::ExprPtr>& keys, const Layout& layout,
    const functions::EvalContext& context) {
  auto result = std::make_unique<KeyEvaluator>();
  for (const expr::ExprPtr& key : keys) {
    VESTO_ASSIGN_OR_RETURN(auto evaluator, expr::Evaluator::Compile(*key, layout, context));
    result->evaluators_.push_back(std::move(evaluator));
    result->forms_.push_back(KeyFormOf(key->type));
  }
  result->vectors_.resize(keys.size());
  return result;
}

absl::Status KeyEvaluator::Evaluate(const Batch& batch) {
  for (size_t i = 0; i < evaluators_.size(); ++i) {
    VESTO_ASSIGN_OR_RETURN(vectors_[i], evaluators_[i]->Evaluate(batch));
  }
  return absl::OkStatus();
}

}  // namespace vesto::exec
