// A tracking request as the outbox keeps it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/beacon/beacon_sink.hpp"
#include "media/core/result.hpp"

namespace interlude {

struct beacon_record {
  beacon what;
  instant accepted{};
  std::uint64_t attempts = 0;  // that have failed
  std::string problem;         // of the last one
};

// Personal data is in it: it is for the store, and no log.
std::string write_beacon(const beacon_record& record);
result<beacon_record> read_beacon(std::string_view text);

// The same as it stands in the outbox, for those who have thousands of them in memory and look at
// little of each. What it tells are views into it.
class packed_beacon {
 public:
  explicit packed_beacon(const beacon_record& record);
  static result<packed_beacon> read(std::string text);  // only what can be read as a whole

  const std::string& text() const noexcept { return text_; }
  instant accepted() const noexcept { return accepted_; }
  std::uint64_t attempts() const noexcept { return attempts_; }
  std::string_view url() const;
  std::string_view channel() const;
  std::vector<std::pair<std::string, std::string>> headers() const;
  beacon_record unpack() const { return *read_beacon(text_); }

 private:
  packed_beacon(std::string text, instant accepted, std::uint64_t attempts)
      : text_(std::move(text)), accepted_(accepted), attempts_(attempts) {}

  std::string text_;
  instant accepted_{};
  std::uint64_t attempts_ = 0;
};

// The queue of the outbox in which it stands: that of its host and port, with the scheme.
std::uint64_t queue_of(std::string_view url);

}  // namespace interlude
