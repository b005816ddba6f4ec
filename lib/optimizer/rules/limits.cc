#include "optimizer/rules/limits.h"

#include <utility>

#include "optimizer/plan_edit.h"

namespace vesto::optimizer {
namespace {

// parent(child(...)) -> child(parent(...)), where the child's input at `at` is on the way.
NodePtr Rotate(NodePtr parent, size_t parent_at, size_t child_at) {
  NodePtr child = std::move(parent->children[parent_at]);
  parent->children[parent_at] = std::move(child->children[child_at]);
  RefreshOutput(*parent);
  child->children[child_at] = std::move(parent);
  RefreshOutput(*child);
  return child;
}

// WITH ... SELECT ... ORDER BY: the order belongs to the whole, the definition to its input.
NodePtr HoistOrder(NodePtr node) {
  if (node->kind == NodeKind::kUnload) {
    node->children[0] = HoistOrder(std::move(node->children[0]));
    return node;
  }
  if (node->kind == NodeKind::kLimit || node->kind == NodeKind::kSort) {
    node->children[0] = HoistOrder(std::move(node->children[0]));
    RefreshOutput(*node);
    return node;
  }
  if (node->kind != NodeKind::kCteDefinition) return node;
  node->children[1] = HoistOrder(std::move(node->children[1]));
  const Node& query = *node->children[1];
  const bool ordered =
      query.kind == NodeKind::kLimit || query.kind == NodeKind::kSort ||
      (query.kind == NodeKind::kProject && query.children[0]->kind == NodeKind::kSort);
  if (!ordered) return node;
  NodePtr top = Rotate(std::move(node), 1, 0);
  top->children[0] = HoistOrder(std::move(top->children[0]));
  return top;
}

// `root`: above is nothing, so that a projection of sorted rows is merged by the leader.
NodePtr SinkLimits(NodePtr node, bool root) {
  if (node->kind == NodeKind::kLimit && node->children[0]->kind == NodeKind::kProject) {
    const Node& project = *node->children[0];
    if (!root || project.children[0]->kind != NodeKind::kSort) {
      node = Rotate(std::move(node), 0, 0);
      node->children[0] = SinkLimits(std::move(node->children[0]), false);
      return node;
    }
  }
  const bool passes = root && (node->kind == NodeKind::kLimit || node->kind == NodeKind::kSort ||
                               node->kind == NodeKind::kCteDefinition);
  for (size_t i = 0; i < node->children.size(); ++i) {
    const bool below_root = passes && i + 1 == node->children.size();
    node->children[i] = SinkLimits(std::move(node->children[i]), below_root);
  }
  return node;
}

}  // namespace

logical::NodePtr PlaceLimits(logical::NodePtr root, OptimizeContext& context) {
  root = HoistOrder(std::move(root));
  return SinkLimits(std::move(root), true);
}

}  // namespace vesto::optimizer
