#include "expr/evaluator.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <optional>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "base/check.h"
#include "base/int128.h"
#include "base/stack_guard.h"
#include "base/status_macros.h"
#include "base/string_map.h"
#include "column/dispatch.h"
#include "expr/arithmetic.h"
#include "expr/cast.h"
#include "expr/compare.h"
#include "expr/null_union.h"
#include "expr/numeric_view.h"
#include "functions/pattern.h"
#include "types/text.h"
#include "types/type_rules.h"

namespace vesto::expr {
namespace {

using column::Batch;
using column::Position;
using column::StringRef;
using column::Vector;
using functions::EvalContext;
using types::PhysicalType;

// The rows of `input` at `positions`, with only the columns that `used` names.
Batch GatherUsed(const Batch& input, const std::vector<int>& used,
                 std::span<const Position> positions) {
  Batch result;
  result.rows = static_cast<int>(positions.size());
  result.columns.resize(input.columns.size());
  for (int column : used) result.columns[column] = input.columns[column].Gather(positions);
  return result;
}

// A node of the compiled tree.
class Node {
 public:
  virtual ~Node() = default;
  virtual absl::StatusOr<Vector> Evaluate(const Batch& input) = 0;

  std::vector<int> used;  // input columns below this node
  bool can_fail = false;
  int offset = -1;
};
using NodePtr = std::unique_ptr<Node>;

// Evaluates `node` on the rows at `positions` alone.
absl::StatusOr<Vector> EvaluateRows(Node& node, const Batch& input,
                                    std::span<const Position> positions) {
  return node.Evaluate(GatherUsed(input, node.used, positions));
}

class ConstantNode : public Node {
 public:
  explicit ConstantNode(Vector value) : value_(std::move(value)) {}
  absl::StatusOr<Vector> Evaluate(const Batch&) override { return value_; }

 private:
  const Vector value_;
};

class ColumnNode : public Node {
 public:
  explicit ColumnNode(int position) : position_(position) { used.push_back(position); }
  absl::StatusOr<Vector> Evaluate(const Batch& input) override { return input.columns[position_]; }

 private:
  const int position_;
};

// A node with arguments, each evaluated once per batch.
class ArgumentsNode : public Node {
 public:
  absl::StatusOr<std::vector<Vector>> EvaluateArguments(const Batch& input) {
    std::vector<Vector> values;
    values.reserve(args.size());
    for (const NodePtr& arg : args) {
      VESTO_ASSIGN_OR_RETURN(Vector value, arg->Evaluate(input));
      values.push_back(std::move(value));
    }
    return values;
  }

  std::vector<NodePtr> args;
};

// A strict operation over its arguments' values. When the only argument that varies is one
// dictionary column, the operation runs once per dictionary entry that rows really use; results
// are kept for later batches of the same dictionary.
class StrictNode : public ArgumentsNode {
 public:
  StrictNode(Type type, PhysicalType physical) : type_(type), physical_(physical) {}

  absl::StatusOr<Vector> Evaluate(const Batch& input) override {
    VESTO_ASSIGN_OR_RETURN(std::vector<Vector> values, EvaluateArguments(input));
    const int dictionary = pure ? DictionaryArgument(values) : -1;
    absl::StatusOr<Vector> result = dictionary >= 0
                                        ? ApplyToEntries(values, dictionary, input.rows)
                                        : Apply(values, input.rows);
    if (!result.ok() && offset >= 0 && OffsetOf(result.status()) < 0) {
      return WithOffset(result.status(), offset);
    }
    return result;
  }

  bool pure = true;  // immutable: the same values give the same result

 protected:
  virtual absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) = 0;

  const Type type_;
  const PhysicalType physical_;

