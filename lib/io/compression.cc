#include "io/compression.h"

#include <bzlib.h>
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace vesto::io {
namespace {

constexpr size_t kBufferBytes = 128 * 1024;

absl::Status Broken(Compression compression, std::string_view why) {
  return SqlError(SqlState::kInternalError,
                  absl::StrCat("Invalid ", sv(CompressionName(compression)), " data: ", sv(why)))
      .Hint("Check that the file is complete and that the COPY option names its compression.");
}

absl::Status OutOfMemory() {
  return SqlError(SqlState::kOutOfMemory, "out of memory for a compression stream");
}

// The part that all decompressors share: an input buffer over the source, and the rule that an
// error or the end stays.
class Decompressor : public ByteSource {
 public:
  Decompressor(Compression compression, std::unique_ptr<ByteSource> source)
      : compression_(compression), source_(std::move(source)), buffer_(kBufferBytes) {}

  absl::StatusOr<size_t> Read(char* out, size_t length) final {
    if (!status_.ok()) return status_;
    while (!done_) {
      if (input_.empty() && !source_ended_) {
        auto read = source_->Read(buffer_.data(), buffer_.size());
        if (!read.ok()) return status_ = read.status();
        source_ended_ = *read == 0;
        input_ = std::string_view(buffer_.data(), *read);
      }
      if (input_.empty() && source_ended_ && between_frames_) {
        done_ = true;
        break;
      }
      const size_t before = input_.size();
      auto produced = Step(out, length);
      if (!produced.ok()) return status_ = produced.status();
      if (*produced > 0) return *produced;
      if (input_.size() != before || between_frames_) continue;
      if (before > 0) return status_ = Broken(compression_, "bad stream");
      if (source_ended_) return status_ = Broken(compression_, "the stream ends too early");
    }
    return size_t{0};
  }

 protected:
  // Consumes from `input_` and produces at most `length` bytes. Sets between_frames_ when a frame
  // is complete. Must make progress when there is input.
  virtual absl::StatusOr<size_t> Step(char* out, size_t length) = 0;

  const Compression compression_;
  std::string_view input_;
  bool between_frames_ = true;
  bool done_ = false;  // ignore what is left

 private:
  const std::unique_ptr<ByteSource> source_;
  std::vector<char> buffer_;
  bool source_ended_ = false;
  absl::Status status_;
};

class GzipDecompressor : public Decompressor {
 public:
  explicit GzipDecompressor(std::unique_ptr<ByteSource> source)
      : Decompressor(Compression::kGzip, std::move(source)) {}
  ~GzipDecompressor() override {
    if (open_) ::inflateEnd(&stream_);
  }

 protected:
  absl::StatusOr<size_t> Step(char* out, size_t length) override {
    if (!open_) {
      // 15 window bits + 32: gzip or zlib, whichever the header says.
      if (::inflateInit2(&stream_, 15 + 32) != Z_OK) return OutOfMemory();
      open_ = true;
    } else if (between_frames_) {
      // After the last member there may be zero bytes, which tar and tapes leave; gzip skips them.
      const size_t zeros = std::min(input_.find_first_not_of('\0'), input_.size());
      if (zeros > 0) {
        input_.remove_prefix(zeros);
        return size_t{0};
      }
      ::inflateReset(&stream_);
    }
    between_frames_ = false;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input_.data()));
    stream_.avail_in = static_cast<uInt>(input_.size());
    stream_.next_out = reinterpret_cast<Bytef*>(out);
    const uInt room = static_cast<uInt>(std::min<size_t>(length, 1u << 30));
    stream_.avail_out = room;
    const int result = ::inflate(&stream_, Z_NO_FLUSH);
    input_.remove_prefix(input_.size() - stream_.avail_in);
    if (result == Z_STREAM_END) {
      between_frames_ = true;
    } else if (result == Z_MEM_ERROR) {
      return OutOfMemory();
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return Broken(compression_, stream_.msg != nullptr ? stream_.msg : "bad stream");
    }
    return size_t{room - stream_.avail_out};
  }

 private:
  z_stream stream_ = {};
  bool open_ = false;
};

class Bzip2Decompressor : public Decompressor {
 public:
  explicit Bzip2Decompressor(std::unique_ptr<ByteSource> source)
      : Decompressor(Compression::kBzip2, std::move(source)) {}
  ~Bzip2Decompressor() override {
    if (open_) ::BZ2_bzDecompressEnd(&stream_);
  }

