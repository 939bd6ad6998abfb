#include "apps/origin/live_window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>

#include "apps/origin/cue_writer.hpp"

namespace interlude::origin {

using namespace std::chrono_literals;

namespace {

instant clamp_now(const channel_options& c, instant now) {
  return c.today.frozen_at ? std::min(now, *c.today.frozen_at) : now;
}

instant date_of(const channel_options& c, const live_segment& s) {
  return s.start + jumps_until(c, s.number);
}

void write_key(std::string& out, const channel_options& c, const live_segment& s, bool first) {
  if (!c.encrypted || (!first && !c.explicit_iv)) return;
  out += "#EXT-X-KEY:METHOD=AES-128,URI=\"key.bin\"";
  if (c.explicit_iv) {
    std::array<char, 48> iv{};
    std::snprintf(iv.data(), iv.size(), ",IV=0x%032llx",
                  static_cast<unsigned long long>(s.number) ^ 0x5EEDull);
    out += iv.data();
  }
  out += '\n';
}

}  // namespace

std::vector<std::string> renditions_of(const channel_options& c) {
  std::vector<std::string> out;
  for (const auto& r : rungs) out.emplace_back(r.name);
  if (c.demuxed_audio) out.emplace_back("a0");
  if (c.subtitles) out.emplace_back("s0");
  return out;
}

std::int64_t newest_segment(const channel_options& c, std::string_view rendition, instant epoch,
                            instant now) {
  const auto elapsed = clamp_now(c, now) - epoch;
  auto newest = elapsed / c.segment_duration() - 1;
  while (newest >= 0 && c.after(newest + 1) > elapsed) --newest;
  while (c.after(newest + 2) <= elapsed) ++newest;
  if (rendition == c.today.lagging) newest -= static_cast<std::int64_t>(c.today.lag);
  return std::max<std::int64_t>(newest, -1);
}

std::int64_t discontinuities_until(const channel_options& c, std::int64_t number) {
  const auto every = static_cast<std::int64_t>(c.today.discontinuity_every);
  // Whatever reasons a segment has to begin anew, it has one tag and counts once.
  std::set<std::int64_t> others{c.today.discontinuities.begin(), c.today.discontinuities.end()};
  for (const auto& jump : c.today.clock_jumps) others.insert(jump.from);
  const auto from = c.today.discontinuity_every_from;
  const auto regular = [&](std::int64_t n) { return every > 0 && n >= from && n % every == 0; };
  const auto counted = every > 0 && number >= from
                           ? number / every - std::max<std::int64_t>(0, from - 1) / every
                           : 0;
  return counted + std::count_if(others.begin(), others.end(),
                                 [&](std::int64_t n) { return n <= number && !regular(n); });
}

duration jumps_until(const channel_options& c, std::int64_t number) {
  double by = 0;
  for (const auto& jump : c.today.clock_jumps)
    if (number >= jump.from) by += jump.by;
  return from_seconds(by);
}

std::int64_t numbering_base(const channel_options& c, std::int64_t number) {
  std::int64_t base = 0;
  for (const auto n : c.today.resets)
    if (n <= number) base = std::max(base, n);
  return base;
}

std::vector<live_segment> window_at(const channel_options& c, std::string_view rendition,
                                    instant epoch, instant now) {
  std::vector<live_segment> out;
  const auto newest = newest_segment(c, rendition, epoch, now);
  const auto first =
      std::max(numbering_base(c, newest), newest + 1 - static_cast<std::int64_t>(c.window));
  for (auto n = first; n <= newest; ++n)
    out.push_back({n, epoch + c.after(n),
                   n > 0 && discontinuities_until(c, n) > discontinuities_until(c, n - 1)});
  return out;
}

std::vector<live_break> breaks_between(const channel_options& c, instant epoch, instant from,
                                       instant to) {
  std::vector<live_break> out;
  if (c.break_every <= 0 || c.break_length <= 0) return out;
  const auto every = from_seconds(c.break_every);
  const auto length = from_seconds(c.break_length);
  const auto reach = length + from_seconds(std::max(0.0, c.today.in_shift));
  auto k = std::max<std::int64_t>(1, (from - epoch - reach) / every);
  for (; epoch + k * every + from_seconds(c.today.cue_offset) <= to; ++k) {
    live_break b;
    b.id = static_cast<std::uint32_t>(k);
    b.start = epoch + k * every + from_seconds(c.today.cue_offset);
    b.end = b.start + length;
    b.in = b.end + from_seconds(c.today.in_shift);
    if (b.in < from && b.end < from) continue;
    out.push_back(b);
  }
  return out;
}

std::string render_live_playlist(const channel_options& c, std::string_view rendition,
                                 instant epoch, instant now) {
  const auto window = window_at(c, rendition, epoch, now);
  if (window.empty()) return {};
  const auto base = numbering_base(c, window.front().number);
  // Numbers that began anew count only what came since.
  const auto dsn = discontinuities_until(c, window.front().number) -
                   (window.front().discontinuity ? 1 : 0) -
                   (base == 0 ? 0 : discontinuities_until(c, base - 1));
  std::string out =
      "#EXTM3U\n#EXT-X-VERSION:" + std::string{c.fmp4 ? "7" : "3"} + "\n#EXT-X-TARGETDURATION:" +
      std::to_string(
          std::chrono::round<std::chrono::seconds>(c.segment_duration() + 499ms).count()) +
      "\n#EXT-X-MEDIA-SEQUENCE:" + std::to_string(window.front().number - base) +
      "\n#EXT-X-DISCONTINUITY-SEQUENCE:" + std::to_string(dsn) + "\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  const bool captions = rendition == "s0";
  const std::string extension = captions ? ".vtt" : c.fmp4 ? ".m4s" : ".ts";
  if (c.fmp4 && !captions) out += "#EXT-X-MAP:URI=\"" + std::string{rendition} + "/init.mp4\"\n";
  const auto edge = window.back().start + c.segment_duration();
  const auto breaks =
      breaks_between(c, epoch, window.front().start, edge + from_seconds(c.announce));
  cue_writer cues{c, out, epoch};
  for (const auto& s : window) {
    if (s.discontinuity) out += "#EXT-X-DISCONTINUITY\n";
    write_key(out, c, s, &s == &window.front());
    if (c.today.dates == dates::all || (c.today.dates == dates::first && &s == &window.front()))
      out += "#EXT-X-PROGRAM-DATE-TIME:" + format_iso8601(date_of(c, s)) + '\n';
    for (const auto& b : breaks) {
      cues.before(s, b);
      if (&s != &window.back()) continue;
      if (b.start >= edge) cues.announce(b);
      if (b.in <= edge)
        cues.date_range_in(b);
      else if (b.start < window.front().start)
        cues.announce(b);
    }
    out += "#EXTINF:" + format_seconds(c.after(s.number + 1) - c.after(s.number)) + ",\n";
    out += std::string{rendition} + '/' + std::to_string(s.number) + extension + '\n';
  }
  return out;
}

std::string render_master_playlist(const channel_options& c) {
  std::string out = "#EXTM3U\n#EXT-X-VERSION:" + std::string{c.fmp4 ? "7" : "4"} +
                    "\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  if (c.demuxed_audio)
    out +=
        "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=YES,"
        "AUTOSELECT=YES,CHANNELS=\"2\",URI=\"a0.m3u8\"\n";
  if (c.subtitles)
    out +=
        "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"text\",NAME=\"English\",LANGUAGE=\"en\",DEFAULT=NO,"
        "AUTOSELECT=YES,URI=\"s0.m3u8\"\n";
  std::array<char, 16> rate{};
  std::snprintf(rate.data(), rate.size(), "%.3f", static_cast<double>(c.rate_num) / c.rate_den);
  for (const auto& r : rungs) {
    const auto average = r.bits_per_second + audio_bits_per_second;
    out += "#EXT-X-STREAM-INF:BANDWIDTH=" + std::to_string(average * 13 / 10) +
           ",AVERAGE-BANDWIDTH=" + std::to_string(average) +
           ",CODECS=\"avc1.4d401e,mp4a.40.2\",RESOLUTION=" + std::to_string(r.width) + 'x' +
           std::to_string(r.height) + ",FRAME-RATE=" + rate.data() +
           (c.demuxed_audio ? ",AUDIO=\"sound\"" : "") +
           (c.subtitles ? ",SUBTITLES=\"text\"" : "") + '\n' + r.name + ".m3u8\n";
  }
  return out;
}

}  // namespace interlude::origin
