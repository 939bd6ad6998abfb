// Whose turn it is: jobs that wait for ffmpeg, in a fair order.
//
// The operator's own (house ads, slate) go first, always. Ad servers' take turns by the host that
// the media comes from; when there is no more room the host with the most waiting gives up its
// latest, so that a flood of one hurts that one only. Plain object.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace interlude {

class job_queue {
 public:
  // `capacity` is for ad servers' jobs; and for the operator's own, beside them.
  explicit job_queue(std::size_t capacity = 256) : capacity_(capacity) {}

  struct outcome {
    bool taken = true;
    std::optional<std::string> dropped;  // another job, to make room for this one
  };
  // An empty host: the operator's own.
  outcome push(const std::string& host, std::string job);
  // The next one; nullopt when none waits.
  std::optional<std::string> pop();
  bool empty() const noexcept { return own_.empty() && others_.empty(); }

 private:
  std::size_t capacity_;
  std::deque<std::string> own_;
  std::map<std::string, std::deque<std::string>> others_;  // by host; none is empty
  std::size_t count_ = 0;                                  // of others_
  std::string served_;                                     // the host whose turn it was last
};

}  // namespace interlude