 protected:
  absl::StatusOr<size_t> Step(char* out, size_t length) override {
    if (!open_) {
      stream_ = {};
      if (::BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK) return OutOfMemory();
      open_ = true;
    }
    between_frames_ = false;
    stream_.next_in = const_cast<char*>(input_.data());
    stream_.avail_in = static_cast<unsigned>(input_.size());
    stream_.next_out = out;
    const unsigned room = static_cast<unsigned>(std::min<size_t>(length, 1u << 30));
    stream_.avail_out = room;
    const int result = ::BZ2_bzDecompress(&stream_);
    input_.remove_prefix(input_.size() - stream_.avail_in);
    if (result == BZ_STREAM_END) {
      ::BZ2_bzDecompressEnd(&stream_);
      open_ = false;
      between_frames_ = true;
    } else if (result == BZ_MEM_ERROR) {
      return OutOfMemory();
    } else if (result != BZ_OK) {
      return Broken(compression_,
                    result == BZ_DATA_ERROR_MAGIC ? "incorrect header" : "bad block or checksum");
    }
    return size_t{room - stream_.avail_out};
  }

 private:
  bz_stream stream_ = {};
  bool open_ = false;
};

class ZstdDecompressor : public Decompressor {
 public:
  explicit ZstdDecompressor(std::unique_ptr<ByteSource> source)
      : Decompressor(Compression::kZstd, std::move(source)), context_(::ZSTD_createDCtx()) {
    // The largest window that `zstd --ultra` makes without --long.
    if (context_ != nullptr) ::ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, 27);
  }
  ~ZstdDecompressor() override { ::ZSTD_freeDCtx(context_); }
  bool ok() const { return context_ != nullptr; }

 protected:
  absl::StatusOr<size_t> Step(char* out, size_t length) override {
    between_frames_ = false;
    ZSTD_inBuffer in = {input_.data(), input_.size(), 0};
    ZSTD_outBuffer destination = {out, length, 0};
    const size_t result = ::ZSTD_decompressStream(context_, &destination, &in);
    input_.remove_prefix(in.pos);
    if (::ZSTD_isError(result)) return Broken(compression_, ::ZSTD_getErrorName(result));
    if (result == 0) between_frames_ = true;
    return destination.pos;
  }

 private:
  ZSTD_DCtx* const context_;
};

class Lz4Decompressor : public Decompressor {
 public:
  explicit Lz4Decompressor(std::unique_ptr<ByteSource> source)
      : Decompressor(Compression::kLz4, std::move(source)) {
    if (::LZ4F_isError(::LZ4F_createDecompressionContext(&context_, LZ4F_VERSION))) {
      context_ = nullptr;
    }
  }
  ~Lz4Decompressor() override { ::LZ4F_freeDecompressionContext(context_); }
  bool ok() const { return context_ != nullptr; }

 protected:
  absl::StatusOr<size_t> Step(char* out, size_t length) override {
    between_frames_ = false;
    size_t in = input_.size();
    size_t produced = length;
    const size_t result = ::LZ4F_decompress(context_, out, &produced, input_.data(), &in, nullptr);
    input_.remove_prefix(in);
    if (::LZ4F_isError(result)) return Broken(compression_, ::LZ4F_getErrorName(result));
    if (result == 0) between_frames_ = true;
    return produced;
  }

 private:
  LZ4F_dctx* context_ = nullptr;
};

class GzipCompressor : public ByteSink {
 public:
  explicit GzipCompressor(std::unique_ptr<ByteSink> sink)
      : sink_(std::move(sink)), buffer_(kBufferBytes) {
    // 15 window bits + 16: a gzip header.
    open_ = ::deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8,
                           Z_DEFAULT_STRATEGY) == Z_OK;
  }
  ~GzipCompressor() override {
    if (open_) ::deflateEnd(&stream_);
  }
  bool ok() const { return open_; }

  absl::Status Append(std::string_view data) override {
    while (!data.empty()) {
      const size_t part = std::min<size_t>(data.size(), 1u << 30);
      VESTO_RETURN_IF_ERROR(Run(data.substr(0, part), Z_NO_FLUSH));
      data.remove_prefix(part);
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    VESTO_RETURN_IF_ERROR(Run({}, Z_FINISH));
    return sink_->Finish();
  }

  uint64_t bytes_written() const override { return sink_->bytes_written(); }

 private:
  absl::Status Run(std::string_view data, int flush) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
    stream_.avail_in = static_cast<uInt>(data.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer_.data());
      stream_.avail_out = static_cast<uInt>(buffer_.size());
      ::deflate(&stream_, flush);
      VESTO_RETURN_IF_ERROR(sink_->Append({buffer_.data(), buffer_.size() - stream_.avail_out}));
    } while (stream_.avail_out == 0);
    return absl::OkStatus();
  }

  const std::unique_ptr<ByteSink> sink_;
  std::vector<char> buffer_;
  z_stream stream_ = {};
  bool open_ = false;
};

