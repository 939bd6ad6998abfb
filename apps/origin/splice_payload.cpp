#include "apps/origin/splice_payload.hpp"

#include "media/scte35/encode.hpp"

namespace interlude::origin {

scte35::splice_info_section splice_insert(std::uint32_t event_id, bool out_of_network, duration pts,
                                          duration length) {
  scte35::splice_insert event;
  event.splice_event_id = event_id;
  event.out_of_network_indicator = out_of_network;
  event.when.pts_time = scte35::to_ticks(pts) % scte35::pts_modulus;
  if (length.count() > 0)
    event.break_duration = scte35::break_duration{true, 0x3F, scte35::to_ticks(length)};
  event.unique_program_id = 1;
  scte35::splice_info_section section;
  section.command = std::move(event);
  return section;
}

}  // namespace interlude::origin
