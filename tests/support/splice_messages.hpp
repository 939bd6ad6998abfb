// SCTE-35 messages in one line each, as playlists carry them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "media/scte35/encode.hpp"

namespace interlude::test {

inline scte35::splice_insert insert_event(std::uint32_t id, bool out,
                                          std::optional<duration> planned = std::nullopt,
                                          bool auto_return = true) {
  scte35::splice_insert e;
  e.splice_event_id = id;
  e.out_of_network_indicator = out;
  e.splice_immediate_flag = true;
  if (planned)
    e.break_duration = scte35::break_duration{auto_return, 0x3F, scte35::to_ticks(*planned)};
  return e;
}

inline scte35::splice_descriptor segmentation(std::uint32_t id, std::uint8_t type,
                                              std::optional<duration> planned = std::nullopt,
                                              bool web_delivery = true) {
  scte35::segmentation_descriptor d;
  d.segmentation_event_id = id;
  d.segmentation_type_id = type;
  if (planned) d.segmentation_duration = scte35::to_ticks(*planned);
  if (!web_delivery) d.restrictions = scte35::delivery_restrictions{false, true, true, 3};
  scte35::splice_descriptor out;
  out.splice_descriptor_tag = 2;
  out.content = d;
  return out;
}

inline scte35::splice_info_section message(scte35::splice_command command,
                                           std::vector<scte35::splice_descriptor> d = {},
                                           std::uint16_t tier = 0xFFF) {
  scte35::splice_info_section s;
  s.command = std::move(command);
  s.descriptors = std::move(d);
  s.tier = tier;
  return s;
}

inline std::string base64(const scte35::splice_info_section& s) {
  return scte35::encode_base64(s).value();
}

// A time_signal with these descriptors.
inline std::string signal_text(std::vector<scte35::splice_descriptor> d,
                               std::uint16_t tier = 0xFFF) {
  return base64(message(scte35::time_signal{}, std::move(d), tier));
}
inline std::string insert_text(std::uint32_t id, bool out,
                               std::optional<duration> planned = std::nullopt,
                               bool auto_return = true) {
  return base64(message(insert_event(id, out, planned, auto_return)));
}

}  // namespace interlude::test
