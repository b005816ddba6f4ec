#include <benchmark/benchmark.h>

#include <cstdio>
#include <random>
#include <string>

#include "format/delimited_reader.h"
#include "format/field_parse.h"

// The two halves of COPY's inner loop on lines shaped like TPC-H's lineitem (16 fields, about 120
// bytes). One thread; the text lies in memory and is copied once, as from the page cache. Marking
// runs at 10 GB/s and more; the walk over about seven marks per 64 bytes costs some 3 ns a field,
// so 2 GB/s is a good number for splitting alone. Goal of performance.md §12: 600 MB/s for all of
// COPY.
namespace vesto::format {
namespace {

std::string Lineitems(size_t bytes, char delimiter, bool quoted) {
  std::mt19937 random(42);
  std::string text;
  text.reserve(bytes + 200);
  const char* const modes[] = {"AIR", "MAIL", "SHIP", "TRUCK", "REG AIR", "RAIL", "FOB"};
  const char* const words[] = {"furiously", "special", "deposits", "blithely", "final",
                               "are",       "quickly", "regular",  "packages", "the"};
  const std::string q = quoted ? "\"" : "";
  while (text.size() < bytes) {
    std::string comment;
    for (int i = 0; i < 4; ++i) comment += std::string(words[random() % 10]) + " ";
    char line[400];
    const char d = delimiter;
    const int length = std::snprintf(
        line, sizeof(line),
        "%u%c%u%c%u%c%u%c%u%c%u.%02u%c0.%02u%c0.%02u%c%sR%s%c%sF%s%c199%u-0%u-1%u%c199%u-0%u-1%u%c"
        "199%u-0%u-1%u%c%sDELIVER IN PERSON%s%c%s%s%s%c%s%s%s\n",
        unsigned(random() % 6000000), d, unsigned(random() % 200000), d, unsigned(random() % 10000),
        d, unsigned(random() % 7 + 1), d, unsigned(random() % 50 + 1), d,
        unsigned(random() % 90000 + 900), unsigned(random() % 100), d, unsigned(random() % 10), d,
        unsigned(random() % 8), d, q.c_str(), q.c_str(), d, q.c_str(), q.c_str(), d,
        unsigned(random() % 8), unsigned(random() % 9 + 1), unsigned(random() % 10), d,
        unsigned(random() % 8), unsigned(random() % 9 + 1), unsigned(random() % 10), d,
        unsigned(random() % 8), unsigned(random() % 9 + 1), unsigned(random() % 10), d, q.c_str(),
        q.c_str(), d, q.c_str(), modes[random() % 7], q.c_str(), d, q.c_str(), comment.c_str(),
        q.c_str());
    text.append(line, static_cast<size_t>(length));
  }
  return text;
}

DelimitedOptions LineitemOptions(Layout layout) {
  DelimitedOptions options;
  options.layout = layout;
  options.delimiter = layout == Layout::kCsv ? ',' : '|';
  options.fields.assign(16, FieldKind::kOther);
  for (const int column : {8, 9, 13, 14}) options.fields[column] = FieldKind::kChar;
  options.fields[15] = FieldKind::kVarchar;
  return options;
}

template <typename PerBatch>
void ReadAll(benchmark::State& state, const DelimitedOptions& options, const std::string& text,
             PerBatch per_batch) {
  int64_t rows = 0;
  for (auto _ : state) {
    DelimitedReader reader(options, io::ReadMemory(text));
    FieldBatch batch;
    while (reader.Next(&batch).value()) {
      if (!batch.errors().empty()) state.SkipWithError("bad rows");
      rows += batch.num_rows();
      per_batch(batch);
    }
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * text.size()));
  state.SetItemsProcessed(rows);
}

constexpr size_t kTextBytes = size_t{32} << 20;

void BM_SplitText(benchmark::State& state) {
  const std::string text = Lineitems(kTextBytes, '|', false);
  ReadAll(state, LineitemOptions(Layout::kDelimited), text, [](const FieldBatch&) {});
}
BENCHMARK(BM_SplitText)->Unit(benchmark::kMillisecond);

void BM_SplitTextWithEscape(benchmark::State& state) {
  const std::string text = Lineitems(kTextBytes, '|', false);
  DelimitedOptions options = LineitemOptions(Layout::kDelimited);
  options.escape = true;
  ReadAll(state, options, text, [](const FieldBatch&) {});
}
BENCHMARK(BM_SplitTextWithEscape)->Unit(benchmark::kMillisecond);

void BM_SplitCsv(benchmark::State& state) {
  const std::string text = Lineitems(kTextBytes, ',', state.range(0) != 0);
  ReadAll(state, LineitemOptions(Layout::kCsv), text, [](const FieldBatch&) {});
}
BENCHMARK(BM_SplitCsv)->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

void BM_MarkBytes(benchmark::State& state) {
  const std::string text = Lineitems(size_t{1} << 20, '|', false);
  std::vector<uint64_t> masks(text.size() / 64);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        MarkBytes(text.data(), masks.size(), {'|', '\n', '\0', '\n'}, masks.data()));
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations() * masks.size() * 64));
}
BENCHMARK(BM_MarkBytes);

// Split and converted to fixed-width values; strings are only measured.
void BM_SplitAndConvert(benchmark::State& state) {
  const std::string text = Lineitems(kTextBytes, '|', false);
  const FieldParser parser = FieldParser::Create({}).value();
  std::vector<int64_t> values(FieldBatch::kRowsMax);
  std::vector<int32_t> days(FieldBatch::kRowsMax);
  int64_t bad = 0;
  ReadAll(state, LineitemOptions(Layout::kDelimited), text, [&](const FieldBatch& batch) {
    const auto each = [&](int column, auto&& convert) {
      int row = 0;
      for (const Field field : batch.column(column)) {
        if (!field.is_null) bad += convert(batch.text(field), row) != LoadErrorCode::kNone;
        ++row;
      }
      benchmark::ClobberMemory();
    };
    for (const int column : {0, 1, 2, 3}) {
      each(column,
           [&](std::string_view field, int row) { return ParseInteger(field, &values[row]); });
    }
    for (const int column : {4, 5, 6, 7}) {
      each(column, [&](std::string_view field, int row) {
        return ParseDecimal64(field, 15, 2, false, &values[row]);
      });
    }
    for (const int column : {10, 11, 12}) {
      each(column,
           [&](std::string_view field, int row) { return parser.ParseDate(field, &days[row]); });
    }
    for (const int column : {8, 9, 13, 14, 15}) {
      each(column, [&](std::string_view field, int) {
        std::string_view out;
        return parser.ParseVarchar(field, 44, batch.all_ascii(), &out, nullptr);
      });
    }
  });
  if (bad > 0) state.SkipWithError("bad fields");
}
BENCHMARK(BM_SplitAndConvert)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace vesto::format
