#include <benchmark/benchmark.h>

#include <random>
#include <vector>

#include "column/kernels/scan_kernels.h"

// The primitives of scans on one core. Bounds: 64 bytes per cycle from L1, about 17 GB/s from
// memory; performance.md §14 asks for 16 bytes per cycle for u16 to bitmap, 3 positions per cycle,
// and 12 bytes per cycle of widened output.
namespace vesto::column::kernels {
namespace {

constexpr int kRows = 2048;

template <typename T>
std::vector<T> Values(size_t count, uint64_t domain) {
  std::mt19937_64 random(42);
  std::vector<T> values(count);
  for (T& value : values) value = static_cast<T>(random() % domain);
  return values;
}

// `size` rows in batches of 2048: in L1, in L3, in memory.
void RangeU16(benchmark::State& state) {
  const auto values = Values<uint16_t>(state.range(0), 1000);
  const auto& k = GetScanKernels();
  uint64_t bits[kRows / 64];
  for (auto _ : state) {
    for (size_t begin = 0; begin + kRows <= values.size(); begin += kRows) {
      for (uint64_t& word : bits) word = ~0ULL;
      k.range_u16(values.data() + begin, kRows, 100, 50, false, bits);
      benchmark::DoNotOptimize(bits);
    }
  }
  state.SetBytesProcessed(state.iterations() * state.range(0) * 2);
}
BENCHMARK(RangeU16)->Arg(2048)->Arg(1 << 20)->Arg(1 << 26);

void TableU8(benchmark::State& state) {
  const auto codes = Values<uint8_t>(state.range(0), 200);
  std::vector<uint8_t> pass(260);
  for (size_t i = 0; i < pass.size(); i += 3) pass[i] = 1;
  const auto& k = GetScanKernels();
  uint64_t bits[kRows / 64];
  for (auto _ : state) {
    for (size_t begin = 0; begin + kRows <= codes.size(); begin += kRows) {
      for (uint64_t& word : bits) word = ~0ULL;
      k.table_u8(codes.data() + begin, kRows, pass.data(), bits);
      benchmark::DoNotOptimize(bits);
    }
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(TableU8)->Arg(2048)->Arg(1 << 26);

// Foreign keys of 32 bits against a bitmap of `range` bits: 0.6 ns each is the goal.
void MemberU32(benchmark::State& state) {
  const auto codes = Values<uint32_t>(1 << 20, state.range(0));
  const auto words = Values<uint64_t>(state.range(0) / 64 + 1, UINT64_MAX);
  const auto& k = GetScanKernels();
  uint64_t bits[kRows / 64];
  for (auto _ : state) {
    for (size_t begin = 0; begin + kRows <= codes.size(); begin += kRows) {
      for (uint64_t& word : bits) word = ~0ULL;
      k.member_u32(codes.data() + begin, kRows, 0, words.data(),
                   static_cast<uint32_t>(state.range(0) - 1), bits);
      benchmark::DoNotOptimize(bits);
    }
  }
  state.SetItemsProcessed(state.iterations() * (1 << 20));
}
BENCHMARK(MemberU32)->Arg(200'000)->Arg(6'000'000)->Arg(60'000'000);

// Percent of rows selected.
void Positions(benchmark::State& state) {
  std::mt19937_64 random(42);
  std::vector<uint64_t> bits(kRows / 64);
  int64_t selected = 0;
  for (int i = 0; i < kRows; ++i) {
    if (static_cast<int64_t>(random() % 100) >= state.range(0)) continue;
    bits[i / 64] |= 1ULL << (i % 64);
    ++selected;
  }
  std::vector<uint16_t> positions(kRows + 64);
  const auto& k = GetScanKernels();
  for (auto _ : state) {
    benchmark::DoNotOptimize(k.positions(bits.data(), kRows, positions.data()));
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * selected);
}
BENCHMARK(Positions)->Arg(1)->Arg(12)->Arg(50)->Arg(98);

void WidenU16ToI64(benchmark::State& state) {
  const auto codes = Values<uint16_t>(kRows, 1000);
  std::vector<int64_t> out(kRows);
  const auto& k = GetScanKernels();
  for (auto _ : state) {
    k.widen[1][2](codes.data(), kRows, 1000, out.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * kRows * 8);
}
BENCHMARK(WidenU16ToI64);

void GatherU16ToI64(benchmark::State& state) {
  const auto codes = Values<uint16_t>(kRows, 1000);
  std::vector<uint16_t> positions;
  for (int i = 0; i < kRows; i += 2) positions.push_back(static_cast<uint16_t>(i));
  std::vector<int64_t> out(kRows);
  const auto& k = GetScanKernels();
  const int count = static_cast<int>(positions.size());
  for (auto _ : state) {
    k.gather[1][2](codes.data(), positions.data(), count, 1000, out.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * count);
}
BENCHMARK(GatherU16ToI64);

// LIKE '%special%' over 40 KB of text: 12 GB/s is the goal.
void FindLiteral(benchmark::State& state) {
  std::mt19937_64 random(42);
  std::string text;
  while (text.size() < 40000) text += static_cast<char>('a' + random() % 26);
  const std::string needle = "special";
  const auto& k = GetScanKernels();
  for (auto _ : state) {
    benchmark::DoNotOptimize(k.find(text.data(), text.size(), needle.data(), needle.size()));
  }
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(text.size()));
}
BENCHMARK(FindLiteral);

}  // namespace
}  // namespace vesto::column::kernels