 private:
  static int DictionaryArgument(const std::vector<Vector>& values) {
    int found = -1;
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i].is_constant()) continue;
      if (found >= 0 || !values[i].is_dictionary()) return -1;
      found = static_cast<int>(i);
    }
    return found;
  }

  absl::StatusOr<Vector> ApplyToEntries(std::vector<Vector> values, int argument, int rows) {
    const Vector codes = values[argument];
    const auto& dictionary = codes.dictionary();
    if (cache_dictionary_ != dictionary || known_.size() != dictionary->entries.size()) {
      cache_dictionary_ = dictionary;
      known_.assign(dictionary->entries.size(), 0);
      results_.assign(dictionary->entries.size() * types::PhysicalSize(physical_), 0);
      result_nulls_.assign(dictionary->entries.size(), 0);
      result_pins_.clear();
    }
    std::vector<uint16_t> missing;
    for (int i = 0; i < rows; ++i) {
      if (codes.IsNull(i)) continue;
      const uint16_t code = codes.codes()[i];
      if (known_[code]) continue;
      known_[code] = 1;
      missing.push_back(code);
    }
    if (!missing.empty()) {
      absl::Status status = ComputeEntries(std::move(values), argument, missing);
      if (!status.ok()) {
        for (uint16_t code : missing) known_[code] = 0;
        return status;
      }
    }
    Vector result = Vector::Flat(type_, physical_, std::max(rows, 1));
    column::DispatchPhysical(physical_, [&](auto tag) {
      using T = decltype(tag);
      const T* from = reinterpret_cast<const T*>(results_.data());
      T* out = result.mutable_data<T>();
      for (int i = 0; i < rows; ++i) {
        out[i] = codes.IsNull(i) ? T{} : from[codes.codes()[i]];
      }
    });
    for (int i = 0; i < rows; ++i) {
      if (codes.IsNull(i) || result_nulls_[codes.codes()[i]]) result.MutableNulls(rows)[i] = 1;
    }
    for (const column::Pin& pin : result_pins_) result.AddPin(pin);
    return result;
  }

  absl::Status ComputeEntries(std::vector<Vector> values, int argument,
                              const std::vector<uint16_t>& missing) {
    const int rows = static_cast<int>(missing.size());
    const auto dictionary = values[argument].dictionary();
    Vector entries = Vector::Flat(values[argument].type(), PhysicalType::kString, rows);
    entries.AddPin(dictionary);
    for (int i = 0; i < rows; ++i) {
      entries.mutable_data<StringRef>()[i] = dictionary->entries[missing[i]];
    }
    values[argument] = std::move(entries);
    VESTO_ASSIGN_OR_RETURN(Vector computed, Apply(values, rows));
    const Vector flat = computed.Flatten(rows);
    column::DispatchPhysical(physical_, [&](auto tag) {
      using T = decltype(tag);
      for (int i = 0; i < rows; ++i) {
        reinterpret_cast<T*>(results_.data())[missing[i]] = flat.data<T>()[i];
        result_nulls_[missing[i]] = flat.IsNull(i);
      }
    });
    if (physical_ == PhysicalType::kString) {
      for (const column::Pin& pin : flat.pins()) result_pins_.push_back(pin);
    }
    return absl::OkStatus();
  }

  std::shared_ptr<const column::Dictionary> cache_dictionary_;
  std::vector<uint8_t> known_, result_nulls_;
  std::vector<uint8_t> results_;
  std::vector<column::Pin> result_pins_;
};

class ArithmeticNode : public StrictNode {
 public:
  ArithmeticNode(const Expr& expr, const EvalContext& context)
      : StrictNode(expr.type, expr.physical), op_(expr.op), context_(context) {}

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    return EvaluateArithmetic(op_, values[0], values[1], rows, type_, physical_, context_);
  }

 private:
  const Op op_;
  const EvalContext& context_;
};

class NegateNode : public StrictNode {
 public:
  explicit NegateNode(const Expr& expr) : StrictNode(expr.type, expr.physical) {}

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    return EvaluateNegate(values[0], rows, type_, physical_);
  }
};

class CompareNode : public StrictNode {
 public:
  explicit CompareNode(const Expr& expr)
      : StrictNode(Type::Boolean(), PhysicalType::kBool), op_(expr.op) {}

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    return EvaluateCompare(op_, values[0], values[1], rows);
  }

 private:
  const Op op_;
};

class CastNode : public StrictNode {
 public:
  CastNode(const Expr& expr, const EvalContext& context)
      : StrictNode(expr.type, expr.physical), implicit_(expr.implicit), context_(context) {
    pure = false;  // a cast between strings keeps dictionaries by itself
  }

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    return EvaluateCast(values[0], rows, type_, physical_, implicit_, context_);
  }

 private:
  const bool implicit_;
  const EvalContext& context_;
};

