#include "functions/json_text.h"

#include <simdjson.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace vesto::functions {
namespace {

std::string_view TrimJsonSpace(std::string_view text) {
  while (!text.empty() && std::string_view(" \t\r\n").find(text.back()) != std::string_view::npos) {
    text.remove_suffix(1);
  }
  return text;
}

JsonFind AppendValue(simdjson::ondemand::value value, std::string* out) {
  simdjson::ondemand::json_type type;
  if (value.type().get(type) != simdjson::SUCCESS) return JsonFind::kInvalid;
  switch (type) {
    case simdjson::ondemand::json_type::null:
      return JsonFind::kNull;
    case simdjson::ondemand::json_type::string: {
      std::string_view text;
      if (value.get_string().get(text) != simdjson::SUCCESS) return JsonFind::kInvalid;
      out->append(text);
      return JsonFind::kFound;
    }
    case simdjson::ondemand::json_type::object: {
      simdjson::ondemand::object object;
      std::string_view text;
      if (value.get_object().get(object) != simdjson::SUCCESS ||
          object.raw_json().get(text) != simdjson::SUCCESS) {
        return JsonFind::kInvalid;
      }
      out->append(TrimJsonSpace(text));
      return JsonFind::kFound;
    }
    case simdjson::ondemand::json_type::array: {
      simdjson::ondemand::array array;
      std::string_view text;
      if (value.get_array().get(array) != simdjson::SUCCESS ||
          array.raw_json().get(text) != simdjson::SUCCESS) {
        return JsonFind::kInvalid;
      }
      out->append(TrimJsonSpace(text));
      return JsonFind::kFound;
    }
    case simdjson::ondemand::json_type::number:
    case simdjson::ondemand::json_type::boolean:
      out->append(TrimJsonSpace(value.raw_json_token()));
      return JsonFind::kFound;
  }
  return JsonFind::kInvalid;
}

}  // namespace

struct JsonText::Parsers {
  simdjson::dom::parser strict;     // validates the whole document
  simdjson::ondemand::parser lazy;  // gives the text of values as written
  simdjson::padded_string padded;
};

JsonText::JsonText() : parsers_(std::make_unique<Parsers>()) {}
JsonText::~JsonText() = default;

JsonKind JsonText::KindOf(std::string_view text) {
  simdjson::dom::element root;
  if (parsers_->strict.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS) {
    return JsonKind::kInvalid;
  }
  if (root.is_object()) return JsonKind::kObject;
  return root.is_array() ? JsonKind::kArray : JsonKind::kScalar;
}

std::optional<int64_t> JsonText::ArrayLength(std::string_view text) {
  simdjson::dom::element root;
  simdjson::dom::array array;
  if (parsers_->strict.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS ||
      root.get_array().get(array) != simdjson::SUCCESS) {
    return std::nullopt;
  }
  // size() saturates at 2^24 - 1.
  int64_t count = 0;
  for ([[maybe_unused]] simdjson::dom::element element : array) ++count;
  return count;
}

JsonFind JsonText::Path(std::string_view text, std::span<const std::string_view> path,
                        std::string* out) {
  const JsonKind kind = KindOf(text);
  if (kind != JsonKind::kObject && kind != JsonKind::kArray) return JsonFind::kInvalid;
  parsers_->padded = simdjson::padded_string(text.data(), text.size());
  simdjson::ondemand::document document;
  simdjson::ondemand::value value;
  if (parsers_->lazy.iterate(parsers_->padded).get(document) != simdjson::SUCCESS ||
      document.get_value().get(value) != simdjson::SUCCESS) {
    return JsonFind::kInvalid;
  }
  for (std::string_view step : path) {
    simdjson::ondemand::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS) return JsonFind::kInvalid;
    simdjson::ondemand::value next;
    if (type == simdjson::ondemand::json_type::object) {
      if (value.find_field(step).get(next) != simdjson::SUCCESS) return JsonFind::kMissing;
    } else if (type == simdjson::ondemand::json_type::array) {
      uint64_t position = 0;
      if (!absl::SimpleAtoi(sv(step), &position) ||
          value.at(position).get(next) != simdjson::SUCCESS) {
        return JsonFind::kMissing;
      }
    } else {
      return JsonFind::kMissing;
    }
    value = next;
  }
  return AppendValue(value, out);
}

JsonFind JsonText::Element(std::string_view text, int64_t position, std::string* out) {
  if (KindOf(text) != JsonKind::kArray) return JsonFind::kInvalid;
  if (position < 0) return JsonFind::kMissing;
  const std::string step = absl::StrCat(position);
  const std::string_view path[] = {step};
  return Path(text, path, out);
}

absl::Status JsonParsingError(std::string_view reason, std::string_view text) {
  return SqlError(SqlState::kInvalidTextRepresentation, "JSON parsing error")
      .Detail(absl::StrCat(sv(reason), " ", sv(text.substr(0, 200))));
}

}  // namespace vesto::functions
