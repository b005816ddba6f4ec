#include "optimizer/rules/inline_cte.h"

#include <utility>

#include "optimizer/plan_edit.h"

namespace vesto::optimizer {
namespace {

struct Uses {
  int count = 0;
  bool repeated = false;  // inside the member of a recursive query
};

void Count(const Node& node, int cte, bool repeated, Uses* uses) {
  if (node.kind == NodeKind::kCteScan && node.As<logical::CteScan>().cte == cte) {
    ++uses->count;
    uses->repeated = uses->repeated || repeated;
  }
  for (size_t i = 0; i < node.children.size(); ++i) {
    Count(*node.children[i], cte, repeated || (node.kind == NodeKind::kRecursiveCte && i == 1),
          uses);
  }
}

// Cheaper to read again than to keep.
bool IsCheap(const Node& node) {
  switch (node.kind) {
    case NodeKind::kScan:
    case NodeKind::kCteScan: return true;
    case NodeKind::kValues: return node.As<logical::Values>().num_rows() <= 16;
    case NodeKind::kFilter:
    case NodeKind::kProject: return IsCheap(*node.children[0]);
    default: return false;
  }
}

class Inliner {
 public:
  Inliner(OptimizeContext& context, int next_cte) : context_(context), next_cte_(next_cte) {}

  NodePtr Visit(NodePtr node) {
    if (node->kind == NodeKind::kCteDefinition) {
      auto& definition = node->As<logical::CteDefinition>();
      definition.children[0] = Visit(std::move(definition.children[0]));
      Uses uses;
      Count(*definition.children[1], definition.cte, false, &uses);
      const bool volatile_rows = HasVolatile(*definition.children[0]);
      const bool inlines =
          uses.count == 0 ||
          (!uses.repeated && (uses.count == 1 || (!volatile_rows && IsCheap(*definition.children[0]))));
      if (inlines) {
        remaining_ = uses.count;
        Replace(&definition.children[1], definition.cte, &definition.children[0]);
        NodePtr query = std::move(definition.children[1]);
        return Visit(std::move(query));
      }
      definition.children[1] = Visit(std::move(definition.children[1]));
      return node;
    }
    for (NodePtr& child : node->children) child = Visit(std::move(child));
    return node;
  }

 private:
  void Replace(NodePtr* node, int cte, NodePtr* definition) {
    for (NodePtr& child : (*node)->children) Replace(&child, cte, definition);
    if ((*node)->kind != NodeKind::kCteScan || (*node)->As<logical::CteScan>().cte != cte) return;
    auto& scan = (*node)->As<logical::CteScan>();
    absl::flat_hash_map<ColumnId, ColumnId> names;
    NodePtr rows;
    if (--remaining_ == 0) {
      rows = std::move(*definition);
    } else {
      rows = CloneFresh(**definition, &context_.next_column_id, &next_cte_, &names);
    }
    std::vector<ExprPtr> expressions;
    for (size_t i = 0; i < scan.output.size(); ++i) {
      const OutputColumn& column = scan.output[i];
      const auto it = names.find(scan.source_columns[i]);
      expressions.push_back(
          expr::Column(it == names.end() ? scan.source_columns[i] : it->second, column.type,
                       column.name));
    }
    std::vector<OutputColumn> output = scan.output;
    *node = MakeProject(std::move(rows), std::move(expressions), std::move(output));
  }

  OptimizeContext& context_;
  int next_cte_;
  int remaining_ = 0;
};

}  // namespace

logical::NodePtr InlineCtes(logical::NodePtr root, OptimizeContext& context) {
  const int next_cte = NextCte(*root);
  root = Inliner(context, next_cte).Visit(std::move(root));
  RefreshOutputs(*root);
  return root;
}

}  // namespace vesto::optimizer