class Bzip2Compressor : public ByteSink {
 public:
  explicit Bzip2Compressor(std::unique_ptr<ByteSink> sink)
      : sink_(std::move(sink)), buffer_(kBufferBytes) {
    open_ = ::BZ2_bzCompressInit(&stream_, 9, 0, 0) == BZ_OK;
  }
  ~Bzip2Compressor() override {
    if (open_) ::BZ2_bzCompressEnd(&stream_);
  }
  bool ok() const { return open_; }

  absl::Status Append(std::string_view data) override {
    while (!data.empty()) {
      stream_.next_in = const_cast<char*>(data.data());
      stream_.avail_in = static_cast<unsigned>(std::min<size_t>(data.size(), 1u << 30));
      const size_t offered = stream_.avail_in;
      VESTO_RETURN_IF_ERROR(Run(BZ_RUN).status());
      data.remove_prefix(offered - stream_.avail_in);
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    stream_.next_in = nullptr;
    stream_.avail_in = 0;
    while (true) {
      VESTO_ASSIGN_OR_RETURN(const int result, Run(BZ_FINISH));
      if (result == BZ_STREAM_END) return sink_->Finish();
    }
  }

  uint64_t bytes_written() const override { return sink_->bytes_written(); }

 private:
  absl::StatusOr<int> Run(int action) {
    stream_.next_out = buffer_.data();
    stream_.avail_out = static_cast<unsigned>(buffer_.size());
    const int result = ::BZ2_bzCompress(&stream_, action);
    if (result < 0) return Broken(Compression::kBzip2, "the compressor failed");
    VESTO_RETURN_IF_ERROR(sink_->Append({buffer_.data(), buffer_.size() - stream_.avail_out}));
    return result;
  }

  const std::unique_ptr<ByteSink> sink_;
  std::vector<char> buffer_;
  bz_stream stream_ = {};
  bool open_ = false;
};

class ZstdCompressor : public ByteSink {
 public:
  explicit ZstdCompressor(std::unique_ptr<ByteSink> sink)
      : sink_(std::move(sink)), buffer_(kBufferBytes), context_(::ZSTD_createCCtx()) {
    if (context_ != nullptr) ::ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
  }
  ~ZstdCompressor() override { ::ZSTD_freeCCtx(context_); }
  bool ok() const { return context_ != nullptr; }

  absl::Status Append(std::string_view data) override { return Run(data, ZSTD_e_continue); }

  absl::Status Finish() override {
    VESTO_RETURN_IF_ERROR(Run({}, ZSTD_e_end));
    return sink_->Finish();
  }

  uint64_t bytes_written() const override { return sink_->bytes_written(); }

 private:
  absl::Status Run(std::string_view data, ZSTD_EndDirective directive) {
    ZSTD_inBuffer in = {data.data(), data.size(), 0};
    while (true) {
      ZSTD_outBuffer out = {buffer_.data(), buffer_.size(), 0};
      const size_t left = ::ZSTD_compressStream2(context_, &out, &in, directive);
      if (::ZSTD_isError(left)) return Broken(Compression::kZstd, ::ZSTD_getErrorName(left));
      VESTO_RETURN_IF_ERROR(sink_->Append({buffer_.data(), out.pos}));
      const bool finished = directive == ZSTD_e_end ? left == 0 : in.pos == in.size;
      if (finished) return absl::OkStatus();
    }
  }

  const std::unique_ptr<ByteSink> sink_;
  std::vector<char> buffer_;
  ZSTD_CCtx* const context_;
};

// One frame with a checksum of its content, which `lz4 -t` and our reader check.
class Lz4Compressor : public ByteSink {
 public:
  explicit Lz4Compressor(std::unique_ptr<ByteSink> sink) : sink_(std::move(sink)) {
    preferences_.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    buffer_.resize(std::max<size_t>(::LZ4F_compressBound(kPieceBytes, &preferences_),
                                    LZ4F_HEADER_SIZE_MAX));
    if (::LZ4F_isError(::LZ4F_createCompressionContext(&context_, LZ4F_VERSION))) {
      context_ = nullptr;
    }
  }
  ~Lz4Compressor() override { ::LZ4F_freeCompressionContext(context_); }
  bool ok() const { return context_ != nullptr; }

  absl::Status Append(std::string_view data) override {
    VESTO_RETURN_IF_ERROR(Begin());
    while (!data.empty()) {
      const size_t part = std::min(data.size(), kPieceBytes);
      VESTO_RETURN_IF_ERROR(Pass(::LZ4F_compressUpdate(context_, buffer_.data(), buffer_.size(),
                                                       data.data(), part, nullptr)));
      data.remove_prefix(part);
    }
    return absl::OkStatus();
  }

