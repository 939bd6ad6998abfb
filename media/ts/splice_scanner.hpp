// Splice messages out of a transport stream that comes in pieces of any size, and does not end.
//
// Packets are put together over the borders of pieces. What is no packet is passed over until three
// sync bytes in a row stand where they should; a stream that is lost for 64 KiB is none. Bounded
// memory, whatever comes. Pure; one owner.
#pragma once

#include <cstdint>
#include <vector>

#include "media/ts/ts_reader.hpp"

namespace interlude::ts {

class splice_scanner {
 public:
  // The splice_info_sections that are complete with this piece, not decoded.
  std::vector<bytes> feed(byte_view piece);

  std::uint64_t packets() const noexcept { return packets_; }
  // False for good once too much has come that is no packet.
  bool is_stream() const noexcept { return lost_bytes_ <= max_lost_bytes; }

 private:
  static constexpr std::size_t max_lost_bytes = 64 * 1024;

  std::size_t find_sync(std::size_t from) const;

  ts_reader reader_;
  bytes pending_;  // less than a packet, or a few while sync is sought
  bool in_sync_ = true;
  std::size_t lost_bytes_ = 0;  // since the last packet
  std::uint64_t packets_ = 0;
};

}  // namespace interlude::ts
