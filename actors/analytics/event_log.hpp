// Events that have happened, a line of JSON each, in files for a data warehouse.
//
// A thread of its own writes them; who hands them over never waits for a disk. Lines for which
// there is no room are dropped, and counted: what is billed is in the counters. A kill loses what
// was handed over in its last moments. Thread-safe.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "actors/analytics/rotated_file.hpp"
#include "actors/beacon/beacon_sink.hpp"

namespace interlude {

struct happened_event {
  counted_event what;
  instant at{};
};

// {"time":...,"org":...,"channel":...,"session":...,"break":...,"ad":...,"creative":...,"event":...,
// "tier":...,"tracking":...} and a newline. The session's public id is in it; nothing else
// personal.
std::string event_line(const happened_event& e);

class event_log {
 public:
  static constexpr std::size_t most_waiting = 100'000;

  // `clock` tells when a day is over.
  static result<std::shared_ptr<event_log>> open(const rotated_file_options& options,
                                                 std::function<instant()> clock);
  event_log(rotated_file file, std::function<instant()> clock);
  ~event_log() { close(); }
  event_log(const event_log&) = delete;
  event_log& operator=(const event_log&) = delete;

  void add(std::vector<happened_event> events);
  // Writes what waits, finishes the file, and takes no more.
  void close();

  std::uint64_t dropped() const;

 private:
  void run();
  void write(const std::vector<happened_event>& events);
  void note(const result<bool>& done, std::size_t events);

  rotated_file file_;
  std::function<instant()> clock_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<happened_event> waiting_;
  bool closed_ = false;
  std::uint64_t dropped_ = 0, told_ = 0;  // told: of those that were dropped, in the node's log
  bool failing_ = false;                  // of the thread's
  std::thread thread_;
};

}  // namespace interlude
