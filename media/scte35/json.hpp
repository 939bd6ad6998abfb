// A splice_info_section for people and scripts: one JSON object whose fields have the
// specification's names.
//
// Times in ticks of 90 kHz are written in seconds, to the microsecond (each names exactly one
// tick); pts_time is as in the message, pts_adjustment beside it not yet added. Ids of segmentation
// events, tier and bytes are hexadecimal text; a segmentation_upid is text or an object where its
// type says so (Table 22). What the message does not have is not there.
#pragma once

#include <boost/json/object.hpp>

#include "media/scte35/splice_info.hpp"

namespace interlude::scte35 {

boost::json::object to_json(const splice_info_section& section);

// A UPID as to_json writes it: text, an object or an array.
boost::json::value to_json(const segmentation_upid& upid);

// Table 23: "Provider Placement Opportunity Start"; "Reserved" for what it does not list.
const char* segmentation_type_name(std::uint8_t segmentation_type_id) noexcept;
// Table 22: "EIDR".
const char* segmentation_upid_type_name(std::uint8_t segmentation_upid_type) noexcept;

}  // namespace interlude::scte35
