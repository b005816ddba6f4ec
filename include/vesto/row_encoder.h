#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "vesto/batch.h"
#include "vesto/status.h"
#include "vesto/type.h"

namespace vesto {

namespace column {
class FieldEncoder;
}  // namespace column

// How a client wants to see a value, or sends one: the format codes of PostgreSQL's protocol.
enum class ValueForm : int16_t { kText = 0, kBinary = 1 };

// Whose binary forms. Amazon's drivers read NUMERIC as a big-endian two's complement integer whose
// scale stands in the type modifier; PostgreSQL's has digits to the base 10,000.
// Source: redshift_connector; PostgreSQL, "Message Formats" and the send functions of its types.
enum class BinaryDialect : uint8_t { kPostgres, kAmazon };

// Writes rows of a result as the fields of PostgreSQL's DataRow message: for each column a
// big-endian int32 length (-1 for NULL) and the value's bytes. Dates, times and numbers in text
// follow the settings that the session had when the encoder was made (Session::NewRowEncoder).
// Movable. One thread at a time.
class RowEncoder {
 public:
  explicit RowEncoder(std::unique_ptr<column::FieldEncoder> impl);
  RowEncoder(RowEncoder&&) noexcept;
  RowEncoder& operator=(RowEncoder&&) noexcept;
  ~RowEncoder();

  // The batch that AppendRow reads from; shares its memory until the next Load.
  void Load(Batch batch);
  // Appends the fields of row `row` < batch.num_rows() to `out`.
  void AppendRow(int row, std::string* out) const;

 private:
  std::unique_ptr<column::FieldEncoder> impl_;
};

// What RowDescription and ParameterDescription say of a type.
// Source: redshift/types.md §1; PostgreSQL's pg_type.
int32_t ProtocolOid(const Type& type);
int16_t ProtocolSize(const Type& type);  // bytes of fixed-size types, -1 for others
int32_t ProtocolModifier(const Type& type);  // -1: none

// The type that a client means by an OID in Parse; an unknown type for 0, 705 and OIDs that have no
// counterpart here, so that the parameter takes its type from its context.
Type TypeOfProtocolOid(int32_t oid);

// 22021 for a name or text of a client that is not UTF-8.
Status CheckClientText(std::string_view text);

}  // namespace vesto
