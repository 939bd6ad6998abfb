// Transport streams packet by packet, with pictures that are nothing but their time.
#pragma once

#include <cstdint>
#include <vector>

#include "media/core/crc32_mpeg2.hpp"
#include "media/ts/section_writer.hpp"
#include "media/ts/ts_packet.hpp"

namespace interlude::test {

class ts_stream {
 public:
  static constexpr std::uint16_t pmt_pid = 0x1000, video_pid = 0x100, cue_pid = 0x1F0;

  // Tables: a programme of one AVC stream, and of SCTE-35 if `cues`.
  ts_stream& tables(bool cues = true) {
    put(ts::packets_of(
        std::vector<bytes>{sealed({0x00, 0xB0, 0x0D, 0x00, 0x01, 0xC1, 0x00, 0x00, 0x00, 0x01,
                                   0xE0 | pmt_pid >> 8, pmt_pid & 0xFF})},
        0, pat_));
    auto pmt = sealed({0x02, 0xB0, 0x12, 0x00, 0x01, 0xC1, 0x00, 0x00, 0xE0 | video_pid >> 8,
                       video_pid & 0xFF, 0xF0, 0x00, 0x1B, 0xE0 | video_pid >> 8, video_pid & 0xFF,
                       0xF0, 0x00});
    if (cues) pmt = ts::with_cue_stream(pmt, cue_pid).value();
    put(ts::packets_of(std::vector<bytes>{pmt}, pmt_pid, pmt_));
    return *this;
  }

  // The first packet of a picture; `key` begins an IDR.
  ts_stream& picture(std::uint64_t pts, bool key = false) {
    bit_writer pes;
    pes.put(0x000001E0, 32);
    pes.put(0, 16);
    pes.put(0x80, 8);
    pes.put(0x80, 8);
    pes.put(5, 8);
    pes.put(2, 4);
    pes.put(pts >> 30, 3);
    pes.put(1, 1);
    pes.put(pts >> 15, 15);
    pes.put(1, 1);
    pes.put(pts, 15);
    pes.put(1, 1);
    pes.put(0x00000109F0, 40);  // access unit delimiter
    pes.put(key ? 0x00000165 : 0x00000141, 32);
    auto content = pes.take();
    content.resize(ts::packet_size - 4, 0xAB);
    bytes packet{ts::sync_byte, 0x40 | video_pid >> 8, video_pid & 0xFF,
                 static_cast<std::uint8_t>(0x10 | (video_++ & 0x0F))};
    packet.insert(packet.end(), content.begin(), content.end());
    return put(packet);
  }

  ts_stream& sections(const std::vector<bytes>& s) { return put(ts::packets_of(s, cue_pid, cue_)); }
  ts_stream& put(const bytes& more) {
    data_.insert(data_.end(), more.begin(), more.end());
    return *this;
  }
  bytes take() { return std::exchange(data_, {}); }

 private:
  static bytes sealed(bytes section) {
    const auto crc = crc32_mpeg2(section);
    for (int shift = 24; shift >= 0; shift -= 8)
      section.push_back(static_cast<std::uint8_t>(crc >> shift));
    return section;
  }

  bytes data_;
  std::uint8_t pat_ = 0, pmt_ = 0, video_ = 0, cue_ = 0;
};

}  // namespace interlude::test
