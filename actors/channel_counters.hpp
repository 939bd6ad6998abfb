// What a channel counts, for the metrics. Counted since the start; written by its actor, but for
// the sessions.
//
// A plan stands for one audience, however many viewers it has: what is planned is counted once for
// each audience and break (and pre-roll).
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>

#include "actors/histogram.hpp"

namespace interlude {

struct decision_story;

// Whose ads a plan has; the first that holds.
enum class plan_tier : std::uint8_t { ads, service, house, slate, content };
inline constexpr std::array plan_tier_names{"ads", "service", "house", "slate", "content"};

// What fills a break.
enum class break_fill : std::uint8_t { ads, slate, bumpers, content };
inline constexpr std::array break_fill_names{"ads", "slate", "bumpers", "content"};

struct channel_counters {
  using count = std::atomic<std::uint64_t>;
  using steady_time = std::chrono::steady_clock::time_point;

  count sessions{0};                          // started
  count origin_reads{0}, origin_failures{0};  // of the origin's playlists
  std::atomic<steady_time> origin_good_at{
      steady_time{}};  // the last good one; before it, the actor's start
  duration_histogram origin_took;
  count breaks{0};  // for which something was planned
  std::array<count, plan_tier_names.size()> plans{};
  std::array<count, break_fill_names.size()> planned_milliseconds{};
  mailbox_histogram mailbox;
};

plan_tier tier_of(const decision_story& story);

// Of a pre-roll nothing is left to content: it is as long as its ads.
void count_plan(channel_counters& counters, const decision_story& story);

}  // namespace interlude
