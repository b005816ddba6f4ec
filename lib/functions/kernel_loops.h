#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "base/cancellation.h"
#include "base/int128.h"
#include "base/status_macros.h"
#include "functions/function.h"
#include "types/physical_type.h"

// The loops that most kernels are: read a row of the arguments, compute, write a row of the result.
// With them a function's file is its documentation, its signatures and a lambda:
//
//   absl::Status Sqrt(const KernelCall& call, Vector* result) {
//     return MapRows<double, double>(call, result, [](double x) { return std::sqrt(x); });
//   }
//
// The loops are for strict functions: rows that `call.nulls` marks are skipped and hold zero.
// A body returns the value, an optional (empty = NULL) or a StatusOr of either. Loops over strings
// look at the statement's cancellation as they go, for bodies that take time linear in them.
namespace vesto::functions {

using column::StringRef;

// One argument of a kernel, flat or constant alike.
template <typename T>
class Argument {
 public:
  explicit Argument(const Vector& vector)
      : data_(vector.data<T>()), mask_(vector.is_constant() ? 0 : -1) {}
  const T& operator[](int row) const { return data_[row & mask_]; }

 private:
  const T* data_;
  int mask_;
};

// A string argument as views. A view of a short string points into the vector itself.
template <>
class Argument<std::string_view> {
 public:
  explicit Argument(const Vector& vector)
      : data_(vector.data<StringRef>()), mask_(vector.is_constant() ? 0 : -1) {}
  std::string_view operator[](int row) const { return data_[row & mask_].view(); }

 private:
  const StringRef* data_;
  int mask_;
};

template <>
class Argument<bool> {
 public:
  explicit Argument(const Vector& vector)
      : data_(vector.data<uint8_t>()), mask_(vector.is_constant() ? 0 : -1) {}
  bool operator[](int row) const { return data_[row & mask_] != 0; }

 private:
  const uint8_t* data_;
  int mask_;
};

// A DECIMAL argument as 128-bit unscaled integers, whichever physical form it has.
class DecimalArgument {
 public:
  explicit DecimalArgument(const Vector& vector)
      : wide_(vector.physical() == types::PhysicalType::kInt128),
        data_(wide_ ? static_cast<const void*>(vector.data<int128_t>())
                    : static_cast<const void*>(vector.data<int64_t>())),
        mask_(vector.is_constant() ? 0 : -1) {}
  int128_t operator[](int row) const {
    return wide_ ? static_cast<const int128_t*>(data_)[row & mask_]
                 : static_cast<const int64_t*>(data_)[row & mask_];
  }

 private:
  bool wide_;
  const void* data_;
  int mask_;
};

// Any integer argument as 64 bits.
class IntegerArgument {
 public:
  explicit IntegerArgument(const Vector& vector)
      : physical_(vector.physical()), vector_(vector), mask_(vector.is_constant() ? 0 : -1) {}
  int64_t operator[](int row) const {
    switch (physical_) {
      case types::PhysicalType::kInt16:
        return vector_.data<int16_t>()[row & mask_];
      case types::PhysicalType::kInt32:
        return vector_.data<int32_t>()[row & mask_];
      case types::PhysicalType::kBool:
        return vector_.data<uint8_t>()[row & mask_];
      default:
        return vector_.data<int64_t>()[row & mask_];
    }
  }