class CallNode : public StrictNode {
 public:
  CallNode(const Expr& expr, const EvalContext& context)
      : StrictNode(expr.type, expr.physical),
        function_(*expr.function),
        overload_(expr.function->overloads[expr.overload]),
        state_(expr.state),
        context_(context) {
    pure = function_.volatility == functions::Volatility::kImmutable &&
           function_.null_rule == functions::NullRule::kStrict;
  }

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    std::vector<Vector> args;
    args.reserve(values.size());
    for (const Vector& value : values) {
      Vector arg = value.is_dictionary() ? value.Flatten(rows) : value;
      // Kernels get DECIMAL in its default form.
      const PhysicalType wanted = types::DefaultPhysicalType(arg.type());
      if (arg.type().id == TypeId::kDecimal && arg.physical() != wanted) {
        arg = WidenTo(arg, rows, wanted);
      }
      args.push_back(std::move(arg));
    }
    const PhysicalType produced = types::DefaultPhysicalType(type_);
    Vector result = Vector::Flat(type_, produced, std::max(rows, 1));
    functions::KernelCall call{.context = context_, .args = args, .rows = rows,
                               .state = state_.get(), .result_type = type_};
    if (function_.null_rule == functions::NullRule::kStrict) {
      for (const Vector& arg : args) {
        if (arg.IsConstantNull()) return Vector::Constant(Value::Null(type_), physical_);
      }
      std::vector<const Vector*> inputs;
      for (const Vector& arg : args) inputs.push_back(&arg);
      UnionNulls(inputs, rows, &result);
      call.nulls = result.nulls();
    }
    VESTO_RETURN_IF_ERROR(overload_.kernel(call, &result));
    if (produced != physical_) return WidenTo(result, rows, physical_);
    return result;
  }

 private:
  const functions::ScalarFunction& function_;
  const functions::Overload& overload_;
  const std::shared_ptr<const void> state_;
  const EvalContext& context_;
};

// LIKE, ILIKE, SIMILAR TO and ~ with a constant or a varying pattern.
class LikeNode : public StrictNode {
 public:
  LikeNode(const Expr& expr, const EvalContext& context)
      : StrictNode(Type::Boolean(), PhysicalType::kBool),
        kind_(expr.like),
        negated_(expr.negated),
        poll_(context.cancellation) {}

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    Vector result = Vector::Flat(Type::Boolean(), PhysicalType::kBool, std::max(rows, 1));
    std::vector<const Vector*> inputs;
    for (const Vector& value : values) inputs.push_back(&value);
    UnionNulls(inputs, rows, &result);
    uint8_t* out = result.mutable_data<uint8_t>();
    for (int i = 0; i < rows; ++i) {
      out[i] = 0;
      if (result.IsNull(i)) continue;
      const StringRef pattern = values[1].StringAt(i);
      std::optional<std::string_view> escape;
      StringRef escape_ref;
      if (values.size() > 2) {
        escape_ref = values[2].StringAt(i);
        escape = escape_ref.view();
      }
      VESTO_RETURN_IF_ERROR(Compile(pattern.view(), escape));
      const StringRef text = values[0].StringAt(i);
      VESTO_ASSIGN_OR_RETURN(const bool matches, like_.has_value()
                                                     ? like_->Matches(text.view(), poll_)
                                                     : regex_->Matches(text.view(), poll_));
      out[i] = matches != negated_;
    }
    return result;
  }

 private:
  absl::Status Compile(std::string_view pattern, std::optional<std::string_view> escape) {
    if ((like_.has_value() || regex_.has_value()) && pattern == pattern_ &&
        escape.has_value() == escape_.has_value() && (!escape || *escape == *escape_)) {
      return absl::OkStatus();
    }
    like_.reset();
    regex_.reset();
    if (kind_ == LikeKind::kLike || kind_ == LikeKind::kILike) {
      VESTO_ASSIGN_OR_RETURN(
          like_, functions::LikePattern::Compile(
                     pattern, {.escape = escape, .ignore_case = kind_ == LikeKind::kILike}));
    } else if (kind_ == LikeKind::kSimilarTo) {
      VESTO_ASSIGN_OR_RETURN(regex_, functions::RegexPattern::CompileSimilarTo(pattern, escape));
    } else {
      VESTO_ASSIGN_OR_RETURN(regex_, functions::RegexPattern::Compile(pattern, {}));
    }
    pattern_ = std::string(pattern);
    escape_.reset();
    if (escape) escape_ = std::string(*escape);
    return absl::OkStatus();
  }

  const LikeKind kind_;
  const bool negated_;
  base::CancellationPoll poll_;
  std::string pattern_;
  std::optional<std::string> escape_;
  std::optional<functions::LikePattern> like_;
  std::optional<functions::RegexPattern> regex_;
};

