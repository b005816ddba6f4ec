#include "cluster/repeated_texts.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "binder/binder.h"
#include "sql/parser/parser.h"
#include "sql/text_shape.h"
#include "types/type_rules.h"

namespace vesto::cluster {
namespace {

constexpr size_t kPatternsMax = 8;

// Are all parameters compared for equality with numbers, and nothing else?
bool ComparesNumbers(const expr::Expr& expr, bool compared) {
  using expr::ExprKind;
  switch (expr.kind) {
    case ExprKind::kParameter: return compared;
    case ExprKind::kCompare:
      compared = expr.op == expr::Op::kEqual &&
                 std::all_of(expr.args.begin(), expr.args.end(), [](const expr::ExprPtr& arg) {
                   return types::IsNumeric(arg->type);
                 });
      break;
    case ExprKind::kCast: compared = compared && types::IsNumeric(expr.type); break;
    default: compared = false; break;
  }
  return std::all_of(expr.args.begin(), expr.args.end(), [compared](const expr::ExprPtr& arg) {
    return arg == nullptr || ComparesNumbers(*arg, compared);
  });
}

bool ComparesNumbers(const logical::Node& node) {
  bool sound = true;
  logical::VisitExpressions(node, [&sound](const expr::Expr& expr) {
    sound = sound && ComparesNumbers(expr, false);
  });
  return sound && std::all_of(node.children.begin(), node.children.end(),
                              [](const logical::NodePtr& child) { return ComparesNumbers(*child); });
}

}  // namespace

absl::StatusOr<std::shared_ptr<const ParsedText>> RepeatedTexts::Parse(std::string_view text) {
  const std::optional<sql::TextShape> shape = sql::ShapeOf(text);
  Pattern* pattern = shape.has_value() ? Find(text, *shape) : nullptr;
  if (pattern == nullptr) return session_.Parse(text);
  auto parsed = std::make_shared<ParsedText>();
  parsed->numbers.reserve(shape->numbers.size());
  for (const auto& number : shape->numbers) parsed->numbers.push_back(Value::Integer(number.value));
  if (!Sound(*pattern, parsed->numbers)) return session_.Parse(text);
  parsed->text = std::string(text);
  parsed->pattern = pattern->parsed;
  parsed->kept = pattern->kept;
  return parsed;
}

RepeatedTexts::Pattern* RepeatedTexts::Find(std::string_view text, const sql::TextShape& shape) {
  const auto known = std::find_if(patterns_.begin(), patterns_.end(), [&](const Pattern& pattern) {
    return pattern.key == shape.key;
  });
  if (known != patterns_.end()) {
    patterns_.splice(patterns_.begin(), patterns_, known);
    const auto num_parameters = static_cast<size_t>(known->parsed->statements[0].num_parameters);
    return num_parameters == shape.numbers.size() ? &*known : nullptr;
  }
  const size_t hash = absl::HashOf(shape.key);
  if (std::find(seen_.begin(), seen_.end(), hash) == seen_.end()) {
    seen_[next_seen_++ % seen_.size()] = hash;
    return nullptr;
  }
  auto parsed = std::make_shared<ParsedText>();
  parsed->text = std::string(text);
  auto statements = sql::Parse(parsed->text);
  if (!statements.ok() || statements->size() != 1) return nullptr;
  parsed->statements = *std::move(statements);
  sql::Statement& statement = parsed->statements[0];
  if (statement.num_parameters > 0 || !statement.secrets.empty() ||
      !sql::MakeParameters(shape, &statement)) {
    return nullptr;
  }
  auto kept = KeptPlan::Make(text.size(), false, &session_.cluster.memory);
  if (!kept.ok()) return nullptr;
  if (patterns_.size() == kPatternsMax) patterns_.pop_back();
  patterns_.push_front({shape.key, std::move(parsed), *std::move(kept), std::nullopt, false});
  return &patterns_.front();
}

bool RepeatedTexts::Sound(Pattern& pattern, const std::vector<Value>& numbers) {
  if (numbers.empty()) return true;
  std::optional<PlanInputs> inputs = session_.InputsOfPlan(numbers);
  if (!inputs.has_value()) return false;
  if (pattern.judged_for != inputs) {
    pattern.judged_for = std::move(inputs);
    pattern.sound = Judge(*pattern.parsed, numbers.size());
  }
  return pattern.sound;
}

bool RepeatedTexts::Judge(const ParsedText& parsed, size_t num_numbers) const {
  const auto catalog = session_.CatalogNow();
  const functions::EvalContext eval = session_.MakeEvalContext(0);
  binder::BindContext bind = session_.MakeBindContext(*catalog, eval);
  bind.parameter_types.assign(num_numbers, Type::Integer());
  const auto bound = binder::Bind(parsed.statements[0], bind);
  return bound.ok() && bound->kind == binder::StatementKind::kQuery &&
         ComparesNumbers(*bound->plan);
}

}  // namespace vesto::cluster
