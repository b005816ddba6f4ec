#include "shell/result_printer.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdio>

namespace vesto::shell {
namespace {

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  size_t begin = 0;
  for (size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  lines.push_back(text.substr(begin));
  return lines;
}

// Control characters would tear the layout: psql shows them as \x1b, tabs as spaces to column 8.
std::string Printable(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += c;
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      const size_t line = out.rfind('\n');
      const int column = DisplayWidth(
          std::string_view(out).substr(line == std::string::npos ? 0 : line + 1));
      out.append(8 - column % 8, ' ');
    } else if (u < 0x20 || u == 0x7f) {
      char buffer[8];
      std::snprintf(buffer, sizeof buffer, "\\x%02X", u);
      out += buffer;
    } else {
      out += c;
    }
  }
  return out;
}

std::string Spaces(int count) { return std::string(std::max(count, 0), ' '); }

std::string RowCount(const TextTable& table) {
  const size_t rows = table.rows.size();
  return "(" + std::to_string(rows) + (rows == 1 ? " row)" : " rows)");
}

class Printer {
 public:
  Printer(const TextTable& table, const PrintOptions& options) : table_(table), options_(options) {}

  std::string Run() {
    switch (options_.format) {
      case Format::kCsv: Csv(); break;
      case Format::kJson: Json(); break;
      case Format::kMarkdown: Markdown(); break;
      case Format::kUnaligned: Unaligned(); break;
      case Format::kAligned: Aligned(); break;
    }
    return std::move(out_);
  }

 private:
  const std::string& Text(const TextTable::Cell& cell) const {
    return cell.is_null ? options_.null_text : cell.text;
  }
  bool footer() const { return options_.footer && !options_.tuples_only; }
  bool expanded() const { return options_.expanded == PrintOptions::Expanded::kOn; }
  bool RightAligned(size_t column) const {
    return table_.kinds[column] == TextTable::Kind::kNumber;
  }

