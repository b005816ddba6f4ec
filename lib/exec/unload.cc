#include <algorithm>
#include <atomic>

#include "absl/strings/str_cat.h"
#include "base/mutex.h"
#include "base/status_bridge.h"
#include "base/status_macros.h"
#include "exec/storage_access.h"
#include "exec/transfer.h"
#include "format/delimited_writer.h"
#include "format/manifest.h"
#include "io/byte_stream.h"
#include "io/compression.h"
#include "io/mounts.h"
#include "telemetry/telemetry.h"
#include "types/text.h"
#include "types/type_rules.h"

// UNLOAD's sink: batches -> text files, one or more per slice.
namespace vesto::exec {
namespace {

using column::Batch;

absl::StatusOr<io::Compression> CompressionOf(logical::FileCompression compression) {
  switch (compression) {
    case logical::FileCompression::kNone: return io::Compression::kNone;
    case logical::FileCompression::kGzip: return io::Compression::kGzip;
    case logical::FileCompression::kBzip2: return io::Compression::kBzip2;
    case logical::FileCompression::kZstd: return io::Compression::kZstd;
    case logical::FileCompression::kLz4: return io::Compression::kLz4;
    case logical::FileCompression::kLzop: break;
  }
  return NotSupported("UNLOAD to LZOP files");
}

// "Text" for fields between delimiters or of fixed width.
std::string_view FormatName(logical::UnloadFormat format) {
  switch (format) {
    case logical::UnloadFormat::kDelimited:
    case logical::UnloadFormat::kFixedWidth: return "Text";
    case logical::UnloadFormat::kCsv: return "CSV";
    case logical::UnloadFormat::kJson: return "JSON";
  }
  return "";
}

// What the slices of one UNLOAD share: the destination, and the files for the manifest.
struct UnloadRun {
  io::ObjectLocation location;
  std::shared_ptr<telemetry::TransferCounts> counts;
  base::Mutex mutex;
  std::vector<format::UnloadedFile> files ABSL_GUARDED_BY(mutex);
  int unfinished ABSL_GUARDED_BY(mutex) = 0;
};

absl::StatusOr<std::shared_ptr<UnloadRun>> OpenRun(const logical::UnloadSpec& spec,
                                                   const io::MountTable& mounts, int num_peers) {
  auto run = std::make_shared<UnloadRun>();
  VESTO_ASSIGN_OR_RETURN(run->location, mounts.Resolve(spec.destination));
  auto existing = run->location.store->List(run->location.key);
  if (!existing.ok()) return FromPublic(existing.status());
  if (!existing->empty() && spec.clean_path) {
    for (const ObjectInfo& object : *existing) {
      if (Status removed = run->location.store->Remove(object.key); !removed.ok()) {
        return FromPublic(removed);
      }
    }
  } else if (!existing->empty() && !spec.allow_overwrite) {
    return SqlError(SqlState::kInternalError,
                    "Specified unload destination on S3 is not empty. Consider using a different "
                    "bucket / prefix, manually removing the target files in S3, or using the "
                    "ALLOWOVERWRITE option.");
  }
  base::MutexLock lock(run->mutex);
  run->unfinished = num_peers;
  return run;
}

class UnloadSink : public Sink {
 public:
  UnloadSink(const logical::UnloadSpec& spec, std::shared_ptr<UnloadRun> run,
             const StepContext& context, io::Compression compression)
      : spec_(spec),
        run_(std::move(run)),
        context_(context),
        compression_(compression),
        writer_(WriterOptions(spec)) {
    const std::string suffix = spec_.extension_given
                                   ? absl::StrCat(".", spec_.extension)
                                   : std::string(io::CompressionSuffix(compression_));
    format::PartWriter::Options options;
    options.file_bytes_max = static_cast<uint64_t>(spec_.max_file_bytes);
    options.is_compressed = compression_ != io::Compression::kNone;
    if (spec_.header) options.header = writer_.Header();
    parts_ = std::make_unique<format::PartWriter>(
        std::move(options),
        [this, suffix](int part) -> absl::StatusOr<std::unique_ptr<io::ByteSink>> {
          return OpenPart(part, suffix);
        });
  }

  absl::Status Consume(Batch batch) override {
    std::vector<format::OutputField> row(batch.columns.size());
    std::vector<std::string> texts(batch.columns.size());
    std::string line;
    for (int i = 0; i < batch.rows; ++i) {
      for (size_t c = 0; c < batch.columns.size(); ++c) {
        const column::Vector& vector = batch.columns[c];
        row[c].is_null = vector.IsNull(i);
        if (row[c].is_null) {
          row[c].text = {};
          continue;
        }
        texts[c] = vector.physical() == types::PhysicalType::kString &&
                           vector.type().id == TypeId::kVarchar
                       ? std::string(vector.StringAt(i).view())
                       : types::ValueToText(vector.ValueAt(i), context_.query->eval->text);
        row[c].text = texts[c];
      }
      line.clear();
      VESTO_RETURN_IF_ERROR(writer_.AppendRow(row, &line));
      VESTO_RETURN_IF_ERROR(parts_->AppendLine(line));
    }
    rows_ += batch.rows;
    return absl::OkStatus();
  }

