#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/mutex.h"
#include "exec/step.h"

// Rows on their way between slices, or to the leader: bounded queues from every place to every
// place of the segments that send and receive.
namespace vesto::exec {

// Thread-safety: thread-safe. A batch is handed over whole, with its pins.
class Exchange : public State {
 public:
  // Batches that one sender may have waiting at one receiver.
  static constexpr size_t kMaxQueued = 16;

  Exchange(int num_places, Waker* waker);

  // Before its stream starts: a sink at `place` will send.
  void AddSenderAt(int place);

  bool CanSend(int from, int to) const;
  void Send(int from, int to, column::Batch batch);
  // `to` takes no more: what is there and what is still sent to it is dropped.
  void Close(int to);
  void SenderDone(int from);

  // The next batch for `to` from any place. kDone when no sender is left.
  Progress Receive(int to, column::Batch* out);
  // The next batch for `to` from one place. kDone when that place will send no more.
  Progress ReceiveFrom(int from, int to, column::Batch* out);

  int64_t rows() const { return rows_.load(std::memory_order_relaxed); }
  int64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  // First in, first out.
  class Queue {
   public:
    size_t size() const { return batches_.size() - first_; }
    void Push(column::Batch batch);
    bool Pop(column::Batch* out);  // false: it is empty

   private:
    std::vector<column::Batch> batches_;
    size_t first_ = 0;
  };
  struct Inbox {
    mutable base::Mutex mutex;
    std::vector<Queue> from ABSL_GUARDED_BY(mutex);  // empty until something is sent
    size_t next ABSL_GUARDED_BY(mutex) = 0;          // where the next Receive looks first
    bool closed ABSL_GUARDED_BY(mutex) = false;
  };

  const int num_places_;
  Waker* const waker_;
  const std::unique_ptr<Inbox[]> inboxes_;
  const std::unique_ptr<std::atomic<int>[]> senders_at_;  // sinks still sending, by place
  std::atomic<int> senders_{0};
  std::atomic<int64_t> rows_{0}, bytes_{0};
};

absl::StatusOr<std::unique_ptr<Sink>> MakeSendSink(const physical::SendSpec& spec,
                                                   const physical::Step& step,
                                                   const Layout& layout,
                                                   const StepContext& context);
absl::StatusOr<std::unique_ptr<Step>> MakeReceive(const physical::ReceiveSpec& spec,
                                                  const physical::Step& step,
                                                  const StepContext& context);

}  // namespace vesto::exec