  // --- csv ----------------------------------------------------------------------------------------
  std::string CsvField(const std::string& text) const {
    if (text.find_first_of("\r\n\"") == std::string::npos && text != "\\." &&
        (options_.csv_separator.empty() ||
         text.find(options_.csv_separator) == std::string::npos)) {
      return text;
    }
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"') out += '"';
      out += c;
    }
    return out + "\"";
  }

  void Csv() {
    const size_t columns = table_.headers.size();
    if (expanded()) {
      for (const auto& row : table_.rows) {
        for (size_t i = 0; i < columns; ++i) {
          out_ += CsvField(table_.headers[i]) + options_.csv_separator + CsvField(Text(row[i])) + "\n";
        }
      }
      return;
    }
    if (!options_.tuples_only) {
      for (size_t i = 0; i < columns; ++i) {
        if (i > 0) out_ += options_.csv_separator;
        out_ += CsvField(table_.headers[i]);
      }
      out_ += "\n";
    }
    for (const auto& row : table_.rows) {
      for (size_t i = 0; i < columns; ++i) {
        if (i > 0) out_ += options_.csv_separator;
        out_ += CsvField(Text(row[i]));
      }
      out_ += "\n";
    }
  }

  // --- json ---------------------------------------------------------------------------------------
  static std::string JsonString(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
      const auto u = static_cast<unsigned char>(c);
      switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
          if (u < 0x20) {
            char buffer[8];
            std::snprintf(buffer, sizeof buffer, "\\u%04x", u);
            out += buffer;
          } else {
            out += c;
          }
      }
    }
    return out + "\"";
  }

  std::string JsonValue(const TextTable::Cell& cell, size_t column) const {
    if (cell.is_null) return "null";
    switch (table_.kinds[column]) {
      case TextTable::Kind::kBoolean: return cell.text == "t" ? "true" : "false";
      case TextTable::Kind::kNumber:
        // NaN and Infinity are no JSON numbers.
        return cell.text.find_first_of("NnIi") == std::string::npos ? cell.text
                                                                    : JsonString(cell.text);
      case TextTable::Kind::kText: break;
    }
    return JsonString(cell.text);
  }

  void Json() {
    out_ += "[";
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      out_ += r == 0 ? "{" : ",\n {";
      for (size_t i = 0; i < table_.headers.size(); ++i) {
        if (i > 0) out_ += ", ";
        out_ += JsonString(table_.headers[i]) + ": " + JsonValue(table_.rows[r][i], i);
      }
      out_ += "}";
    }
    out_ += "]\n";
  }

  // --- markdown -----------------------------------------------------------------------------------
  static std::string MarkdownCell(const std::string& text) {
    std::string out;
    for (const char c : text) {
      if (c == '|') out += "\\|";
      else if (c == '\n') out += "<br>";
      else out += c;
    }
    return out;
  }

  void Markdown() {
    const size_t columns = table_.headers.size();
    std::vector<std::vector<std::string>> cells(1);
    for (const auto& header : table_.headers) cells[0].push_back(MarkdownCell(header));
    for (const auto& row : table_.rows) {
      cells.emplace_back();
      for (const auto& cell : row) cells.back().push_back(MarkdownCell(Text(cell)));
    }
    std::vector<int> widths(columns, 3);
    for (const auto& row : cells) {
      for (size_t i = 0; i < columns; ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
    for (size_t r = 0; r < cells.size(); ++r) {
      out_ += "|";
      for (size_t i = 0; i < columns; ++i) {
        const std::string pad = Spaces(widths[i] - DisplayWidth(cells[r][i]));
        out_ += " " + (RightAligned(i) ? pad + cells[r][i] : cells[r][i] + pad) + " |";
      }
      out_ += "\n";
      if (r > 0) continue;
      out_ += "|";
      for (size_t i = 0; i < columns; ++i) {
        const std::string rule(widths[i] + 1, '-');
        out_ += RightAligned(i) ? rule + ":|" : ":" + rule + "|";
      }
      out_ += "\n";
    }
  }

  // --- unaligned ----------------------------------------------------------------------------------
  void Unaligned() {
    const std::string& field = options_.field_separator;
    const std::string& record = options_.record_separator;
    bool first = true;
    const auto begin_record = [&] {
      if (!first) out_ += record;
      first = false;
    };
    if (!Title().empty() && !options_.tuples_only) {
      begin_record();
      out_ += Title();
    }
    if (expanded()) {
      bool first_row = true;
      for (const auto& row : table_.rows) {
        if (!first_row) begin_record();
        first_row = false;
        for (size_t i = 0; i < row.size(); ++i) {
          begin_record();
          out_ += table_.headers[i] + field + Text(row[i]);
        }
      }
    } else {
      if (!options_.tuples_only) {
        begin_record();
        for (size_t i = 0; i < table_.headers.size(); ++i) {
          if (i > 0) out_ += field;
          out_ += table_.headers[i];
        }
      }
      for (const auto& row : table_.rows) {
        begin_record();
        for (size_t i = 0; i < row.size(); ++i) {
          if (i > 0) out_ += field;
          out_ += Text(row[i]);
        }
      }
      if (footer()) {
        if (table_.footers.empty()) {
          begin_record();
          out_ += RowCount(table_);
        }
        for (const std::string& line : table_.footers) {
          begin_record();
          out_ += line;
        }
      }
    }
    if (!first) out_ += "\n";
  }

  // --- aligned ------------------------------------------------------------------------------------
  const std::string& Title() const {
    return table_.title.empty() ? options_.title : table_.title;
  }

  void Aligned() {
    const size_t columns = table_.headers.size();
    // Every cell as its lines, and the widths of columns.
    headers_.clear();
    for (const auto& header : table_.headers) headers_.push_back(Lines(Printable(header)));
    widths_.assign(columns, 0);
    for (size_t i = 0; i < columns; ++i) {
      for (const auto& line : headers_[i]) widths_[i] = std::max(widths_[i], DisplayWidth(line));
    }
    cells_.clear();
    for (const auto& row : table_.rows) {
      cells_.emplace_back();
      for (size_t i = 0; i < columns; ++i) {
        cells_.back().push_back(Lines(Printable(Text(row[i]))));
        for (const auto& line : cells_.back()[i]) {
          widths_[i] = std::max(widths_[i], DisplayWidth(line));
        }
      }
    }
    int total = static_cast<int>(columns) * 3;
    for (const int width : widths_) total += width;
    const bool vertical =
        expanded() || (options_.expanded == PrintOptions::Expanded::kAuto && options_.columns > 0 &&
                       total > options_.columns && !table_.rows.empty());
    if (vertical && table_.rows.empty()) {
      if (footer()) out_ += "(0 rows)\n\n";
      return;
    }
    if (vertical) {
      AlignedExpanded();
      return;
    }
    AlignedRows(total);
  }

  void Rule() {
    const size_t columns = widths_.size();
    if (options_.border == 2) out_ += "+-";
    else if (options_.border == 1) out_ += "-";
    for (size_t i = 0; i < columns; ++i) {
      out_.append(widths_[i], '-');
      if (i + 1 < columns) out_ += options_.border == 0 ? " " : "-+-";
    }
    if (options_.border == 2) out_ += "-+";
    else if (options_.border == 1) out_ += "-";
    out_ += "\n";
  }

  void AlignedRows(int total) {
    const int border = options_.border;
    const size_t columns = widths_.size();
    if (!options_.tuples_only) {
      if (!Title().empty()) {
        const int width = DisplayWidth(Title());
        out_ += Spaces(width >= total ? 0 : (total - width) / 2) + Title() + "\n";
      }
      if (border == 2) Rule();
      size_t height = 1;
      for (const auto& lines : headers_) height = std::max(height, lines.size());
      for (size_t l = 0; l < height; ++l) {
        if (border == 2) out_ += "|";
        for (size_t i = 0; i < columns; ++i) {
          const bool more = l + 1 < headers_[i].size();
          const std::string text = l < headers_[i].size() ? headers_[i][l] : "";
          const int space = widths_[i] - DisplayWidth(text);
          if (border > 0) out_ += " ";
          out_ += Spaces(space / 2) + text + Spaces((space + 1) / 2);
          out_ += more ? "+" : " ";
          if (border > 0 && i + 1 < columns) out_ += "|";
        }
        if (border == 2) out_ += "|";
        out_ += "\n";
      }
      Rule();
    }
    for (const auto& row : cells_) {
      size_t height = 1;
      for (const auto& lines : row) height = std::max(height, lines.size());
      for (size_t l = 0; l < height; ++l) {
        if (border == 2) out_ += "|";
        for (size_t i = 0; i < columns; ++i) {
          const bool last = i + 1 == columns;
          const bool more = l + 1 < row[i].size();
          const std::string text = l < row[i].size() ? row[i][l] : "";
          const std::string pad = Spaces(widths_[i] - DisplayWidth(text));
          if (border > 0) out_ += " ";
          if (RightAligned(i)) {
            out_ += pad + text;
          } else {
            out_ += text;
            if (!last || border == 2 || more) out_ += pad;
          }
          if (more) out_ += "+";
          else if (!last || border == 2) out_ += " ";
          if (border > 0 && !last) out_ += "|";
        }
        if (border == 2) out_ += "|";
        out_ += "\n";
      }
    }
    if (border == 2) Rule();
    if (footer()) {
      if (table_.footers.empty()) out_ += RowCount(table_) + "\n";
      for (const std::string& line : table_.footers) out_ += line + "\n";
    }
    out_ += "\n";
  }

  void AlignedExpanded() {
    int header_width = 0;
    int data_width = 0;
    for (const auto& lines : headers_) {
      for (const auto& line : lines) header_width = std::max(header_width, DisplayWidth(line));
    }
    for (const auto& row : cells_) {
      for (const auto& lines : row) {
        for (const auto& line : lines) data_width = std::max(data_width, DisplayWidth(line));
      }
    }
    const int border = options_.border;
    const auto rule = [&](const std::string& label) {
      std::string line;
      if (border == 0) {
        line = Spaces(header_width + data_width);
      } else {
        line = std::string(header_width + 1, '-') + "+" + std::string(data_width + 1, '-');
        if (border == 2) line = "+-" + line + "-+";
      }
      // The label lies over the rule, and may be longer.
      const size_t from = border == 2 ? 1 : 0;
      if (from + label.size() > line.size()) line.resize(from + label.size(), '-');
      line.replace(from, label.size(), label);
      out_ += line + "\n";
    };
    if (!Title().empty() && !options_.tuples_only) out_ += Title() + "\n";
    for (size_t r = 0; r < cells_.size(); ++r) {
      if (!options_.tuples_only) {
        rule((border == 0 ? "* Record " : "-[ RECORD ") + std::to_string(r + 1) +
             (border == 0 ? "" : " ]"));
      } else if (r > 0 || border == 2) {
        rule("");
      }
      for (size_t i = 0; i < headers_.size(); ++i) {
        const auto& lines = cells_[r][i];
        const size_t height = std::max(lines.size(), headers_[i].size());
        for (size_t l = 0; l < height; ++l) {
          const std::string name = l < headers_[i].size() ? headers_[i][l] : "";
          const std::string text = l < lines.size() ? lines[l] : "";
          const bool more = l + 1 < lines.size();
          const std::string pad = Spaces(data_width - DisplayWidth(text));
          if (border == 2) out_ += "| ";
          out_ += name + Spaces(header_width - DisplayWidth(name));
          out_ += border == 0 ? " " : " | ";
          out_ += text;
          if (more || border == 2) out_ += pad;
          if (more) out_ += "+";
          else if (border == 2) out_ += " ";
          if (border == 2) out_ += "|";
          out_ += "\n";
        }
      }
    }
    if (border == 2) rule("");
    out_ += "\n";
  }

  const TextTable& table_;
  const PrintOptions& options_;
  std::string out_;
  std::vector<int> widths_;
  std::vector<std::vector<std::string>> headers_;
  std::vector<std::vector<std::vector<std::string>>> cells_;
};

TextTable::Kind KindOf(const Type& type) {
  switch (type.id) {
    case TypeId::kSmallint:
    case TypeId::kInteger:
    case TypeId::kBigint:
    case TypeId::kDecimal:
    case TypeId::kReal:
    case TypeId::kDouble:
    case TypeId::kOid:
      return TextTable::Kind::kNumber;
    case TypeId::kBoolean:
      return TextTable::Kind::kBoolean;
    default:
      return TextTable::Kind::kText;
  }
}

}  // namespace

