// Moves an MPEG transport stream segment in time, so that a loop of segments plays as one endless
// stream.
//
// PTS, DTS and PCR are shifted modulo 2^33 (90 kHz), continuity counters go on from where the
// caller says. Pure functions over whole 188-byte packets.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>

namespace interlude::origin {

// Packets with payload per PID: what a segment advances each continuity counter by.
using packet_counts = std::map<std::uint16_t, std::uint64_t>;
packet_counts count_packets(const std::string& segment);

// `offset` in 90 kHz ticks; `before` gives, per PID, the number of payload packets sent before this
// segment.
void retime_ts(std::string& segment, std::int64_t offset, const packet_counts& before);

}  // namespace interlude::origin
