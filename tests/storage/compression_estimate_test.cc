#include "storage/compression_estimate.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace vesto::storage {
namespace {

using column::Vector;
using types::Encoding;

Vector Numbers(const Type& type, const std::vector<int64_t>& values) {
  Vector vector = Vector::Flat(type, types::DefaultPhysicalType(type), column::kBatchRows);
  for (size_t i = 0; i < values.size(); ++i) {
    vector.SetValue(static_cast<int>(i), Value::OfInteger(type, values[i]));
  }
  return vector;
}

Vector Texts(const Type& type, const std::vector<std::string>& values) {
  Vector vector = Vector::Flat(type, types::DefaultPhysicalType(type), column::kBatchRows);
  for (size_t i = 0; i < values.size(); ++i) {
    vector.SetValue(static_cast<int>(i), Value::OfText(type, values[i]));
  }
  return vector;
}

}  // namespace

TEST_CASE("encodings of numbers take the bytes that their description says", "[storage]") {
  std::vector<int64_t> serial;
  for (int i = 1; i <= 1000; ++i) serial.push_back(i);
  CompressionEstimate estimate(Type::Integer());
  estimate.Add(Numbers(Type::Integer(), serial), 1000);
  const auto best = estimate.Finish();
  CHECK(estimate.bytes(Encoding::kRaw) == 4000);
  CHECK(estimate.bytes(Encoding::kDelta) == 5 + 999);
  CHECK(estimate.bytes(Encoding::kDelta32k) == 6 + 999 * 2);
  CHECK(estimate.bytes(Encoding::kMostly8) == 127 + 873 * 5);
  CHECK(estimate.bytes(Encoding::kMostly16) == 2000);
  CHECK(estimate.bytes(Encoding::kRunlength) == 5000);
  CHECK(estimate.bytes(Encoding::kBytedict) == 5000);
  CHECK(estimate.bytes(Encoding::kText255) == -1);
  // Differences of one take a bit each: 16 groups of 64 values, a first value and a width each.
  CHECK(estimate.bytes(Encoding::kAz64) < 16 * (5 + 8) + 1);
  CHECK(best.encoding == Encoding::kAz64);
  CHECK(best.reduction > 0.9);
}

TEST_CASE("runs and few values are found", "[storage]") {
  CompressionEstimate runs(Type::Bigint());
  runs.Add(Numbers(Type::Bigint(), std::vector<int64_t>(510, 1'000'000'000'000)), 510);
  runs.Finish();
  CHECK(runs.bytes(Encoding::kRunlength) == 2 * 9);

  std::vector<std::string> words;
  for (int i = 0; i < 1000; ++i) words.push_back(i % 2 == 0 ? "red fox" : "blue fox");
  CompressionEstimate text(Type::Varchar(20));
  text.Add(Texts(Type::Varchar(20), words), 1000);
  text.Finish();
  CHECK(text.bytes(Encoding::kRaw) == 500 * (4 + 7) + 500 * (4 + 8));
  CHECK(text.bytes(Encoding::kBytedict) == 1000 + 11 + 12);
  // Lengths, two codes a row, and the three words with an end mark each.
  CHECK(text.bytes(Encoding::kText255) == 4000 + 2000 + 4 + 4 + 5);
  CHECK(text.bytes(Encoding::kText32k) == 4000 + 4000 + 4 + 4 + 5);
}

TEST_CASE("NULLs and nothing at all need no encoding", "[storage]") {
  CompressionEstimate estimate(Type::Date());
  estimate.Add(Vector::NullConstant(Type::Date()), 100);
  const auto best = estimate.Finish();
  CHECK(best.encoding == Encoding::kRaw);
  CHECK(best.reduction == 0);
  CHECK(estimate.bytes(Encoding::kRaw) == 0);
}

}  // namespace vesto::storage