// args[0] IN (constants): a hash set, built once.
class InListNode : public StrictNode {
 public:
  InListNode(const Expr& expr)
      : StrictNode(Type::Boolean(), PhysicalType::kBool), negated_(expr.negated) {
    for (size_t i = 1; i < expr.args.size(); ++i) {
      const Value& value = expr.args[i]->constant;
      if (value.is_null()) {
        has_null_ = true;
      } else if (types::IsString(value.type()) || value.type().id == TypeId::kVarbyte ||
                 value.type().id == TypeId::kUnknown) {
        std::string text(types::TrimTrailingBlanks(value.text()));
        fold_ = expr.args[0]->type.case_insensitive;
        if (fold_) std::transform(text.begin(), text.end(), text.begin(), ToLower);
        texts_.insert(std::move(text));
      } else if (types::IsFloating(value.type())) {
        doubles_.insert(value.floating());
      } else {
        integers_.insert(value.integer128());
        if (value.integer128() != value.integer()) wide_ = true;
      }
    }
    if (!wide_) {
      for (int128_t value : integers_) narrow_.insert(static_cast<int64_t>(value));
    }
  }

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    const Vector input = values[0].Flatten(rows);
    Vector result = Vector::Flat(Type::Boolean(), PhysicalType::kBool, std::max(rows, 1));
    const Vector* inputs[] = {&input};
    UnionNulls(inputs, rows, &result);
    uint8_t* out = result.mutable_data<uint8_t>();
    column::DispatchPhysical(input.physical(), [&](auto tag) {
      using T = decltype(tag);
      const T* in = input.data<T>();
      for (int i = 0; i < rows; ++i) out[i] = Contains(in[i]) != negated_;
    });
    ZeroNulls(rows, &result);
    if (has_null_) {
      // Not found beside a NULL is unknown.
      uint8_t* nulls = result.MutableNulls(rows);
      for (int i = 0; i < rows; ++i) {
        if (out[i] == (negated_ ? 1 : 0)) {
          nulls[i] = 1;
          out[i] = 0;
        }
      }
    }
    return result;
  }

 private:
  static char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

  template <typename T>
  bool Contains(const T& value) const {
    if constexpr (std::is_same_v<T, StringRef>) {
      const std::string_view text = types::TrimTrailingBlanks(value.view());
      if (!fold_) return texts_.contains(text);
      std::string folded(text);
      std::transform(folded.begin(), folded.end(), folded.begin(), ToLower);
      return texts_.contains(folded);
    } else if constexpr (std::is_floating_point_v<T>) {
      return doubles_.contains(value);
    } else if constexpr (std::is_same_v<T, int128_t>) {
      return integers_.contains(value);
    } else {
      return wide_ ? integers_.contains(static_cast<int128_t>(value))
                   : narrow_.contains(static_cast<int64_t>(value));
    }
  }

  struct Int128Hash {
    size_t operator()(int128_t value) const {
      return static_cast<size_t>(value) * 0x9e3779b97f4a7c15ULL ^ static_cast<size_t>(value >> 64);
    }
  };
  const bool negated_;
  bool has_null_ = false, wide_ = false, fold_ = false;
  StringSet texts_;
  absl::flat_hash_set<double> doubles_;
  absl::flat_hash_set<int64_t> narrow_;
  absl::flat_hash_set<int128_t, Int128Hash> integers_;
};

// AND and OR of any number of arguments, in SQL's three values. An argument that may fail sees
// only the rows that earlier ones left open.
class LogicNode : public ArgumentsNode {
 public:
  explicit LogicNode(bool is_and) : decisive_(is_and ? 0 : 1) {}