  absl::Status Finish() override {
    VESTO_RETURN_IF_ERROR(Begin());
    VESTO_RETURN_IF_ERROR(
        Pass(::LZ4F_compressEnd(context_, buffer_.data(), buffer_.size(), nullptr)));
    return sink_->Finish();
  }

  uint64_t bytes_written() const override { return sink_->bytes_written(); }

 private:
  static constexpr size_t kPieceBytes = 64 * 1024;

  absl::Status Begin() {
    if (begun_) return absl::OkStatus();
    begun_ = true;
    return Pass(::LZ4F_compressBegin(context_, buffer_.data(), buffer_.size(), &preferences_));
  }
  // Hands on what a call left in the buffer.
  absl::Status Pass(size_t result) {
    if (::LZ4F_isError(result)) return Broken(Compression::kLz4, ::LZ4F_getErrorName(result));
    return sink_->Append({buffer_.data(), result});
  }

  const std::unique_ptr<ByteSink> sink_;
  std::vector<char> buffer_;
  LZ4F_preferences_t preferences_ = {};
  LZ4F_cctx* context_ = nullptr;
  bool begun_ = false;
};

}  // namespace

std::string_view CompressionName(Compression compression) {
  switch (compression) {
    case Compression::kNone:
      return "uncompressed";
    case Compression::kGzip:
      return "gzip";
    case Compression::kBzip2:
      return "bzip2";
    case Compression::kZstd:
      return "zstd";
    case Compression::kLz4:
      return "lz4";
  }
  return "";
}

std::string_view CompressionSuffix(Compression compression) {
  switch (compression) {
    case Compression::kNone:
      return "";
    case Compression::kGzip:
      return ".gz";
    case Compression::kBzip2:
      return ".bz2";
    case Compression::kZstd:
      return ".zst";
    case Compression::kLz4:
      return ".lz4";
  }
  return "";
}

Compression CompressionOfName(std::string_view name) {
  for (const Compression compression :
       {Compression::kGzip, Compression::kBzip2, Compression::kZstd, Compression::kLz4}) {
    if (absl::EndsWithIgnoreCase(sv(name), sv(CompressionSuffix(compression)))) return compression;
  }
  return Compression::kNone;
}

absl::StatusOr<std::unique_ptr<ByteSource>> Decompress(Compression compression,
                                                       std::unique_ptr<ByteSource> source) {
  switch (compression) {
    case Compression::kNone:
      return source;
    case Compression::kGzip:
      return std::unique_ptr<ByteSource>(std::make_unique<GzipDecompressor>(std::move(source)));
    case Compression::kBzip2:
      return std::unique_ptr<ByteSource>(std::make_unique<Bzip2Decompressor>(std::move(source)));
    case Compression::kZstd: {
      auto stream = std::make_unique<ZstdDecompressor>(std::move(source));
      if (!stream->ok()) return OutOfMemory();
      return std::unique_ptr<ByteSource>(std::move(stream));
    }
    case Compression::kLz4: {
      auto stream = std::make_unique<Lz4Decompressor>(std::move(source));
      if (!stream->ok()) return OutOfMemory();
      return std::unique_ptr<ByteSource>(std::move(stream));
    }
  }
  return NotSupported("this compression");
}

absl::StatusOr<std::unique_ptr<ByteSink>> Compress(Compression compression,
                                                   std::unique_ptr<ByteSink> sink) {
  switch (compression) {
    case Compression::kNone:
      return sink;
    case Compression::kGzip: {
      auto stream = std::make_unique<GzipCompressor>(std::move(sink));
      if (!stream->ok()) return OutOfMemory();
      return std::unique_ptr<ByteSink>(std::move(stream));
    }
    case Compression::kBzip2: {
      auto stream = std::make_unique<Bzip2Compressor>(std::move(sink));
      if (!stream->ok()) return OutOfMemory();
      return std::unique_ptr<ByteSink>(std::move(stream));
    }
    case Compression::kZstd: {
      auto stream = std::make_unique<ZstdCompressor>(std::move(sink));
      if (!stream->ok()) return OutOfMemory();
      return std::unique_ptr<ByteSink>(std::move(stream));
    }
    case Compression::kLz4: {
      auto stream = std::make_unique<Lz4Compressor>(std::move(sink));
      if (!stream->ok()) return OutOfMemory();
      return std::unique_ptr<ByteSink>(std::move(stream));
    }
  }
  return NotSupported("this compression");
}

}  // namespace vesto::io
