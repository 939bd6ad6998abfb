// Puts the sections of one PID together (ISO/IEC 13818-1 2.4.4): several in a packet, one over many
// packets, however the segments of a rendition cut between them.
//
// Packets must come in order. A lost packet (a jump of the continuity counter) drops the section it
// was part of; a repeated packet is passed over. Bounded: a section has at most 4,096 bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/ts/ts_packet.hpp"

namespace interlude::ts {

class section_assembler {
 public:
  // The sections that are complete with this packet. Stuffing (table id 0xFF) is none.
  std::vector<bytes> feed(const ts_packet& p);
  // The stream begins anew: nothing is missing, and nothing goes on.
  void reset();

  std::uint64_t lost() const noexcept { return lost_; }  // jumps of the counter

 private:
  void append(byte_view data, std::vector<bytes>& out);

  bytes partial_;
  bytes last_payload_;
  bool collecting_ = false;
  std::optional<std::uint8_t> continuity_;
  std::uint64_t lost_ = 0;
};

}  // namespace interlude::ts
