// What is added to which counter, and what counters are called.
//
// A counter belongs to a channel and an hour. Its name is a kind and up to five parts, zeros
// between them: what it counts, and of whom. Parts that others chose (ids of ads) are cut to a
// length, with a hash in the place of the rest. Pure, but for add().
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/beacon/beacon_sink.hpp"
#include "storage/counter_table.hpp"

namespace interlude {

enum class counter_kind : char {
  event = 'e',   // whose pixels, tier, ad, creative, event
  shown = 'm',   // microseconds: whose pixels, tier, ad, creative
  avail = 'b',   // of a decision for a break: tier, measure
  server = 's',  // of an ad server: its host, measure, detail
};

// Microseconds, but for the first.
namespace avail_measure {
inline constexpr std::string_view avails = "avails", wanted = "wanted", slate = "slate",
                                  bumpers = "bumpers", content = "content";
inline constexpr std::string_view filled = "filled";  // with a tier
}  // namespace avail_measure

namespace server_measure {
// What came of questions: ads, no ad, no answer in time, no answer that can be used; or no time was
// left to ask.
inline constexpr std::string_view answers = "answers", empty = "empty", timeouts = "timeouts",
                                  errors = "errors", passed_over = "passedOver";
inline constexpr std::string_view requests = "requests";  // those for wrappers are among them
inline constexpr std::string_view latency = "latency";    // detail: the bucket's number
inline constexpr std::string_view vast_error = "error";   // detail: the code
}  // namespace server_measure

struct counter_name {
  static constexpr std::size_t most_parts = 5;
  counter_kind kind = counter_kind::event;
  std::array<std::string_view, most_parts> parts;  // those that it has not are empty
};

// In the place of an ad and its creative where an hour has too many of them.
inline constexpr std::string_view other_ads = "(other)";
// Whose pixels, as sessions call it (docs/tracking.md).
inline constexpr std::string_view tracked_by_server = "server", tracked_by_client = "client";

std::string write_counter(counter_kind kind, const std::vector<std::string_view>& parts);
// Views into `name`; of another version it may be anything.
counter_name read_counter(std::string_view name);

// Something to be added to a counter.
struct tally {
  std::string channel;  // "org/channel"
  storage::hour when{};
  std::string name;
  std::string otherwise;  // where there is no room for another name; empty: this one is of few
  std::uint64_t count = 1;
};

// What an event comes to that happens at that time.
std::vector<tally> tallies_of(const counted_event& e, instant at);

// Inside of a write transaction.
void add(const storage::counter_table& counters, storage::transaction& t, const tally& what);

}  // namespace interlude
