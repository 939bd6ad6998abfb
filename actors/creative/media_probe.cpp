#include "actors/creative/media_probe.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "actors/creative/ffmpeg_process.hpp"
#include "media/core/lowered.hpp"

namespace interlude {

namespace {

namespace json = boost::json;

std::string text_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  return v != nullptr && v->is_string() ? std::string{v->get_string()} : std::string{};
}

// ffprobe writes numbers as numbers here and as text there.
std::int64_t number_of(const json::object& o, std::string_view key) {
  const auto* v = o.if_contains(key);
  if (v == nullptr) return 0;
  if (v->is_int64()) return v->get_int64();
  const auto text = text_of(o, key);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void read_rate(std::string_view text, stitch::video_format& v) {
  const auto slash = text.find('/');
  int num = 0, den = 0;
  std::from_chars(text.data(), text.data() + std::min(slash, text.size()), num);
  if (slash != std::string_view::npos)
    std::from_chars(text.data() + slash + 1, text.data() + text.size(), den);
  if (num <= 0 || den <= 0 || num / den > 240) return;
  v.frame_rate_num = num;
  v.frame_rate_den = den;
}

std::string profile_of(const std::string& name) {
  const auto text = lowered(name);
  if (text.find("baseline") != std::string::npos) return "baseline";
  for (const auto* known : {"high10", "high", "main10", "main"})
    if (text == known) return known;
  return text == "high 10" ? "high10" : text == "main 10" ? "main10" : std::string{};
}

void read_video(const json::object& s, stitch::track_format& f) {
  if (f.has_video) return;
  f.has_video = true;
  f.video.codec = text_of(s, "codec_name");
  f.video.profile = profile_of(text_of(s, "profile"));
  f.video.level = static_cast<int>(std::max<std::int64_t>(number_of(s, "level"), 0));
  f.video.width = static_cast<int>(number_of(s, "width"));
  f.video.height = static_cast<int>(number_of(s, "height"));
  f.video.bits_per_second = number_of(s, "bit_rate");
  if (const auto format = text_of(s, "pix_fmt"); !format.empty()) f.video.pixel_format = format;
  // r_frame_rate is the base rate: an average over one segment is off by its rounding.
  read_rate(text_of(s, "r_frame_rate"), f.video);
}

void read_audio(const json::object& s, stitch::track_format& f) {
  if (f.has_audio) return;
  f.has_audio = true;
  f.audio.codec = text_of(s, "codec_name");
  f.audio.sample_rate = static_cast<int>(number_of(s, "sample_rate"));
  f.audio.channels = static_cast<int>(number_of(s, "channels"));
  if (const auto rate = number_of(s, "bit_rate"); rate > 0) f.audio.bits_per_second = rate;
}

stitch::container container_of(std::string_view name) {
  if (name.find("mp4") != std::string_view::npos) return stitch::container::fmp4;
  if (name == "webvtt") return stitch::container::web_vtt;
  if (name == "mpegts") return stitch::container::mpeg_ts;
  return stitch::container::packed_audio;
}

}  // namespace

result<media_probe> read_probe(std::string_view text) {
  boost::system::error_code ec;
  const auto value = json::parse(text, ec);
  if (ec || !value.is_object())
    return error{errc::malformed, "ffprobe", "its answer cannot be read"};
  media_probe out;
  const auto* streams = value.get_object().if_contains("streams");
  for (const auto& s :
       streams != nullptr && streams->is_array() ? streams->get_array() : json::array{}) {
    if (!s.is_object()) continue;
    const auto type = text_of(s.get_object(), "codec_type");
    if (type == "video")
      read_video(s.get_object(), out.format);
    else if (type == "audio")
      read_audio(s.get_object(), out.format);
  }
  const auto* format = value.get_object().if_contains("format");
  if (format != nullptr && format->is_object()) {
    out.format.container = container_of(text_of(format->get_object(), "format_name"));
    out.length = parse_seconds(text_of(format->get_object(), "duration")).value_or(duration{0});
  }
  const bool empty_video =
      out.format.has_video && (out.format.video.width <= 0 || out.format.video.height <= 0);
  if ((!out.format.has_video && !out.format.has_audio) || empty_video)
    return error{errc::malformed, {}, "the file has neither picture nor sound that can be used"};
  return out;
}

result<media_probe> probe_file(const media_input& input, std::chrono::milliseconds timeout) {
  std::vector<std::string> words = {"ffprobe",       "-v",          "error", "-of", "json",
                                    "-show_streams", "-show_format"};
  const auto source = reading(input);
  words.insert(words.end(), source.begin(), source.end());
  auto text = run_program(words, timeout);
  // What it refuses to read is no media.
  if (!text && text.error().code == errc::internal)
    return error{errc::malformed, text.error().where, text.error().what};
  if (!text) return text.error();
  return read_probe(*text);
}

}  // namespace interlude