  absl::StatusOr<Vector> Evaluate(const Batch& input) override {
    const int rows = input.rows;
    Vector result = Vector::Flat(Type::Boolean(), PhysicalType::kBool, std::max(rows, 1));
    uint8_t* out = result.mutable_data<uint8_t>();
    std::memset(out, decisive_ ^ 1, rows);
    // 1 where some argument was NULL and none decisive.
    std::vector<uint8_t> unknown(rows, 0);
    bool any_unknown = false;
    for (const NodePtr& arg : args) {
      if (arg->can_fail && &arg != &args.front()) {
        std::vector<Position> open;
        for (int i = 0; i < rows; ++i) {
          if (out[i] != decisive_) open.push_back(static_cast<Position>(i));
        }
        if (open.empty()) break;
        VESTO_ASSIGN_OR_RETURN(const Vector value, EvaluateRows(*arg, input, open));
        for (size_t k = 0; k < open.size(); ++k) {
          const int i = open[k];
          if (value.IsNull(static_cast<int>(k))) {
            unknown[i] = 1;
            any_unknown = true;
          } else if (Truth(value, static_cast<int>(k)) == decisive_) {
            out[i] = decisive_;
          }
        }
        continue;
      }
      VESTO_ASSIGN_OR_RETURN(const Vector value, arg->Evaluate(input));
      if (value.is_constant()) {
        if (value.IsNull(0)) {
          std::fill(unknown.begin(), unknown.end(), 1);
          any_unknown = rows > 0;
        } else if (Truth(value, 0) == decisive_) {
          std::memset(out, decisive_, rows);
        }
        continue;
      }
      const uint8_t* in = value.data<uint8_t>();
      if (!value.has_nulls()) {
        if (decisive_ == 0) {
          for (int i = 0; i < rows; ++i) out[i] &= in[i];
        } else {
          for (int i = 0; i < rows; ++i) out[i] |= in[i];
        }
        continue;
      }
      const uint8_t* nulls = value.nulls();
      any_unknown = true;
      for (int i = 0; i < rows; ++i) {
        unknown[i] |= nulls[i];
        if (!nulls[i] && in[i] == decisive_) out[i] = decisive_;
      }
    }
    if (any_unknown) {
      uint8_t* nulls = result.MutableNulls(rows);
      for (int i = 0; i < rows; ++i) {
        nulls[i] = unknown[i] && out[i] != decisive_;
        if (nulls[i]) out[i] = 0;
      }
    }
    return result;
  }

 private:
  static uint8_t Truth(const Vector& value, int row) {
    return value.data<uint8_t>()[value.is_constant() ? 0 : row];
  }
  const uint8_t decisive_;
};

class NotNode : public StrictNode {
 public:
  NotNode() : StrictNode(Type::Boolean(), PhysicalType::kBool) {}

 protected:
  absl::StatusOr<Vector> Apply(const std::vector<Vector>& values, int rows) override {
    const Vector input = values[0].Flatten(rows);
    Vector result = Vector::Flat(Type::Boolean(), PhysicalType::kBool, std::max(rows, 1));
    const Vector* inputs[] = {&input};
    UnionNulls(inputs, rows, &result);
    for (int i = 0; i < rows; ++i) {
      result.mutable_data<uint8_t>()[i] = !result.IsNull(i) && input.data<uint8_t>()[i] == 0;
    }
    return result;
  }
};

// IS [NOT] NULL, IS [NOT] TRUE, IS [NOT] FALSE: never NULL.
class TestNode : public ArgumentsNode {
 public:
  explicit TestNode(const Expr& expr)
      : null_test_(expr.kind == ExprKind::kIsNull),
        wanted_(null_test_ || expr.constant.is_null() || expr.constant.boolean()),
        negated_(expr.negated) {}

  absl::StatusOr<Vector> Evaluate(const Batch& input) override {
    VESTO_ASSIGN_OR_RETURN(const Vector value, args[0]->Evaluate(input));
    Vector result = Vector::Flat(Type::Boolean(), PhysicalType::kBool, std::max(input.rows, 1));
    for (int i = 0; i < input.rows; ++i) {
      bool holds = value.IsNull(i);
      if (!null_test_) {
        holds = !holds && (value.data<uint8_t>()[value.is_constant() ? 0 : i] != 0) == wanted_;
      }
      result.mutable_data<uint8_t>()[i] = holds != negated_;
    }
    return result;
  }

 private:
  const bool null_test_, wanted_, negated_;
};

// Collects rows of several vectors into one, by position.
class Blend {
 public:
  Blend(const Type& type, PhysicalType physical, int rows)
      : result_(Vector::Flat(type, physical, std::max(rows, 1))), rows_(rows) {}

  // Row positions[k] becomes row k of `source`; all rows of it when `positions` is null.
  void Put(const Vector& source_in, std::span<const Position> positions) {
    const Vector source = Convert(source_in, static_cast<int>(positions.size()));
    column::DispatchPhysical(result_.physical(), [&](auto tag) {
      using T = decltype(tag);
      T* out = result_.mutable_data<T>();
      const T* in = source.is_dictionary() ? nullptr : source.data<T>();
      for (size_t k = 0; k < positions.size(); ++k) {
        const int row = static_cast<int>(k);
        if (source.IsNull(row)) {
          out[positions[k]] = T{};
          result_.MutableNulls(rows_)[positions[k]] = 1;
          continue;
        }
        if constexpr (std::is_same_v<T, StringRef>) {
          out[positions[k]] = source.StringAt(row);
        } else {
          out[positions[k]] = in[source.is_constant() ? 0 : row];
        }
      }
    });
    if (result_.physical() == PhysicalType::kString) result_.AddPinsOf(source);
  }

