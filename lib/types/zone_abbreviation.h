#pragma once

#include <optional>
#include <string_view>

// The parts of a zone's text that need no zone database. Used by the date parser; everybody else
// asks FindTimeZone.
namespace vesto::types {

// Seconds east of UTC of a fixed abbreviation ("PST", "cest", "Z"); nullopt for any other name.
std::optional<int> ZoneAbbreviationSeconds(std::string_view name);

// Seconds east of UTC of an ISO offset ("+08", "-8:00", "+0730"); nullopt for any other text.
std::optional<int> ParseZoneOffset(std::string_view text);

}  // namespace vesto::types