  absl::StatusOr<Progress> Finish() override {
    VESTO_RETURN_IF_ERROR(parts_->Finish(/*always_one_file=*/!spec_.parallel));
    StorageAccess& storage = *context_.query->storage;
    storage.affected_rows.fetch_add(rows_, std::memory_order_relaxed);
    bool last = false;
    {
      base::MutexLock lock(run_->mutex);
      run_->counts->rows.fetch_add(rows_, std::memory_order_relaxed);
      for (const format::UnloadedPart& part : parts_->parts()) {
        run_->counts->files.fetch_add(1, std::memory_order_relaxed);
        run_->counts->bytes.fetch_add(static_cast<int64_t>(part.bytes), std::memory_order_relaxed);
        run_->files.push_back({absl::StrCat(run_->location.url_prefix, names_[part.part]),
                               part.bytes, part.num_lines});
        if (storage.telemetry != nullptr) {
          telemetry::UnloadRecord record;
          record.userid = context_.query->eval->user_id;
          record.query = context_.query->eval->query_id;
          record.slice = context_.slice;
          record.pid = context_.query->eval->session_pid;
          record.xid = storage.xid;
          record.path = run_->files.back().url;
          record.file_format = FormatName(spec_.format);
          record.line_count = part.num_lines;
          record.transfer_size = static_cast<int64_t>(part.bytes);
          record.start_micros = context_.query->eval->statement_start_micros;
          record.end_micros = storage.now_micros();
          storage.telemetry->unloads.Add(std::move(record));
        }
      }
      last = --run_->unfinished == 0;
    }
    if (last && spec_.manifest) VESTO_RETURN_IF_ERROR(WriteManifest());
    return Progress::kDone;
  }

 private:
  static format::DelimitedWriterOptions WriterOptions(const logical::UnloadSpec& spec) {
    format::DelimitedWriterOptions options;
    switch (spec.format) {
      case logical::UnloadFormat::kCsv: options.layout = format::Layout::kCsv; break;
      case logical::UnloadFormat::kFixedWidth: options.layout = format::Layout::kFixedWidth; break;
      case logical::UnloadFormat::kDelimited:
      case logical::UnloadFormat::kJson: break;
    }
    options.delimiter = spec.delimiter;
    options.add_quotes = spec.add_quotes;
    options.escape = spec.escape;
    options.null_as = spec.null_as;
    for (const Type& type : spec.column_types) {
      options.fields.push_back(type.id == TypeId::kVarchar ? format::FieldKind::kVarchar
                               : type.id == TypeId::kChar  ? format::FieldKind::kChar
                                                           : format::FieldKind::kOther);
    }
    for (const auto& field : spec.fixed_width) options.widths.push_back(field.width);
    options.names = spec.column_names;
    return options;
  }

  absl::StatusOr<std::unique_ptr<io::ByteSink>> OpenPart(int part, const std::string& suffix) {
    const std::string key = absl::StrCat(
        run_->location.key, format::UnloadFileName(context_.slice, part, !spec_.parallel, suffix));
    names_.resize(std::max<size_t>(names_.size(), part + 1));
    names_[part] = key;
    auto object = run_->location.store->OpenWrite(key);
    if (!object.ok()) return FromPublic(object.status());
    return io::Compress(compression_, io::WriteObject(*std::move(object)));
  }

  absl::Status WriteManifest() {
    std::vector<format::UnloadedFile> files;
    {
      base::MutexLock lock(run_->mutex);
      files = run_->files;
    }
    std::sort(files.begin(), files.end(),
              [](const auto& a, const auto& b) { return a.url < b.url; });
    std::vector<format::ManifestColumn> columns;
    for (size_t i = 0; i < spec_.column_names.size(); ++i) {
      columns.push_back({spec_.column_names[i], spec_.column_types[i]});
    }
    auto object = run_->location.store->OpenWrite(absl::StrCat(run_->location.key, "manifest"));
    if (!object.ok()) return FromPublic(object.status());
    auto sink = io::WriteObject(*std::move(object));
    VESTO_RETURN_IF_ERROR(
        sink->Append(format::WriteManifest(files, columns, spec_.manifest_verbose)));
    return sink->Finish();
  }

  const logical::UnloadSpec& spec_;
  const std::shared_ptr<UnloadRun> run_;
  const StepContext context_;
  const io::Compression compression_;
  const format::DelimitedWriter writer_;
  std::unique_ptr<format::PartWriter> parts_;
  std::vector<std::string> names_;  // keys of the parts
  int64_t rows_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Sink>> MakeUnloadSink(const physical::UnloadStepSpec& step_spec,
                                                     const physical::Step& step,
                                                     const Layout& layout,
                                                     const StepContext& context) {
  const logical::UnloadSpec& spec = *step_spec.unload;
  if (spec.format == logical::UnloadFormat::kJson) return NotSupported("UNLOAD FORMAT JSON");
  if (!spec.partition_by.empty()) return NotSupported("UNLOAD PARTITION BY");
  VESTO_ASSIGN_OR_RETURN(const io::Compression compression, CompressionOf(spec.compression));
  StorageAccess& storage = *context.query->storage;
  std::shared_ptr<void>& shared = storage.shared_transfers[&step_spec];
  if (shared == nullptr) {
    auto counts = std::make_shared<telemetry::TransferCounts>();
    if (storage.telemetry != nullptr) {
      telemetry::TransferRecord record;
      record.query = context.query->eval->query_id;
      record.is_unload = true;
      record.location = spec.destination;
      record.format = FormatName(spec.format);
      record.compression = io::CompressionName(compression);
      record.counts = counts;
      storage.telemetry->transfers.Add(std::move(record));
    }
    VESTO_ASSIGN_OR_RETURN(auto run, OpenRun(spec, *storage.mounts, context.num_peers));
    run->counts = std::move(counts);
    shared = std::move(run);
  }
  return std::make_unique<UnloadSink>(spec, std::static_pointer_cast<UnloadRun>(shared), context,
                                      compression);
}

}  // namespace vesto::exec
