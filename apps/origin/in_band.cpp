#include "apps/origin/in_band.hpp"

#include <algorithm>
#include <vector>

#include "apps/origin/live_window.hpp"
#include "apps/origin/splice_payload.hpp"
#include "media/cmaf/box_writer.hpp"
#include "media/cmaf/event_message.hpp"
#include "media/scte35/encode.hpp"
#include "media/ts/section_assembler.hpp"
#include "media/ts/section_writer.hpp"
#include "media/ts/ts_reader.hpp"

namespace interlude::origin {

namespace {

constexpr std::uint16_t cue_pid = 0x1F0;  // ffmpeg's streams have 0x100, 0x101, its PMT 0x1000

byte_view view_of(const std::string& text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct told_splice {
  std::uint32_t id = 0;
  bool out = false;
  duration ahead{0};   // from the segment's start
  duration length{0};  // of an out
};

std::vector<told_splice> told_in(const channel_options& c, instant epoch, std::int64_t number) {
  std::vector<told_splice> out;
  const auto start = epoch + c.after(number);
  const auto until = start + from_seconds(c.announce);
  for (const auto& b : breaks_between(c, epoch, start, until)) {
    if (b.start > start && b.start <= until)
      out.push_back({b.id, true, b.start - start, b.end - b.start});
    if (b.in > start && b.in <= until && !c.today.in_missing)
      out.push_back({b.id, false, b.in - start, duration{0}});
  }
  return out;
}

bytes section_of(const told_splice& s, duration media_time) {
  return scte35::encode(splice_insert(s.id, s.out, media_time, s.length)).value();
}

// The PMT in this packet with the stream of cues added; true if it was one.
bool add_cue_stream(std::string& segment, std::size_t at, std::uint16_t pmt_pid) {
  const auto p = ts::read_ts_packet(view_of(segment).subspan(at, ts::packet_size));
  if (!p || p->pid != pmt_pid || !p->starts_unit) return false;
  ts::section_assembler assembler;
  const auto sections = assembler.feed(*p);
  if (sections.size() != 1) return false;
  auto wider = ts::with_cue_stream(sections[0], cue_pid);
  if (!wider) return false;
  std::uint8_t continuity = p->continuity;
  const auto packet = ts::packets_of(std::vector<bytes>{*std::move(wider)}, pmt_pid, continuity);
  if (packet.size() != ts::packet_size) return false;
  std::copy(packet.begin(), packet.end(), segment.begin() + static_cast<std::ptrdiff_t>(at));
  return true;
}

std::optional<std::uint16_t> pmt_pid_of(const std::string& segment, std::size_t at) {
  const auto p = ts::read_ts_packet(view_of(segment).subspan(at, ts::packet_size));
  if (!p || p->pid != 0) return std::nullopt;
  ts::section_assembler assembler;
  for (const auto& section : assembler.feed(*p))
    if (const auto pid = ts::first_program_map_pid(section)) return pid;
  return std::nullopt;
}

void carry_in_ts(const std::vector<told_splice>& told, std::int64_t number, std::string& segment) {
  const auto first = ts::ts_reader{}.read(view_of(segment)).first_pts();
  if (!first) return;
  std::vector<bytes> sections;
  for (const auto& s : told)
    sections.push_back(section_of(s, scte35::from_ticks(*first) + s.ahead));
  // One packet in every segment, so that the continuity counter is the segment's number.
  if (sections.empty()) sections.push_back(scte35::encode({}).value());
  auto continuity = static_cast<std::uint8_t>(number & 0x0F);
  const auto cues = ts::packets_of(sections, cue_pid, continuity);
  std::optional<std::uint16_t> pmt_pid;
  std::size_t behind = 0;
  for (std::size_t at = 0; at + ts::packet_size <= segment.size(); at += ts::packet_size) {
    if (!pmt_pid) pmt_pid = pmt_pid_of(segment, at);
    if (pmt_pid && add_cue_stream(segment, at, *pmt_pid) && behind == 0)
      behind = at + ts::packet_size;
  }
  if (behind > 0) segment.insert(behind, std::string{cues.begin(), cues.end()});
}

void carry_in_fragment(const std::vector<told_splice>& told, const std::string& init,
                       std::string& segment) {
  const auto start = cmaf::read_fragment(view_of(segment), cmaf::read_timescales(view_of(init)));
  if (!start.start) return;
  constexpr std::uint32_t scale = 90'000;
  std::string boxes;
  for (const auto& s : told) {
    const auto box =
        cmaf::write_event_message(section_of(s, *start.start + s.ahead), s.id * 2 + (s.out ? 0 : 1),
                                  scale, scte35::to_ticks(*start.start + s.ahead),
                                  static_cast<std::uint32_t>(scte35::to_ticks(s.length)));
    boxes.append(box.begin(), box.end());
  }
  segment.insert(0, boxes);
}

}  // namespace

void carry_cues(const channel_options& c, instant epoch, std::int64_t number,
                const std::string& init, std::string& segment) {
  const auto told = told_in(c, epoch, number);
  if (c.fmp4)
    carry_in_fragment(told, init, segment);
  else
    carry_in_ts(told, number, segment);
}

}  // namespace interlude::origin
