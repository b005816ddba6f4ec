#include "io/compression.h"

#include <random>
#include <string>

#include "support/status.h"

namespace vesto::io {
namespace {

std::string Pack(Compression compression, std::string_view text, size_t piece = 1 << 20) {
  std::string out;
  auto sink = Compress(compression, WriteMemory(&out));
  REQUIRE_OK(sink);
  for (size_t i = 0; i < text.size(); i += piece) {
    REQUIRE_OK((*sink)->Append(text.substr(i, piece)));
  }
  REQUIRE_OK((*sink)->Finish());
  CHECK((*sink)->bytes_written() == out.size());
  return out;
}

absl::StatusOr<std::string> Unpack(Compression compression, std::string_view packed) {
  auto source = Decompress(compression, ReadMemory(packed));
  REQUIRE_OK(source);
  return ReadAll(**source, size_t{1} << 30);
}

std::string SampleText(size_t bytes) {
  std::mt19937 random(7);
  std::string text;
  while (text.size() < bytes) text += "row " + std::to_string(random() % 100000) + "|\n";
  return text;
}

const Compression kAll[] = {Compression::kNone, Compression::kGzip, Compression::kBzip2,
                            Compression::kZstd, Compression::kLz4};
const Compression kPacked[] = {Compression::kGzip, Compression::kBzip2, Compression::kZstd,
                               Compression::kLz4};

TEST_CASE("what is packed unpacks to the same bytes", "[io]") {
  for (const Compression compression : kAll) {
    CAPTURE(CompressionName(compression));
    for (const size_t bytes : {0, 1, 1000, 1'000'000}) {
      const std::string text = bytes == 0 ? "" : SampleText(bytes);
      for (const size_t piece : {size_t{100'000}, size_t{1} << 20}) {
        auto unpacked = Unpack(compression, Pack(compression, text, piece));
        REQUIRE_OK(unpacked);
        CHECK(*unpacked == text);
      }
    }
  }
}

TEST_CASE("members of one file follow each other", "[io]") {
  const std::string text = SampleText(300'000);
  for (const Compression compression : kPacked) {
    CAPTURE(CompressionName(compression));
    const std::string packed = Pack(compression, text);
    auto unpacked = Unpack(compression, packed + Pack(compression, "") + packed);
    REQUIRE_OK(unpacked);
    CHECK(*unpacked == text + text);
  }
  auto padded = Unpack(Compression::kGzip, Pack(Compression::kGzip, "a") + std::string(100, '\0'));
  REQUIRE_OK(padded);
  CHECK(*padded == "a");
}

TEST_CASE("an empty file is an empty result", "[io]") {
  for (const Compression compression : kAll) CHECK(Unpack(compression, "")->empty());
}

TEST_CASE("broken and truncated streams end in an error", "[io]") {
  const std::string text = SampleText(400'000);
  for (const Compression compression : kPacked) {
    CAPTURE(CompressionName(compression));
    const std::string packed = Pack(compression, text);
    for (const size_t cut : {size_t{1}, size_t{5}, packed.size() / 2, packed.size() - 1}) {
      CAPTURE(cut);
      CHECK_SQL_ERROR(Unpack(compression, packed.substr(0, cut)), SqlState::kInternalError,
                      "Invalid");
    }
    CHECK_SQL_ERROR(Unpack(compression, "plainly not compressed"), SqlState::kInternalError);
    CHECK_SQL_ERROR(Unpack(compression, packed + "garbage"), SqlState::kInternalError);
    std::mt19937 random(11);
    for (int i = 0; i < 50; ++i) {
      std::string flipped = packed;
      flipped[random() % flipped.size()] ^= static_cast<char>(1 << (random() % 8));
      // Only some formats have a checksum; none may crash or hang.
      Unpack(compression, flipped).status().IgnoreError();
    }
  }
}

TEST_CASE("a tiny file that unpacks to much stays within memory", "[io]") {
  const std::string packed = Pack(Compression::kGzip, std::string(50'000'000, 'a'));
  CHECK(packed.size() < 100'000);
  auto source = Decompress(Compression::kGzip, ReadMemory(packed));
  REQUIRE_OK(source);
  CHECK_SQL_ERROR(ReadAll(**source, 1'000'000), SqlState::kProgramLimitExceeded);
}

TEST_CASE("compressions are known by the end of a name", "[io]") {
  CHECK(CompressionOfName("a/b.csv.GZ") == Compression::kGzip);
  CHECK(CompressionOfName("b.zst") == Compression::kZstd);
  CHECK(CompressionOfName("gz") == Compression::kNone);
  CHECK(CompressionOfName("b.lz4") == Compression::kLz4);
}

}  // namespace
}  // namespace vesto::io
