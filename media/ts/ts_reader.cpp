#include "media/ts/ts_reader.hpp"

#include <algorithm>

namespace interlude::ts {

namespace {

constexpr std::size_t max_messages = 256;   // of one segment
constexpr std::size_t max_pictures = 4096;  // likewise; 120 pictures a second for half a minute

// 2.4.3.7: 3, 15 and 15 bits with marker bits between.
std::uint64_t read_timestamp(byte_view p) {
  bit_reader in{p};
  in.take(4);
  auto value = in.take(3);
  in.take(1);
  value = value << 15 | in.take(15);
  in.take(1);
  return value << 15 | in.take(15);
}

std::optional<std::uint64_t> pts_of(byte_view pes) {
  if (pes.size() < 14 || pes[0] != 0 || pes[1] != 0 || pes[2] != 1) return std::nullopt;
  const bool has_pts = (pes[7] & 0x80) != 0;
  if (!has_pts) return std::nullopt;
  return read_timestamp(pes.subspan(9));
}

// Whether the picture that begins in these bytes of a PES packet is an IDR (AVC) or IRAP (HEVC):
// for encoders that do not set random_access_indicator. Parameter sets and delimiters come before
// it.
bool begins_with_random_access(byte_view pes, std::uint8_t stream_type) {
  if (stream_type != 0x1B && stream_type != 0x24) return false;
  for (std::size_t i = 9; i + 3 < pes.size(); ++i) {
    if (pes[i] != 0 || pes[i + 1] != 0 || pes[i + 2] != 1) continue;
    if (stream_type == 0x1B) {
      const auto type = pes[i + 3] & 0x1F;
      if (type == 5) return true;
      if (type >= 1 && type <= 4) return false;
    } else {
      const auto type = pes[i + 3] >> 1 & 0x3F;
      if (type >= 16 && type <= 23) return true;
      if (type < 16) return false;
    }
  }
  return false;
}

// The next sync byte that another one follows a packet later; the end of the data if there is none.
std::size_t find_sync(byte_view data, std::size_t from) {
  for (auto at = from; at + packet_size <= data.size(); ++at)
    if (data[at] == sync_byte &&
        (at + packet_size == data.size() || data[at + packet_size] == sync_byte))
      return at;
  return data.size();
}

}  // namespace

std::optional<std::uint64_t> ts_segment::first_pts() const {
  if (pictures.empty()) return std::nullopt;
  // Pictures come in decoding order; those that are shown before the first are few and near.
  auto first = pictures.front().pts;
  for (std::size_t i = 1; i < std::min<std::size_t>(pictures.size(), 16); ++i) {
    const auto earlier = (first - pictures[i].pts) & ((std::uint64_t{1} << 33) - 1);
    if (earlier > 0 && earlier < 90'000) first = pictures[i].pts;
  }
  return first;
}

void ts_reader::reset() {
  *this = ts_reader{};
}

void ts_reader::read_tables(const ts_packet& p) {
  if (p.pid == 0)
    for (const auto& section : pat_.feed(p))
      if (const auto pid = first_program_map_pid(section); pid && pid != pmt_pid_) {
        pmt_pid_ = pid;
        pmt_.reset();
      }
  if (p.pid != pmt_pid_) return;
  for (const auto& section : pmt_.feed(p)) {
    auto map = read_program_map(section);
    if (!map) continue;
    map_ = *std::move(map);
    std::erase_if(cues_, [&](const auto& entry) {
      return std::find(map_.cues.begin(), map_.cues.end(), entry.first) == map_.cues.end();
    });
    for (const auto pid : map_.cues) cues_.try_emplace(pid);
  }
}

void ts_reader::read_picture(const ts_packet& p, ts_segment& out) const {
  if (!p.starts_unit || p.scrambled || p.damaged || out.pictures.size() >= max_pictures) return;
  const auto pts = pts_of(p.payload);
  if (!pts) return;
  const bool entry =
      p.random_access || begins_with_random_access(p.payload, map_.video_stream_type);
  out.pictures.push_back({*pts, entry});
}

void ts_reader::read_packet(const ts_packet& p, ts_segment& out) {
  if (p.pid == 0 || p.pid == pmt_pid_) return read_tables(p);
  if (p.pid == map_.video) return read_picture(p, out);
  const auto cue = cues_.find(p.pid);
  if (cue == cues_.end()) return;
  for (auto& section : cue->second.feed(p)) {
    if (out.messages.size() >= max_messages) return;
    const auto near = out.pictures.empty() ? std::nullopt : std::optional{out.pictures.back().pts};
    out.messages.push_back({std::move(section), near});
  }
}

ts_segment ts_reader::read(byte_view segment) {
  ts_segment out;
  for (std::size_t at = 0; at + packet_size <= segment.size();) {
    const auto p = read_ts_packet(segment.subspan(at, packet_size));
    if (p) {
      read_packet(*p, out);
      at += packet_size;
    } else {
      ++out.bad_packets;
      at = segment[at] == sync_byte ? at + packet_size : find_sync(segment, at);
    }
  }
  return out;
}

}  // namespace interlude::ts