  Vector Take() { return std::move(result_); }

 private:
  Vector Convert(const Vector& source, int rows) const {
    if (source.physical() == result_.physical()) return source;
    return WidenTo(source, rows, result_.physical());
  }

  Vector result_;
  const int rows_;
};

// CASE: every branch sees only the rows that reach it.
class CaseNode : public ArgumentsNode {
 public:
  CaseNode(const Expr& expr) : type_(expr.type), physical_(expr.physical) {}

  absl::StatusOr<Vector> Evaluate(const Batch& input) override {
    const int rows = input.rows;
    Blend blend(type_, physical_, rows);
    std::vector<Position> open(rows);
    std::iota(open.begin(), open.end(), 0);
    std::vector<Position> taken, rest;
    for (size_t branch = 0; branch + 1 < args.size() && !open.empty(); branch += 2) {
      taken.clear();
      rest.clear();
      const bool everything = static_cast<int>(open.size()) == rows;
      VESTO_ASSIGN_OR_RETURN(const Vector when, everything
                                                    ? args[branch]->Evaluate(input)
                                                    : EvaluateRows(*args[branch], input, open));
      for (size_t k = 0; k < open.size(); ++k) {
        const int row = static_cast<int>(k);
        const bool holds =
            !when.IsNull(row) && when.data<uint8_t>()[when.is_constant() ? 0 : row] != 0;
        (holds ? taken : rest).push_back(open[k]);
      }
      VESTO_RETURN_IF_ERROR(PutBranch(*args[branch + 1], input, taken, &blend));
      open.swap(rest);
    }
    VESTO_RETURN_IF_ERROR(PutBranch(*args.back(), input, open, &blend));
    return blend.Take();
  }

 private:
  static absl::Status PutBranch(Node& node, const Batch& input, const std::vector<Position>& rows,
                                Blend* blend) {
    if (rows.empty()) return absl::OkStatus();
    absl::StatusOr<Vector> value = static_cast<int>(rows.size()) == input.rows
                                       ? node.Evaluate(input)
                                       : EvaluateRows(node, input, rows);
    if (!value.ok()) return value.status();
    blend->Put(*value, rows);
    return absl::OkStatus();
  }

  const Type type_;
  const PhysicalType physical_;
};

class CoalesceNode : public ArgumentsNode {
 public:
  CoalesceNode(const Expr& expr) : type_(expr.type), physical_(expr.physical) {}

  absl::StatusOr<Vector> Evaluate(const Batch& input) override {
    VESTO_ASSIGN_OR_RETURN(Vector first, args[0]->Evaluate(input));
    if (!first.has_nulls() && first.physical() == physical_) return first;
    const int rows = input.rows;
    Blend blend(type_, physical_, rows);
    std::vector<Position> open(rows), rest;
    std::iota(open.begin(), open.end(), 0);
    blend.Put(first, open);
    for (int i = 0; i < rows; ++i) {
      if (first.IsNull(i)) rest.push_back(static_cast<Position>(i));
    }
    Vector result = blend.Take();
    for (size_t a = 1; a < args.size() && !rest.empty(); ++a) {
      open.swap(rest);
      rest.clear();
      VESTO_ASSIGN_OR_RETURN(const Vector value, EvaluateRows(*args[a], input, open));
      const Vector wide = value.physical() == physical_
                              ? value
                              : WidenTo(value, static_cast<int>(open.size()), physical_);
      column::DispatchPhysical(physical_, [&](auto tag) {
        using T = decltype(tag);
        for (size_t k = 0; k < open.size(); ++k) {
          const int row = static_cast<int>(k);
          if (wide.IsNull(row)) {
            rest.push_back(open[k]);
            continue;
          }
          result.MutableNulls(rows)[open[k]] = 0;
          if constexpr (std::is_same_v<T, StringRef>) {
            result.mutable_data<T>()[open[k]] = wide.StringAt(row);
          } else {
            result.mutable_data<T>()[open[k]] = wide.data<T>()[wide.is_constant() ? 0 : row];
          }
        }
      });
      if (physical_ == PhysicalType::kString) result.AddPinsOf(wide);
    }
    return result;
  }

