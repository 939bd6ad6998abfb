// Reads what a node wants to know of a rendition's transport stream, segment by segment: when its
// pictures are, and which splice messages are in it.
//
// State goes on from segment to segment (tables, sections that are cut between segments, continuity
// counters); reset() where the stream begins anew. Bad packets are passed over and counted, never
// an error. Pure; one owner.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "media/ts/program_map.hpp"
#include "media/ts/section_assembler.hpp"

namespace interlude::ts {

struct picture_time {
  std::uint64_t pts = 0;       // 90 kHz, 33 bits
  bool random_access = false;  // decoding can begin here
};

struct splice_message {
  bytes section;  // a splice_info_section, not decoded
  // Of the latest picture that began before it: where an immediate splice happens.
  std::optional<std::uint64_t> near_pts;
};

struct ts_segment {
  std::vector<picture_time> pictures;  // in the order of the stream
  std::vector<splice_message> messages;
  std::size_t bad_packets = 0;

  // The earliest of the pictures before which nothing is shown: where the segment begins.
  std::optional<std::uint64_t> first_pts() const;
};

class ts_reader {
 public:
  ts_segment read(byte_view segment);
  void reset();

 private:
  void read_packet(const ts_packet& p, ts_segment& out);
  void read_tables(const ts_packet& p);
  void read_picture(const ts_packet& p, ts_segment& out) const;

  section_assembler pat_, pmt_;
  std::optional<std::uint16_t> pmt_pid_;
  program_map map_;
  std::map<std::uint16_t, section_assembler> cues_;
};

}  // namespace interlude::ts
