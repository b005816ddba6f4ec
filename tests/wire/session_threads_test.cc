#include "wire/session_threads.h"

#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#include "support/catch.h"

namespace vesto::wire {
namespace {

using std::chrono::milliseconds;

// `count` tasks that are all running at one time before the first of them ends.
void Burst(SessionThreads& threads, int count) {
  const auto running = std::make_shared<std::latch>(count);
  std::vector<std::future<void>> ended;
  for (int i = 0; i < count; ++i) {
    const auto task = std::make_shared<std::packaged_task<void()>>([running] { running->arrive_and_wait(); });
    ended.push_back(task->get_future());
    threads.Post([task] { (*task)(); });
  }
  for (const auto& end : ended) end.wait();
}

}  // namespace

TEST_CASE("the threads of a burst end, though there is always a little to do", "[wire]") {
  constexpr int kBurst = 20;
  SessionThreads threads(100, nullptr, milliseconds(200));
  Burst(threads, kBurst);
  REQUIRE(threads.num_threads() >= kBurst);
  // If the tasks went round all of them, each would have one every 40 ms.
  for (int i = 0; i < 2000 && threads.num_threads() > 2; ++i) {
    Burst(threads, 1);
    std::this_thread::sleep_for(milliseconds(2));
  }
  CHECK(threads.num_threads() <= 2);
  Burst(threads, kBurst);
  CHECK(threads.num_threads() >= kBurst);
}

TEST_CASE("no more threads than are allowed run all tasks", "[wire]") {
  SessionThreads threads(2);
  for (int i = 0; i < 100; ++i) Burst(threads, 1);
  Burst(threads, 2);
  CHECK(threads.num_threads() <= 2);
}

}  // namespace vesto::wire
