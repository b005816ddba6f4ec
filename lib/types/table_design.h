#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/type.h"

// The physical design of a table as its DDL states it: distribution, sort order, encodings.
// Source: redshift/statements.md A, architecture.md §§4-6.
namespace vesto::types {

enum class DistStyle { kAuto, kEven, kKey, kAll };
enum class SortStyle { kNone, kAuto, kCompound, kInterleaved };
enum class Encoding {
  kAuto,
  kRaw,
  kAz64,
  kBytedict,
  kDelta,
  kDelta32k,
  kLzo,
  kMostly8,
  kMostly16,
  kMostly32,
  kRunlength,
  kText255,
  kText32k,
  kZstd,
};

std::optional<Encoding> ParseEncoding(std::string_view name);
// Lower case as catalog views print it; kRaw is "raw" (PG_TABLE_DEF prints "none").
std::string_view EncodingName(Encoding encoding);
// Whether the encoding accepts the type (architecture.md §6).
bool EncodingAccepts(Encoding encoding, const Type& type);
// What a column gets when the DDL names none: raw for sort keys, booleans and floats, az64 for
// numbers and times, lzo for strings, zstd for SUPER.
Encoding DefaultEncoding(const Type& type, bool sort_key, bool temporary);

struct TableDesign {
  DistStyle dist_style = DistStyle::kAuto;
  int dist_key = -1;  // column index, when kKey
  SortStyle sort_style = SortStyle::kAuto;
  std::vector<int> sort_keys;  // column indexes
};

// The slices of a cluster. Slices are numbered over the nodes: node 0 has 0..s-1.
// The leader is a place of its own: the slice after the last one.
struct Topology {
  int nodes = 1;
  int slices_per_node = 1;
  int num_slices() const { return nodes * slices_per_node; }
  int leader() const { return num_slices(); }
  int node_of(int slice) const { return slice / slices_per_node; }
};

}  // namespace vesto::types
