// An ad as it plays for a session, and what is known of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/channel_view.hpp"
#include "net/node_context.hpp"
#include "net/route.hpp"
#include "net/session_cache.hpp"

namespace interlude::net {

struct playing_ad {
  const stitch::plan_item* item = nullptr;  // of `plan`
  stitch::plan_ptr plan;
  std::uint32_t number = 0;  // of the item in it
  std::size_t primary = 0;   // track, by which items are cut
  stitch::ad_break opportunity;
};

// One that the session has been told of; nullopt: there is none in its window.
std::optional<playing_ad> find_playing(const channel_view& channel, const session& s,
                                       std::string_view break_id, std::string_view item);

// What part of its ad a segment is, on the time line of the creative.
struct ad_part {
  duration from{0}, to{0}, total{0};
};

// Nullopt: there is no such segment in what plays of it.
std::optional<ad_part> part_of(const playing_ad& ad, const route& r);

// Whether it is known what the session's viewers are shown. It is not yet when the node has just
// started.
bool is_known(const channel_view& channel, const session& s);

// What is to be told of an ad, by its name in a plan; null: nothing is known of it.
tracked_ad_ptr known_ad(node_context& node, const std::string& name);

// A break, as macros tell of it.
ads::asked_break asked_of(const channel_view& channel, const stitch::ad_break& b);

}  // namespace interlude::net
