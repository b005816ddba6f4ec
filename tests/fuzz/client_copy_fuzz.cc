#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "format/client_copy.h"

// The data of COPY FROM STDIN, any bytes in any format. The first byte chooses the options, the second
// how the rest is cut on its way. Rows must not depend on the cuts, every field must be readable, and
// what was read must come back when it is written.

namespace {

using namespace vesto;          // NOLINT
using namespace vesto::format;  // NOLINT

constexpr int kColumns = 2;

void Require(bool condition) {
  if (!condition) std::abort();
}

void AppendField(const ClientCopyRow::Field& field, std::string* out) {
  const uint32_t size = field.null ? UINT32_MAX : static_cast<uint32_t>(field.bytes.size());
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(size >> shift));
  if (!field.null) out->append(field.bytes);
}

// The rows of `data` in the form that ClientCopyWriter takes, and whether it ended without an error.
struct Outcome {
  std::vector<std::string> rows;
  bool ok = false;
  bool operator==(const Outcome&) const = default;
};

Outcome Read(const ClientCopyOptions& options, std::string_view data, size_t piece) {
  static const std::vector<std::string> kNames = {"a", "b"};
  Outcome outcome;
  ClientCopyReader reader(options, kNames);
  const auto sink = [&outcome](const ClientCopyRow& row) {
    Require(row.fields.size() == kColumns && row.line > 0);
    std::string fields;
    for (const auto& field : row.fields) AppendField(field, &fields);
    outcome.rows.push_back(std::move(fields));
    return absl::OkStatus();
  };
  absl::Status status;
  for (size_t at = 0; at < data.size() && status.ok(); at += piece) {
    status = reader.Add(data.substr(at, piece), sink);
  }
  if (status.ok()) status = reader.Finish(sink);
  outcome.ok = status.ok();
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  ClientCopyOptions options;
  switch (data[0] % 3) {
    case 0: break;
    case 1:
      options = {.format = ClientCopyOptions::Format::kCsv, .delimiter = ',', .null_text = ""};
      if ((data[0] & 16) != 0) options.escape = '\\';
      break;
    default: options.format = ClientCopyOptions::Format::kBinary; break;
  }
  options.header = (data[0] & 32) != 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 2, size - 2);
  const Outcome whole = Read(options, rest, rest.size() + 1);
  Require(Read(options, rest, 1 + data[1] % 16) == whole);

  options.header = false;
  const ClientCopyWriter writer(options);
  std::string written;
  writer.AppendStart({}, &written);
  for (const std::string& row : whole.rows) writer.AppendRow(row, kColumns, &written);
  writer.AppendEnd(&written);
  const Outcome again = Read(options, written, written.size() + 1);
  Require(again.ok && again.rows == whole.rows);
  return 0;
}
