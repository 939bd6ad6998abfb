// Puts splice messages into a transport stream: what an encoder does, and the origin to try the
// node with.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "media/core/bits.hpp"

namespace interlude::ts {

// Packets of one PID that carry these sections back to back; the first one starts a unit.
// `continuity` is the counter of the next packet, and is moved on.
bytes packets_of(std::span<const bytes> sections, std::uint16_t pid, std::uint8_t& continuity);

// The PMT with one more stream: SCTE-35 (type 0x86, registration "CUEI") on `pid`. Nullopt if
// `section` is no PMT, or would no longer fit.
std::optional<bytes> with_cue_stream(byte_view section, std::uint16_t pid);

}  // namespace interlude::ts