 private:
  const Type type_;
  const PhysicalType physical_;
};

#ifndef NDEBUG
// True where every NULL row of a vector of numbers holds zero, as column/vector.h promises.
bool NullsHoldZero(const Vector& vector, int rows) {
  if (!vector.has_nulls() || vector.physical() == PhysicalType::kString) return true;
  bool zero = true;
  column::DispatchPhysical(vector.physical(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, StringRef>) {
      for (int i = 0; i < (vector.is_constant() ? 1 : rows); ++i) {
        zero &= !vector.IsNull(i) || vector.data<T>()[i] == T{};
      }
    }
  });
  return zero;
}

// Holds every node to that promise.
class CheckedNode : public Node {
 public:
  explicit CheckedNode(NodePtr node) : node_(std::move(node)) {
    used = node_->used;
    can_fail = node_->can_fail;
    offset = node_->offset;
  }
  absl::StatusOr<Vector> Evaluate(const Batch& input) override {
    absl::StatusOr<Vector> result = node_->Evaluate(input);
    if (result.ok()) VESTO_CHECK(NullsHoldZero(*result, input.rows));
    return result;
  }

 private:
  const NodePtr node_;
};
#endif

class Compiler {
 public:
  Compiler(const std::vector<ColumnId>& layout, const EvalContext& context) : context_(context) {
    for (size_t i = 0; i < layout.size(); ++i) positions_.emplace(layout[i], static_cast<int>(i));
  }

  absl::StatusOr<NodePtr> Compile(const Expr& expr) {
    if (!base::HasStack()) {
      return SqlError(SqlState::kStatementTooComplex, "stack depth limit exceeded").At(expr.offset);
    }
    VESTO_ASSIGN_OR_RETURN(NodePtr node, Make(expr));
    node->offset = expr.offset;
    node->can_fail = CanFail(expr);
#ifndef NDEBUG
    node = std::make_unique<CheckedNode>(std::move(node));
#endif
    return node;
  }

 private:
  absl::StatusOr<NodePtr> Make(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kConstant:
        return NodePtr(std::make_unique<ConstantNode>(Vector::Constant(expr.constant, expr.physical)));
      case ExprKind::kParameter: return Parameter(expr);
      case ExprKind::kColumn: {
        const auto it = positions_.find(expr.column);
        if (it == positions_.end()) {
          return absl::InternalError(absl::StrCat("column ", sv(expr.name), " (", expr.column,
                                                  ") is not in the input"));
        }
        return NodePtr(std::make_unique<ColumnNode>(it->second));
      }
      case ExprKind::kCall: {
        auto node = std::make_unique<CallNode>(expr, context_);
        for (const ExprPtr& arg : expr.args) {
          if (IsVolatile(*arg)) node->pure = false;
        }
        return WithArguments(std::move(node), expr);
      }
      case ExprKind::kCast: return WithArguments(std::make_unique<CastNode>(expr, context_), expr);
      case ExprKind::kArithmetic:
        return WithArguments(std::make_unique<ArithmeticNode>(expr, context_), expr);
      case ExprKind::kNegate: return WithArguments(std::make_unique<NegateNode>(expr), expr);
      case ExprKind::kCompare: return WithArguments(std::make_unique<CompareNode>(expr), expr);
      case ExprKind::kAnd: return WithArguments(std::make_unique<LogicNode>(true), expr);
      case ExprKind::kOr: return WithArguments(std::make_unique<LogicNode>(false), expr);
      case ExprKind::kNot: return WithArguments(std::make_unique<NotNode>(), expr);
      case ExprKind::kIsNull:
      case ExprKind::kIsTrue: return WithArguments(std::make_unique<TestNode>(expr), expr);
      case ExprKind::kCase: return WithArguments(std::make_unique<CaseNode>(expr), expr);
      case ExprKind::kCoalesce: return WithArguments(std::make_unique<CoalesceNode>(expr), expr);
      case ExprKind::kInList: return WithArguments(std::make_unique<InListNode>(expr), expr, 1);
      case ExprKind::kLike: return WithArguments(std::make_unique<LikeNode>(expr, context_), expr);
    }
    return absl::InternalError("unknown expression");
  }

  absl::StatusOr<NodePtr> Parameter(const Expr& expr) {
    if (expr.parameter < 0 || expr.parameter >= static_cast<int>(context_.parameters.size())) {
      return SqlError(SqlState::kUndefinedParameter,
                      absl::StrCat("there is no parameter $", expr.parameter + 1))
          .At(expr.offset);
    }
    const Value& value = context_.parameters[expr.parameter];
    Vector vector = Vector::Constant(value);
    if (!(value.type() == expr.type)) {
      VESTO_ASSIGN_OR_RETURN(vector,
                             EvaluateCast(vector, 1, expr.type, expr.physical, true, context_));
      vector = Vector::Constant(vector.ValueAt(0), expr.physical);
    }
    return NodePtr(std::make_unique<ConstantNode>(std::move(vector)));
  }

  absl::StatusOr<NodePtr> WithArguments(std::unique_ptr<ArgumentsNode> node, const Expr& expr,
                                        size_t count = SIZE_MAX) {
    for (size_t i = 0; i < std::min(count, expr.args.size()); ++i) {
      VESTO_ASSIGN_OR_RETURN(NodePtr arg, Compile(*expr.args[i]));
      node->used.insert(node->used.end(), arg->used.begin(), arg->used.end());
      node->args.push_back(std::move(arg));
    }
    std::sort(node->used.begin(), node->used.end());
    node->used.erase(std::unique(node->used.begin(), node->used.end()), node->used.end());
    return NodePtr(std::move(node));
  }

  absl::flat_hash_map<ColumnId, int> positions_;
  const EvalContext& context_;
};