TextTable TextTable::Of(const ResultSet& result) {
  TextTable table;
  for (const ResultColumn& column : result.columns()) {
    table.headers.push_back(column.name);
    table.kinds.push_back(KindOf(column.type));
  }
  table.rows.reserve(result.num_rows());
  for (const Row& row : result) {
    auto& cells = table.rows.emplace_back(row.size());
    for (int i = 0; i < row.size(); ++i) {
      cells[i].is_null = row.IsNull(i);
      if (!cells[i].is_null) cells[i].text = row.Get<std::string>(i);
    }
  }
  return table;
}

std::string Print(const TextTable& table, const PrintOptions& options) {
  return Printer(table, options).Run();
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  utf8proc_ssize_t left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(bytes, left, &code_point);
    if (used <= 0) {  // not UTF-8: one column per byte
      ++width;
      ++bytes;
      --left;
      continue;
    }
    width += utf8proc_charwidth(code_point);
    bytes += used;
    left -= used;
  }
  return width;
}

bool ParseFormat(std::string_view name, Format* format) {
  for (const Format candidate : {Format::kAligned, Format::kUnaligned, Format::kCsv, Format::kJson,
                                 Format::kMarkdown}) {
    // As psql, any unambiguous beginning will do.
    if (!name.empty() && FormatName(candidate).substr(0, name.size()) == name) {
      *format = candidate;
      return true;
    }
  }
  return false;
}

std::string_view FormatName(Format format) {
  switch (format) {
    case Format::kAligned: return "aligned";
    case Format::kUnaligned: return "unaligned";
    case Format::kCsv: return "csv";
    case Format::kJson: return "json";
    case Format::kMarkdown: return "markdown";
  }
  return "";
}

}  // namespace vesto::shell
