#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "column/distinct_sketch.h"
#include "column/kernels/scan_kernels.h"
#include "column/membership.h"
#include "column/predicate.h"

namespace vesto::column::kernels {
namespace {

std::vector<const ScanKernels*> Tiers() {
  std::vector<const ScanKernels*> tiers = {&ScalarScanKernels()};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) tiers.push_back(&Avx2ScanKernels());
#endif
  if (std::string(GetScanKernels().tier) == "avx512") tiers.push_back(&GetScanKernels());
  return tiers;
}

template <typename T>
std::vector<T> Random(std::mt19937_64& random, int rows, uint64_t domain) {
  std::vector<T> values(rows);
  for (T& value : values) value = static_cast<T>(domain == 0 ? random() : random() % domain);
  return values;
}

std::vector<uint64_t> RandomBits(std::mt19937_64& random, int rows) {
  std::vector<uint64_t> bits((rows + 63) / 64);
  for (uint64_t& word : bits) word = random() % 3 == 0 ? 0 : random() % 2 == 0 ? ~0ULL : random();
  if (rows % 64 != 0) bits.back() &= ~0ULL >> (64 - rows % 64);
  return bits;
}

template <typename Test>
std::vector<uint64_t> Expected(const std::vector<uint64_t>& bits, int rows, Test test) {
  std::vector<uint64_t> result(bits.size());
  for (int i = 0; i < rows; ++i) {
    if ((bits[i >> 6] >> (i & 63) & 1) && test(i)) result[i >> 6] |= 1ULL << (i & 63);
  }
  return result;
}

TEST_CASE("every tier filters like a naive loop", "[column]") {
  const int rows = GENERATE(1, 63, 64, 65, 1000, 2048);
  const uint64_t seed = GENERATE(1, 2, 3);
  CAPTURE(rows, seed);
  for (const ScanKernels* k : Tiers()) {
    CAPTURE(k->tier);
    std::mt19937_64 random(seed);
    auto check_range = [&](auto tag, auto kernel) {
      using T = decltype(tag);
      for (const uint64_t domain : {uint64_t{20}, uint64_t{0}}) {
        const auto values = Random<T>(random, rows, domain);
        const T lo = static_cast<T>(random() % 20);
        const T span = static_cast<T>(random() % 10);
        for (const bool negate : {false, true}) {
          const auto before = RandomBits(random, rows);
          auto bits = before;
          kernel(values.data(), rows, lo, span, negate, bits.data());
          REQUIRE(bits == Expected(before, rows, [&](int i) {
                    return (static_cast<T>(values[i] - lo) <= span) != negate;
                  }));
        }
      }
    };
    check_range(uint8_t{}, k->range_u8);
    check_range(uint16_t{}, k->range_u16);
    check_range(uint32_t{}, k->range_u32);
    check_range(uint64_t{}, k->range_u64);

    std::vector<double> doubles(rows);
    for (double& value : doubles) {
      value = random() % 9 == 0 ? std::nan("") : random() % 5 == 0 ? -0.0 : random() % 20 - 10.0;
    }
    {
      const auto before = RandomBits(random, rows);
      auto bits = before;
      k->range_f64(doubles.data(), rows, DoubleImage(0), DoubleImage(5), false, bits.data());
      REQUIRE(bits ==
              Expected(before, rows, [&](int i) { return doubles[i] >= 0 && doubles[i] <= 5; }));
      bits = before;
      k->range_f64(doubles.data(), rows, DoubleImage(3), kImageMax, false, bits.data());
      REQUIRE(bits == Expected(before, rows, [&](int i) { return !(doubles[i] < 3); }));
    }

    std::vector<uint8_t> pass(70000);
    for (uint8_t& p : pass) p = random() % 3 == 0;
    const auto codes8 = Random<uint8_t>(random, rows, 0);
    const auto codes16 = Random<uint16_t>(random, rows, 60000);
    const auto codes32 = Random<uint32_t>(random, rows, 100000);
    const auto codes64 = Random<uint64_t>(random, rows, 100000);
    auto before = RandomBits(random, rows);
    auto bits = before;
    k->table_u8(codes8.data(), rows, pass.data(), bits.data());
    REQUIRE(bits == Expected(before, rows, [&](int i) { return pass[codes8[i]] != 0; }));
    bits = before;
    k->table_u16(codes16.data(), rows, pass.data(), bits.data());
    REQUIRE(bits == Expected(before, rows, [&](int i) { return pass[codes16[i]] != 0; }));

    const auto words = Random<uint64_t>(random, 1000, 0);
    const uint32_t span = 63000;
    auto member = [&](uint64_t bit) { return bit <= span && (words[bit >> 6] >> (bit & 63) & 1); };
    for (const int32_t delta : {-50, 0, 1000}) {
      bits = before;
      k->member_u8(codes8.data(), rows, delta, words.data(), span, bits.data());
      REQUIRE(bits == Expected(before, rows, [&](int i) {
                return member(static_cast<uint32_t>(codes8[i] + delta));
              }));
      bits = before;
      k->member_u16(codes16.data(), rows, delta, words.data(), span, bits.data());
      REQUIRE(bits == Expected(before, rows, [&](int i) {
                return member(static_cast<uint32_t>(codes16[i] + delta));
              }));
      bits = before;
      k->member_u32(codes32.data(), rows, delta, words.data(), span, bits.data());
      REQUIRE(bits == Expected(before, rows, [&](int i) {
                return member(codes32[i] + static_cast<uint32_t>(delta));
              }));
      bits = before;
      k->member_u64(codes64.data(), rows, static_cast<uint64_t>(static_cast<int64_t>(delta)),
                    words.data(), span, bits.data());
      REQUIRE(bits == Expected(before, rows, [&](int i) {
                return member(codes64[i] + static_cast<int64_t>(delta));
              }));
    }

    std::vector<uint16_t> positions(rows + 64);
    const int count = k->positions(before.data(), rows, positions.data());
    std::vector<uint16_t> wanted;
    for (int i = 0; i < rows; ++i) {
      if (before[i >> 6] >> (i & 63) & 1) wanted.push_back(static_cast<uint16_t>(i));
    }
    positions.resize(count);
    REQUIRE(positions == wanted);

    REQUIRE(k->count(before.data(), static_cast<int>(before.size())) == count);
    auto check_pack = [&](int log2_width, const auto& codes) {
      auto packed = codes;
      packed.resize(rows + 64);
      k->pack[log2_width](codes.data(), rows, before.data(), packed.data());
      for (int i = 0; i < count; ++i) REQUIRE(packed[i] == codes[wanted[i]]);
    };
    check_pack(0, codes8);
    check_pack(1, codes16);
    check_pack(2, codes32);
    check_pack(3, codes64);

    std::vector<int64_t> wide(rows);
    k->widen[1][2](codes16.data(), rows, -30000, wide.data());
    for (int i = 0; i < rows; ++i) REQUIRE(wide[i] == codes16[i] - 30000);
    k->gather[0][2](codes8.data(), positions.data(), count, INT64_MIN, wide.data());
    for (int i = 0; i < count; ++i) REQUIRE(wide[i] == INT64_MIN + codes8[positions[i]]);
    std::vector<int32_t> narrow(rows);
    k->widen[2][1](codes32.data(), rows, -5, narrow.data());
    for (int i = 0; i < rows; ++i) REQUIRE(narrow[i] == static_cast<int32_t>(codes32[i]) - 5);
  }
}

TEST_CASE("every tier finds a literal where std::string finds it", "[column]") {
  std::mt19937_64 random(9);
  for (const ScanKernels* k : Tiers()) {
    for (int round = 0; round < 500; ++round) {
      std::string text;
      for (uint64_t i = random() % 300; i > 0; --i) text += static_cast<char>('a' + random() % 3);
      std::string needle;
      for (uint64_t i = 1 + random() % 6; i > 0; --i)
        needle += static_cast<char>('a' + random() % 3);
      const size_t at = text.find(needle);
      CAPTURE(k->tier, text, needle);
      REQUIRE(k->find(text.data(), text.size(), needle.data(), needle.size()) ==
              (at == std::string::npos ? text.size() : at));
    }
  }
}

TEST_CASE("images keep the order of values", "[column]") {
  const double values[] = {-INFINITY, -1e300, -1.5, -0.0, 1e-300, 2, 1e300, INFINITY, NAN};
  for (size_t i = 1; i < std::size(values); ++i) {
    CHECK(DoubleImage(values[i - 1]) < DoubleImage(values[i]));
  }
  CHECK(DoubleImage(-0.0) == DoubleImage(0.0));
  const std::string_view texts[] = {"", "\x01", "a", "a\x01", "aa", "b", "\xc3\xa4", "\xff"};
  for (size_t i = 1; i < std::size(texts); ++i) {
    CHECK(StringImage(texts[i - 1]) < StringImage(texts[i]));
  }
  CHECK(StringImage("12345678x") == StringImage("12345678y"));
}

TEST_CASE("a membership filter contains its keys, and a bitmap nothing else", "[column]") {
  std::mt19937_64 random(3);
  const uint64_t domain = GENERATE(1000ULL, 1ULL << 40, 0ULL);
  std::vector<int64_t> keys;
  for (int i = 0; i < 5000; ++i) {
    keys.push_back(static_cast<int64_t>(domain == 0 ? random() : random() % domain) - 500);
  }
  const auto filter = MembershipFilter::Of(keys);
  for (int64_t key : keys) {
    REQUIRE(filter->MayContain(key));
    REQUIRE(filter->MayContainRange(key - 1, key + 1));
  }
  std::sort(keys.begin(), keys.end());
  int wrong = 0;
  for (int i = 0; i < 10000; ++i) {
    const auto probe = static_cast<int64_t>(domain == 0 ? random() : random() % (domain * 2)) - 600;
    if (filter->MayContain(probe) && !std::binary_search(keys.begin(), keys.end(), probe)) ++wrong;
  }
  CHECK(wrong <= (filter->form() == MembershipFilter::Form::kBitmap ? 0 : 200));
  CHECK_FALSE(MembershipFilter::Of({})->MayContain(0));
}

TEST_CASE("a distinct sketch estimates within five percent", "[column]") {
  const int64_t count = GENERATE(0, 1, 10, 1000, 100000, 3000000);
  DistinctSketch sketch;
  for (int64_t i = 0; i < count; ++i) sketch.Add(base::HashInt(static_cast<uint64_t>(i)));
  CHECK(sketch.Estimate() == Approx(static_cast<double>(count)).epsilon(0.07).margin(0.5));
}

}  // namespace
}  // namespace vesto::column::kernels