 private:
  types::PhysicalType physical_;
  const Vector& vector_;
  int mask_;
};

// Writes a DECIMAL result in its physical form; the caller has checked the precision.
inline void SetDecimal(Vector* result, int row, int128_t value) {
  if (result->physical() == types::PhysicalType::kInt128) {
    result->mutable_data<int128_t>()[row] = value;
  } else {
    result->mutable_data<int64_t>()[row] = static_cast<int64_t>(value);
  }
}

// Marks a row NULL and zeroes its slot.
template <typename Out>
void SetNullRow(Vector* result, int rows, int row) {
  result->MutableNulls(rows)[row] = 1;
  result->mutable_data<Out>()[row] = Out{};
}

inline bool IsNullRow(const KernelCall& call, int row) {
  return call.nulls != nullptr && call.nulls[row] != 0;
}

namespace internal {

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <typename T>
struct IsStatusOr : std::false_type {};
template <typename T>
struct IsStatusOr<absl::StatusOr<T>> : std::true_type {};

template <typename T>
inline constexpr bool kIsText =
    std::is_same_v<T, std::string_view> || std::is_same_v<T, StringRef>;

// The bytes of strings in a row of arguments: what a body reads.
template <typename... In>
size_t TextBytes(const In&... values) {
  const auto bytes = []<typename T>(const T& value) -> size_t {
    if constexpr (kIsText<T>) return value.size();
    return 0;
  };
  return (bytes(values) + ... + 0);
}

template <typename Out, typename Value>
void StoreRow(Vector* result, int rows, int row, Value&& value) {
  if constexpr (IsOptional<std::decay_t<Value>>::value) {
    if (value.has_value()) {
      result->mutable_data<Out>()[row] = static_cast<Out>(*value);
    } else {
      SetNullRow<Out>(result, rows, row);
    }
  } else {
    result->mutable_data<Out>()[row] = static_cast<Out>(value);
  }
}

template <typename Out, typename... In, size_t... I, typename Body>
absl::Status MapRows(const KernelCall& call, Vector* result, Body& body,
                     std::index_sequence<I...>) {
  using Answer = decltype(body(Argument<In>(call.args[I])[0]...));
  const std::tuple<Argument<In>...> args{Argument<In>(call.args[I])...};
  constexpr bool kOverText = (kIsText<In> || ...);
  base::CancellationPoll poll(call.context.cancellation);
  if constexpr (!IsStatusOr<Answer>::value && !IsOptional<Answer>::value && !kOverText) {
    // Cannot fail and makes no NULLs: no branch in the loop when no argument is NULL.
    if (call.nulls == nullptr) {
      Out* out = result->mutable_data<Out>();
      for (int row = 0; row < call.rows; ++row) {
        out[row] = static_cast<Out>(body(std::get<I>(args)[row]...));
      }
      return absl::OkStatus();
    }
  }
  for (int row = 0; row < call.rows; ++row) {
    if (IsNullRow(call, row)) {
      result->mutable_data<Out>()[row] = Out{};
      continue;
    }
    if constexpr (kOverText) {
      VESTO_RETURN_IF_ERROR(poll.After(TextBytes(std::get<I>(args)[row]...)));
    }
    if constexpr (IsStatusOr<Answer>::value) {
      VESTO_ASSIGN_OR_RETURN(auto value, body(std::get<I>(args)[row]...));
      StoreRow<Out>(result, call.rows, row, std::move(value));
    } else {
      StoreRow<Out>(result, call.rows, row, body(std::get<I>(args)[row]...));
    }
  }
  return absl::OkStatus();
}

template <typename... In, size_t... I, typename Body>
absl::Status MapToText(const KernelCall& call, Vector* result, Body& body,
                       std::index_sequence<I...>) {
  using Answer = decltype(body(Argument<In>(call.args[I])[0]..., std::declval<std::string*>()));
  const std::tuple<Argument<In>...> args{Argument<In>(call.args[I])...};
  StringRef* out = result->mutable_data<StringRef>();
  column::StringHeap& heap = result->heap();
  base::CancellationPoll poll(call.context.cancellation);
  std::string text;
  for (int row = 0; row < call.rows; ++row) {
    if (IsNullRow(call, row)) {
      out[row] = StringRef();
      continue;
    }
    text.clear();
    if constexpr (std::is_same_v<Answer, absl::Status>) {
      VESTO_RETURN_IF_ERROR(body(std::get<I>(args)[row]..., &text));
    } else if constexpr (std::is_same_v<Answer, bool>) {
      if (!body(std::get<I>(args)[row]..., &text)) {
        SetNullRow<StringRef>(result, call.rows, row);
        continue;
      }
    } else {
      body(std::get<I>(args)[row]..., &text);
    }
    out[row] = heap.Add(std::string_view(text));
    VESTO_RETURN_IF_ERROR(poll.After(TextBytes(std::get<I>(args)[row]...) + text.size()));
  }
  return absl::OkStatus();
}

template <typename... In, size_t... I, typename Body>
absl::Status MapToView(const KernelCall& call, Vector* result, Body& body,
                       std::index_sequence<I...>) {
  const std::tuple<Argument<In>...> args{Argument<In>(call.args[I])...};
  StringRef* out = result->mutable_data<StringRef>();
  for (const Vector& arg : call.args) {
    if (arg.physical() == types::PhysicalType::kString) result->AddPinsOf(arg);
  }
  base::CancellationPoll poll(call.context.cancellation);
  for (int row = 0; row < call.rows; ++row) {
    out[row] = StringRef();
    if (IsNullRow(call, row)) continue;
    VESTO_RETURN_IF_ERROR(poll.After(TextBytes(std::get<I>(args)[row]...)));
    out[row] = StringRef(body(std::get<I>(args)[row]...));
  }
  return absl::OkStatus();
}

}  // namespace internal

// result[row] = body(args...): numbers, dates, booleans.
template <typename Out, typename... In, typename Body>
absl::Status MapRows(const KernelCall& call, Vector* result, Body body) {
  return internal::MapRows<Out, In...>(call, result, body, std::index_sequence_for<In...>{});
}

// body(args..., std::string* text) appends the row's text to an empty string that is reused from
// row to row. It returns nothing, an absl::Status, or false for NULL.
template <typename... In, typename Body>
absl::Status MapToText(const KernelCall& call, Vector* result, Body body) {
  return internal::MapToText<In...>(call, result, body, std::index_sequence_for<In...>{});
}

// body(args...) returns a view into one of the row's string arguments: nothing is copied, the
// result keeps the arguments' memory alive.
template <typename... In, typename Body>
absl::Status MapToView(const KernelCall& call, Vector* result, Body body) {
  return internal::MapToView<In...>(call, result, body, std::index_sequence_for<In...>{});
}

// The longest string that an expression may make. Source: redshift/types.md §1.
inline constexpr uint64_t kTextBytesMax = 16'000'000;
absl::Status TextTooLong();
inline absl::Status CheckTextSize(uint64_t bytes) {
  return bytes <= kTextBytesMax ? absl::OkStatus() : TextTooLong();
}
inline absl::Status CheckTextSize(const std::string& text) { return CheckTextSize(text.size()); }

// --- Signatures
// -----------------------------------------------------------------------------------

// VARCHAR, DECIMAL and VARBYTE of whatever length the argument has.
inline constexpr Type kAnyVarchar = Type::Varchar(0);
inline constexpr Type kAnyChar = Type::Char(0);
inline constexpr Type kAnyDecimal = Type::Decimal(0, 0);
inline constexpr Type kAnyVarbyte = Type::Varbyte(0);

using ResultRule = std::function<absl::StatusOr<Type>(const BindCall&)>;
using PrepareRule = std::function<absl::StatusOr<std::shared_ptr<const void>>(const BindCall&)>;

inline Overload Signature(std::vector<Type> parameters, ResultRule result, Kernel kernel,
                          PrepareRule prepare = nullptr) {
  Overload overload;
  overload.parameters = std::move(parameters);
  overload.result = std::move(result);
  overload.kernel = kernel;
  overload.prepare = std::move(prepare);
  return overload;
}

inline Overload VariadicSignature(std::vector<Type> parameters, ResultRule result, Kernel kernel) {
  Overload overload = Signature(std::move(parameters), std::move(result), kernel);
  overload.variadic = true;
  return overload;
}

// VARCHAR as wide as the string argument `index` (VARCHAR(65535) where that is unknown).
ResultRule ReturnsVarcharOf(int index);
// VARCHAR(65535).
ResultRule ReturnsLongVarchar();

// The text of a constant argument at bind time; nullopt where it is no constant or NULL.
std::optional<std::string_view> ConstantText(const BindCall& call, int index);

}  // namespace vesto::functions
