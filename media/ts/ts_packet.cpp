#include "media/ts/ts_packet.hpp"

namespace interlude::ts {

std::optional<ts_packet> read_ts_packet(byte_view data) noexcept {
  if (data.size() < packet_size || data[0] != sync_byte) return std::nullopt;
  ts_packet p;
  p.damaged = (data[1] & 0x80) != 0;
  p.starts_unit = (data[1] & 0x40) != 0;
  p.pid = static_cast<std::uint16_t>((data[1] & 0x1F) << 8 | data[2]);
  p.scrambled = (data[3] & 0xC0) != 0;
  p.has_payload = (data[3] & 0x10) != 0;
  p.continuity = data[3] & 0x0F;
  std::size_t header = 4;
  if ((data[3] & 0x20) != 0) {
    const std::size_t length = data[4];
    header += 1 + length;
    if (header > packet_size) return std::nullopt;
    if (length > 0) {
      p.discontinuity = (data[5] & 0x80) != 0;
      p.random_access = (data[5] & 0x40) != 0;
    }
  }
  if (p.has_payload) p.payload = data.first(packet_size).subspan(header);
  return p;
}

}  // namespace interlude::ts
