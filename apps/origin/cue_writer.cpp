#include "apps/origin/cue_writer.hpp"

#include "apps/origin/splice_payload.hpp"
#include "media/scte35/encode.hpp"

namespace interlude::origin {

using namespace std::chrono_literals;

namespace {

// Messages of the origin fit their fields: encoding does not fail.
std::string hex_of(const scte35::splice_info_section& s) {
  return scte35::encode_hex(s).value();
}
std::string base64_of(const scte35::splice_info_section& s) {
  return scte35::encode_base64(s).value();
}

}  // namespace

void cue_writer::before(const live_segment& s, const live_break& b) {
  const auto next = s.start + c_.segment_duration();
  const bool opens = first_at_or_after(s, b.start);
  const bool closes = first_at_or_after(s, b.in) && !c_.today.in_missing && has_in_cue();
  const bool inside = s.start > b.start && s.start < b.in && !opens;
  if (is_date_range()) {
    if (b.start >= s.start && b.start < next) date_range(b);
    return;
  }
  if (opens || (inside && c_.today.out_repeated))
    out(b);
  else if (inside)
    continuation(b, s.start - b.start);
  if (closes) in(b);
}

void cue_writer::announce(const live_break& b) {
  if (is_date_range()) date_range(b);
}

void cue_writer::date_range_in(const live_break& b) {
  if (c_.cues != cue_style::daterange || c_.today.in_missing) return;
  out_ += "#EXT-X-DATERANGE:ID=\"" + std::to_string(b.id) + "\",START-DATE=\"" +
          date_text(b.start) + "\",END-DATE=\"" + date_text(b.in) +
          "\",SCTE35-IN=" + hex_of(payload(b, false)) + '\n';
}

bool cue_writer::is_date_range() const {
  return c_.cues == cue_style::daterange || c_.cues == cue_style::daterange_fixed;
}

bool cue_writer::first_at_or_after(const live_segment& s, instant t) const {
  return s.start >= t - 1ms && s.start - c_.segment_duration() < t - 1ms;
}

std::string cue_writer::date_text(instant t) const {
  const auto number = (t - epoch_) / c_.segment_duration();
  return format_iso8601(t + jumps_until(c_, number));
}

scte35::splice_info_section cue_writer::payload(const live_break& b, bool out) const {
  const auto open_ended = c_.cues == cue_style::cue_out_bare;
  return splice_insert(b.id, out, (out ? b.start : b.in) - epoch_,
                       out && !open_ended ? b.end - b.start : 0us);
}

void cue_writer::date_range(const live_break& b) {
  out_ += "#EXT-X-DATERANGE:ID=\"" + std::to_string(b.id) + "\",START-DATE=\"" +
          date_text(b.start) + '"';
  out_ += (c_.cues == cue_style::daterange_fixed ? ",DURATION=" : ",PLANNED-DURATION=") +
          length_text(b);
  out_ += ",SCTE35-OUT=" + hex_of(payload(b, true)) + '\n';
}

void cue_writer::out(const live_break& b) {
  const auto base64 = base64_of(payload(b, true));
  const auto id = std::to_string(b.id);
  switch (c_.cues) {
    case cue_style::cue_out_slash:
      out_ += "#EXT-X-CUE-OUT:DURATION=" + length_text(b) + '\n';
      return;
    case cue_style::cue_out_bare:
      out_ += "#EXT-X-CUE-OUT\n";
      return;
    case cue_style::scte35:
      out_ += "#EXT-X-SCTE35:CUE=\"" + base64 + "\",ID=\"" + id + "\",DURATION=" + length_text(b) +
              ",CUE-OUT=YES\n";
      return;
    case cue_style::cue:
      out_ += "#EXT-X-CUE:TYPE=\"SpliceOut\",ID=\"" + id + "\",DURATION=" + length_text(b) + '\n';
      return;
    case cue_style::oatcls:
      out_ += "#EXT-OATCLS-SCTE35:" + base64 + '\n';
      break;
    case cue_style::splicepoint:
      out_ += "#EXT-X-SPLICEPOINT-SCTE35:" + base64 + '\n';
      break;
    case cue_style::asset:
      out_ += "#EXT-X-ASSET:CAID=0x" + id + '\n';
      break;
    case cue_style::daterange_cmd:
      out_ += "#EXT-X-DATERANGE:ID=\"" + id + "\",START-DATE=\"" + date_text(b.start) +
              "\",SCTE35-CMD=" + hex_of(payload(b, true)) + '\n';
      break;
    default:
      break;
  }
  if (tells_in_tags()) out_ += "#EXT-X-CUE-OUT:" + length_text(b) + '\n';
}

void cue_writer::continuation(const live_break& b, duration elapsed) {
  switch (c_.cues) {
    case cue_style::cue_out:
    case cue_style::oatcls:
      out_ += "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + format_seconds(elapsed) +
              ",Duration=" + length_text(b) + ",SCTE35=" + base64_of(payload(b, true)) + '\n';
      return;
    case cue_style::cue_out_slash:
      out_ += "#EXT-X-CUE-OUT-CONT:" + format_seconds(elapsed) + '/' + length_text(b) + '\n';
      return;
    case cue_style::cue_out_bare:
      out_ += "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + format_seconds(elapsed) + '\n';
      return;
    case cue_style::scte35:
      out_ += "#EXT-X-SCTE35:CUE=\"" + base64_of(payload(b, true)) + "\",ID=\"" +
              std::to_string(b.id) + "\",CUE-OUT=CONT,ELAPSED=" + format_seconds(elapsed) + '\n';
      return;
    default:
      return;
  }
}

void cue_writer::in(const live_break& b) {
  if (!tells_in_tags()) return;
  if (c_.cues == cue_style::scte35)
    out_ += "#EXT-X-SCTE35:CUE=\"" + base64_of(payload(b, false)) + "\",ID=\"" +
            std::to_string(b.id) + "\",CUE-IN=YES\n";
  else if (c_.cues == cue_style::cue)
    out_ += "#EXT-X-CUE:TYPE=\"SpliceIn\",ID=\"" + std::to_string(b.id) + "\"\n";
  else
    out_ += "#EXT-X-CUE-IN\n";
}

}  // namespace interlude::origin