class TreeEvaluator : public Evaluator {
 public:
  explicit TreeEvaluator(NodePtr root) : root_(std::move(root)) {}
  absl::StatusOr<Vector> Evaluate(const Batch& input) override { return root_->Evaluate(input); }

 private:
  const NodePtr root_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Evaluator>> Evaluator::Compile(const Expr& expr,
                                                              const std::vector<ColumnId>& layout,
                                                              const EvalContext& context) {
  VESTO_ASSIGN_OR_RETURN(NodePtr root, Compiler(layout, context).Compile(expr));
  return std::unique_ptr<Evaluator>(std::make_unique<TreeEvaluator>(std::move(root)));
}

absl::Status Evaluator::Filter(const Batch& input, std::vector<Position>* positions) {
  positions->clear();
  VESTO_ASSIGN_OR_RETURN(const Vector value, Evaluate(input));
  if (value.is_constant()) {
    if (!value.IsNull(0) && value.data<uint8_t>()[0] != 0) {
      positions->resize(input.rows);
      std::iota(positions->begin(), positions->end(), 0);
    }
    return absl::OkStatus();
  }
  // Branch-free compaction: the slot is always written, the count moves only for TRUE.
  positions->resize(input.rows);
  const uint8_t* in = value.data<uint8_t>();
  const uint8_t* nulls = value.nulls();
  int count = 0;
  for (int i = 0; i < input.rows; ++i) {
    (*positions)[count] = static_cast<Position>(i);
    count += in[i] != 0 && (nulls == nullptr || nulls[i] == 0);
  }
  positions->resize(count);
  return absl::OkStatus();
}

absl::StatusOr<Value> EvaluateConstant(const Expr& expr, const EvalContext& context) {
  VESTO_ASSIGN_OR_RETURN(auto evaluator, Evaluator::Compile(expr, {}, context));
  Batch one;
  one.rows = 1;
  VESTO_ASSIGN_OR_RETURN(const Vector value, evaluator->Evaluate(one));
  return value.ValueAt(0);
}

ExprPtr FoldConstants(ExprPtr expr, const EvalContext& context) {
  if (!base::HasStack()) return expr;
  bool constant = expr->kind != ExprKind::kColumn && expr->kind != ExprKind::kParameter;
  for (ExprPtr& arg : expr->args) {
    arg = FoldConstants(std::move(arg), context);
    constant = constant && arg->is_constant();
  }
  if (!constant || expr->is_constant()) return expr;
  // A call without a function stands for something that is not known yet (GROUPING in the binder).
  if (expr->kind == ExprKind::kCall &&
      (expr->function == nullptr ||
       expr->function->volatility != functions::Volatility::kImmutable)) {
    return expr;
  }
  absl::StatusOr<Value> value = EvaluateConstant(*expr, context);
  if (!value.ok()) return expr;
  ExprPtr folded = Constant(*std::move(value));
  folded->type = expr->type;
  folded->physical = expr->physical;
  folded->offset = expr->offset;
  return folded;
}

}  // namespace vesto::expr
