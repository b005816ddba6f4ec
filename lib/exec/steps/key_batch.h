#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "absl/status/statusor.h"
#include "base/int128.h"
#include "column/batch.h"
#include "exec/step.h"
#include "expr/evaluator.h"

// Keys of joins, groups and distinct rows in one form, so that equal SQL values have equal bits and
// equal hashes whatever their vectors look like.
namespace vesto::exec {

enum class KeyKind : uint8_t {
  kInt,     // int64_t: booleans, integers, dates, times, decimals in 64 bits
  kInt128,  // int128_t: decimals
  kDouble,  // uint64_t: bits of a double; one zero, one NaN
  kString,  // column::StringRef in comparison form
};

struct KeyForm {
  KeyKind kind = KeyKind::kInt;
  bool trims = false;  // strings: trailing blanks do not count
  bool folds = false;  // strings: COLLATE CASE_INSENSITIVE
};
KeyForm KeyFormOf(const Type& type);
// Bytes of one key: 8, 16, 8, 16.
int KeySize(KeyKind kind);

// `text` without trailing blanks.
inline column::StringRef Trimmed(const column::StringRef& text) {
  const uint32_t size = text.size();
  if (size == 0 || text.data()[size - 1] != ' ') return text;
  uint32_t end = size;
  const char* data = text.data();
  while (end > 0 && data[end - 1] == ' ') --end;
  return column::StringRef(data, end);
}
// Order of two strings as SQL sees it: bytes, without trailing blanks, folded where asked.
int CompareText(const column::StringRef& a, const column::StringRef& b, const KeyForm& form);

inline uint64_t DoubleKey(double value) {
  if (value != value) return 0x7ff8000000000000ULL;
  if (value == 0) value = 0;  // -0
  uint64_t bits;
  __builtin_memcpy(&bits, &value, sizeof(bits));
  return bits;
}

struct KeyColumn {
  KeyForm form;
  const void* data = nullptr;  // one value per row, see KeyKind
  // Strings: the values as they came. Equal to `data` where the comparison form is the string.
  const column::StringRef* original = nullptr;
  const uint8_t* nulls = nullptr;  // null when no row is NULL

  template <typename T>
  const T* As() const {
    return static_cast<const T*>(data);
  }
};

// The keys of one batch. Reused from batch to batch; remembers the comparison forms and hashes of
// the last dictionary of each column. Thread-safety: one slice only.
class KeyBatch {
 public:
  explicit KeyBatch(std::vector<KeyForm> forms);
  ~KeyBatch();

  // `vectors[i]` is key i; the batch shares them until the next Load().
  void Load(std::span<const column::Vector> vectors, int rows);

  int rows() const { return rows_; }
  int num_columns() const { return static_cast<int>(columns_.size()); }
  const KeyColumn& column(int i) const { return columns_[i]; }
  // 1 where some key is NULL; null when there is no NULL.
  const uint8_t* any_null() const { return any_null_; }
  // NULLs hash alike.
  const uint64_t* hashes();

 private:
  struct Scratch;
  void LoadColumn(int i, const column::Vector& vector, int rows);

  int rows_ = 0;
  std::vector<KeyColumn> columns_;
  std::vector<std::unique_ptr<Scratch>> scratch_;
  std::vector<uint64_t> hashes_;
  bool hashed_ = false;
  std::vector<uint8_t> null_bytes_;
  const uint8_t* any_null_ = nullptr;
};

// Evaluates key expressions.
class KeyEvaluator {
 public:
  static absl::StatusOr<std::unique_ptr<KeyEvaluator>> Create(
      const std::vector<expr::ExprPtr>& keys, const Layout& layout,
      const functions::EvalContext& context);

  absl::Status Evaluate(const column::Batch& batch);

  const std::vector<column::Vector>& vectors() const { return vectors_; }
  // By the types of the expressions.
  const std::vector<KeyForm>& forms() const { return forms_; }

 private:
  std::vector<std::unique_ptr<expr::Evaluator>> evaluators_;
  std::vector<KeyForm> forms_;
  std::vector<column::Vector> vectors_;
};

}  // namespace vesto::exec
