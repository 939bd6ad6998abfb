// What a SCTE-35 message means for a linear break: it starts one, ends one, takes one back, or
// marks a boundary of the programme that no break crosses.
//
// One message may say several things, one per segmentation_descriptor; they are told in the order
// of the message. What says nothing about linear breaks (overlays, chapters, bandwidth reservation,
// splice_schedule, which only foretells what a splice_insert will say) gives no signal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "media/scte35/splice_info.hpp"

namespace interlude::scte35 {

struct signal_policy {
  // Segmentation types that start a break; the type after each ends it. Break, advertisements and
  // placement opportunities; ad blocks (0x44, 0x46) and promos (0x3C, 0x3E) on request.
  std::vector<std::uint8_t> segmentation_types{0x22, 0x30, 0x32, 0x34, 0x36};
  // Whose messages are meant for us (9.6.1: authorization tier); 0xFFF in a message means
  // everybody.
  std::optional<std::uint16_t> tier;
};

enum class signal_kind : std::uint8_t { out, in, cancel, boundary };

// How a break nests: what is further out holds what is further in (Table 23 and section 10.3.3.5).
enum class signal_rank : std::uint8_t { insert, whole_break, ad_block, opportunity, advertisement };

struct signal {
  signal_kind kind = signal_kind::out;
  signal_rank rank = signal_rank::insert;
  std::string event_id;  // "splice-17", "segmentation-17": the two are not the same event
  std::uint8_t segmentation_type = 0;  // of the start, also where it ends; 0: splice_insert
  std::optional<std::uint64_t> pts;    // adjusted, 33 bits; nullopt: at once
  std::optional<duration> planned;     // of an out
  bool waits_for_in = false;           // auto_return = 0: `planned` is a hint
  bool web_delivery_allowed = true;
  segmentation_upid upid;

  friend bool operator==(const signal&, const signal&) = default;
};

std::vector<signal> signals_of(const splice_info_section& section, const signal_policy& policy);

}  // namespace interlude::scte35
