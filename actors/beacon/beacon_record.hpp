// A tracking request as the outbox keeps it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "actors/beacon/beacon_sink.hpp"
#include "media/core/result.hpp"

namespace interlude {

struct beacon_record {
  beacon what;
  instant accepted{};
  std::uint64_t attempts = 0;  // that have failed
  std::string problem;         // of the last one
};

// JSON. Personal data is in it: it is for the store, and no log.
std::string write_beacon(const beacon_record& record);
result<beacon_record> read_beacon(std::string_view text);

// The queue of the outbox in which it stands: that of its host and port, with the scheme.
std::uint64_t queue_of(std::string_view url);

}  // namespace interlude
