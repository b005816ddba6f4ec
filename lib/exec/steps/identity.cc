#include "exec/steps/identity.h"

#include <limits>

#include "base/status_macros.h"
#include "exec/storage_access.h"

namespace vesto::exec {
namespace {

using column::Batch;
using column::Vector;

class Identity : public Step {
 public:
  Identity(const physical::IdentitySpec& spec, std::unique_ptr<Step> input,
           const StepContext& context)
      : spec_(spec), input_(std::move(input)), context_(context) {}

  absl::StatusOr<Progress> Next(Batch* out) override {
    VESTO_ASSIGN_OR_RETURN(const Progress progress, input_->Next(out));
    if (progress != Progress::kBatch) return progress;
    for (const physical::IdentitySpec::Item& item : spec_.items) {
      VESTO_ASSIGN_OR_RETURN(Vector values, Generate(item, *out));
      out->columns.push_back(std::move(values));
    }
    return Progress::kBatch;
  }

 private:
  absl::StatusOr<Vector> Generate(const physical::IdentitySpec::Item& item, const Batch& batch) {
    const catalog::ColumnEntry& column = spec_.table->columns[item.table_column];
    wanted_.assign(batch.rows, 1);
    int count = batch.rows;
    Vector given;
    if (item.flag >= 0) {
      const Vector flags = batch.columns[item.flag].Flatten(batch.rows);
      for (int i = 0; i < batch.rows; ++i) {
        wanted_[i] = !flags.IsNull(i) && flags.data<uint8_t>()[i] != 0 ? 1 : 0;
        count -= 1 - wanted_[i];
      }
      given = batch.columns[item.value].Flatten(batch.rows);
    }
    if (count == 0) return given;
    int128_t next = context_.query->storage->identity(column, count);
    Vector values = Vector::Flat(column.type, types::DefaultPhysicalType(column.type), batch.rows);
    if (values.physical() == types::PhysicalType::kInt32) {
      VESTO_RETURN_IF_ERROR(Fill<int32_t>(given, batch.rows, next, column.identity_step, &values));
    } else {
      VESTO_RETURN_IF_ERROR(Fill<int64_t>(given, batch.rows, next, column.identity_step, &values));
    }
    return values;
  }

  template <typename T>
  absl::Status Fill(const Vector& given, int rows, int128_t next, int64_t step, Vector* values) {
    T* data = values->mutable_data<T>();
    for (int i = 0; i < rows; ++i) {
      if (wanted_[i] == 0) {
        data[i] = given.data<T>()[i];
        if (!given.IsNull(i)) continue;
        values->MutableNulls(rows);
        values->SetNull(i);
        continue;
      }
      if (next < std::numeric_limits<T>::min() || next > std::numeric_limits<T>::max()) {
        return SqlError(SqlState::kNumericValueOutOfRange,
                        sizeof(T) == 4 ? "Value out of range for 4 bytes."
                                       : "Value out of range for 8 bytes.");
      }
      data[i] = static_cast<T>(next);
      next += step;
    }
    return absl::OkStatus();
  }

  const physical::IdentitySpec& spec_;
  const std::unique_ptr<Step> input_;
  const StepContext context_;
  std::vector<uint8_t> wanted_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Step>> MakeIdentity(const physical::IdentitySpec& spec,
                                                   const physical::Step& step,
                                                   std::unique_ptr<Step> input,
                                                   const StepContext& context) {
  return std::make_unique<Identity>(spec, std::move(input), context);
}

}  // namespace vesto::exec
