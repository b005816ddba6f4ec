#include "format/manifest.h"

#include <simdjson.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status_macros.h"

namespace vesto::format {
namespace {

absl::Status Invalid(std::string_view why) {
  return SqlError(SqlState::kInternalError, absl::StrCat("Invalid manifest file - ", sv(why)))
      .Hint("A manifest reads {\"entries\":[{\"url\":\"s3://bucket/key\",\"mandatory\":true}]}.");
}

absl::Status InvalidEntry(size_t index, std::string_view why) {
  return Invalid(absl::StrCat("entry ", index + 1, ": ", sv(why)));
}

absl::StatusOr<ManifestEntry> ParseEntry(simdjson::dom::element element, size_t index) {
  ManifestEntry entry;
  simdjson::dom::object object;
  if (element.get_object().get(object)) return InvalidEntry(index, "it is no object");
  std::string_view url;
  if (object["url"].get_string().get(url) || url.empty()) {
    return InvalidEntry(index, "\"url\" is missing or no string");
  }
  entry.url = url;
  simdjson::dom::element mandatory;
  if (!object["mandatory"].get(mandatory) && mandatory.get_bool().get(entry.mandatory)) {
    return InvalidEntry(index, "\"mandatory\" is neither true nor false");
  }
  simdjson::dom::element meta;
  if (!object["meta"].get(meta)) {
    simdjson::dom::element length;
    if (!meta["content_length"].get(length)) {
      uint64_t bytes = 0;
      if (length.get_uint64().get(bytes)) {
        return InvalidEntry(index, "\"content_length\" is no number of bytes");
      }
      entry.content_length = bytes;
    }
  }
  return entry;
}

std::string JsonString(std::string_view text) {
  std::string json = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      json += '\\';
      json += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(&json, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      json += c;
    }
  }
  json += '"';
  return json;
}

// {"base":"character varying","max_length":25}
std::string JsonType(const Type& type) {
  std::string name = type.ToString();
  if (const size_t open = name.find('('); open != std::string::npos) name.resize(open);
  std::string json = absl::StrCat("{ \"base\": ", JsonString(name));
  switch (type.id) {
    case TypeId::kChar:
    case TypeId::kVarchar:
    case TypeId::kVarbyte:
      absl::StrAppend(&json, ", \"max_length\": ", type.length);
      break;
    case TypeId::kDecimal:
      absl::StrAppend(&json, ", \"precision\": ", type.length, ", \"scale\": ", type.scale);
      break;
    default:
      break;
  }
  return json + " }";
}

}  // namespace

absl::StatusOr<std::vector<ManifestEntry>> ParseManifest(std::string_view text) {
  if (text.size() > kManifestBytesMax) return Invalid("it is larger than 64 MB");
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  simdjson::dom::parser parser;
  simdjson::dom::element document;
  if (const auto error = parser.parse(text.data(), text.size()).get(document)) {
    return Invalid(simdjson::error_message(error));
  }
  simdjson::dom::array array;
  if (document["entries"].get_array().get(array)) return Invalid("it has no list \"entries\"");
  std::vector<ManifestEntry> entries;
  for (const simdjson::dom::element element : array) {
    VESTO_ASSIGN_OR_RETURN(ManifestEntry entry, ParseEntry(element, entries.size()));
    entries.push_back(std::move(entry));
  }
  return entries;
}

absl::Status ManifestNeedsFullPath() {
  return SqlError(SqlState::kInternalError,
                  "COPY with MANIFEST parameter requires full path of an S3 object.");
}

std::string WriteManifest(const std::vector<UnloadedFile>& files,
                          const std::vector<ManifestColumn>& columns, bool verbose) {
  std::string json = "{\n  \"entries\": [\n";
  uint64_t bytes = 0;
  int64_t records = 0;
  for (size_t i = 0; i < files.size(); ++i) {
    const UnloadedFile& file = files[i];
    absl::StrAppend(&json, "    {\"url\":", JsonString(file.url));
    if (verbose) {
      absl::StrAppend(&json, ", \"meta\": { \"content_length\": ", file.content_length,
                      ", \"record_count\": ", file.record_count, " }");
    }
    absl::StrAppend(&json, "}", i + 1 < files.size() ? ",\n" : "\n");
    bytes += file.content_length;
    records += file.record_count;
  }
  absl::StrAppend(&json, "  ]");
  if (verbose) {
    absl::StrAppend(&json, ",\n  \"schema\": {\n    \"elements\": [\n");
    for (size_t i = 0; i < columns.size(); ++i) {
      absl::StrAppend(&json, "      {\"name\": ", JsonString(columns[i].name),
                      ", \"type\": ", JsonType(columns[i].type), "}",
                      i + 1 < columns.size() ? ",\n" : "\n");
    }
    absl::StrAppend(&json, "    ]\n  },\n  \"meta\": {\n    \"content_length\": ", bytes,
                    ",\n    \"record_count\": ", records,
                    "\n  },\n  \"author\": {\n    \"name\": \"Amazon Redshift\",\n"
                    "    \"version\": \"1.0.0\"\n  }");
  }
  absl::StrAppend(&json, "\n}\n");
  return json;
}

}  // namespace vesto::format
