#include "apps/origin/ladder_media.hpp"

#include <spdlog/spdlog.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "actors/creative/ffmpeg_process.hpp"
#include "apps/origin/live_window.hpp"
#include "apps/origin/retime_mp4.hpp"

namespace interlude::origin {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds make_timeout{300'000};
constexpr int sample_rate = 48'000;
constexpr std::int64_t aac_frame = 1024;

std::string rate_text(const channel_options& c) {
  return std::to_string(c.rate_num) + "/" + std::to_string(c.rate_den);
}

std::string fingerprint(const channel_options& c) {
  return std::string{c.fmp4 ? "fmp4" : "ts"} + (c.demuxed_audio ? "-demuxed" : "-muxed") + "-" +
         std::to_string(c.rate_num) + "-" + std::to_string(c.rate_den) + "-" +
         std::to_string(c.frames_per_segment()) + "x" + std::to_string(loop_length(c));
}

std::string draw(const std::string& font, const std::string& text, const std::string& place,
                 int size) {
  if (font.empty()) return "null";
  return "drawtext=fontfile=" + font + ":text='" + text + "':" + place +
         ":fontsize=" + std::to_string(size) +
         ":fontcolor=white:box=1:boxcolor=black@0.7:boxborderw=6";
}

class ladder_command {
 public:
  ladder_command(const channel_options& c, std::string folder)
      : c_(c), folder_(std::move(folder)), font_(find_font()) {}

  std::vector<std::string> build() {
    const auto length = format_seconds(c_.after(static_cast<std::int64_t>(loop_length(c_))));
    add({"ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "2", "-filter_complex_threads", "1",
         "-f", "lavfi", "-i", "testsrc2=size=640x360:rate=" + rate_text(c_) + ":duration=" + length,
         "-f", "lavfi", "-i",
         "sine=frequency=330:beep_factor=4:sample_rate=" + std::to_string(sample_rate) +
             ":duration=" + length});
    add({"-filter_complex", filters()});
    for (const auto& r : rungs) video(r);
    if (c_.demuxed_audio) {
      add({"-map", "[sound]"});
      audio();
      muxer("a0");
    }
    return std::move(words_);
  }

 private:
  void add(std::initializer_list<std::string> words) { words_.insert(words_.end(), words); }

  std::string filters() const {
    std::string out = "[0:v]" + draw(font_, c_.name + "  %{pts\\:hms}", "x=(w-tw)/2:y=h*0.78", 30) +
                      ",split=3[r0][r1][r2]";
    for (int i = 0; i < 3; ++i) {
      const auto& r = rungs[i];
      const auto n = std::to_string(i);
      out += ";[r" + n + "]scale=" + std::to_string(r.width) + ":" + std::to_string(r.height) +
             "," +
             draw(font_, std::string{r.name} + "  " + std::to_string(r.height) + "p", "x=10:y=10",
                  r.height / 12) +
             ",format=yuv420p[v" + n + "]";
    }
    // An encoder begins with a frame of delay: one frame less goes in, so that the loop is as long
    // as its picture.
    const auto samples =
        c_.after(static_cast<std::int64_t>(loop_length(c_))).count() * sample_rate / 1'000'000 -
        aac_frame;
    out += ";[1:a]volume=0.25,aformat=channel_layouts=stereo,atrim=end_sample=" +
           std::to_string(samples);
    if (c_.demuxed_audio) return out + "[sound]";
    return out + ",asplit=3[a0][a1][a2]";
  }

  void video(const ladder_rung& r) {
    const auto n = std::string{r.name}.substr(1);
    const auto group = std::to_string(c_.frames_per_segment());
    add({"-map",
         "[v" + n + "]",
         "-c:v",
         "libx264",
         "-preset",
         "veryfast",
         "-profile:v",
         "main",
         "-level:v",
         "3.0",
         "-bf",
         "0",
         "-b:v",
         std::to_string(r.bits_per_second),
         "-maxrate",
         std::to_string(r.bits_per_second),
         "-bufsize",
         std::to_string(r.bits_per_second),
         "-g",
         group,
         "-keyint_min",
         group,
         "-sc_threshold",
         "0",
         "-force_key_frames",
         "expr:eq(mod(n," + group + "),0)"});
    if (!c_.demuxed_audio) {
      add({"-map", "[a" + n + "]"});
      audio();
    }
    muxer(r.name);
  }

  void audio() {
    add({"-c:a", "aac", "-b:a", std::to_string(audio_bits_per_second), "-ar",
         std::to_string(sample_rate), "-ac", "2"});
  }

  void muxer(const std::string& name) {
    const auto frame = duration{1'000'000LL * c_.rate_den / c_.rate_num};
    // Picture: a tenth of a frame early, so that the cut falls on the key frame. Sound alone: as
    // much later as makes its last frame belong to the last segment.
    const auto length = name == "a0"
                            ? c_.segment_duration() + std::chrono::milliseconds{40} /
                                                          static_cast<std::int64_t>(loop_length(c_))
                            : c_.segment_duration() - frame / 10;
    add({"-output_ts_offset", "10", "-muxdelay", "0", "-muxpreload", "0", "-f", "hls", "-hls_time",
         format_seconds(length), "-hls_playlist_type", "vod", "-hls_list_size", "0"});
    const auto to = folder_ + "/" + name;
    if (c_.fmp4)
      add({"-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4",
           "-hls_segment_filename", to + "/%d.m4s"});
    else
      add({"-hls_segment_type", "mpegts", "-hls_segment_filename", to + "/%d.ts"});
    add({to + "/index.m3u8"});
  }

  const channel_options& c_;
  std::string folder_, font_;
  std::vector<std::string> words_;
};

std::string read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

result<bool> make(const channel_options& c, const fs::path& folder) {
  const fs::path part = folder.string() + ".part";
  std::error_code ec;
  fs::remove_all(part, ec);
  for (const auto& name : renditions_of(c)) fs::create_directories(part / name, ec);
  if (ec) return error{errc::internal, part.string(), "cannot be made: " + ec.message()};
  spdlog::info("origin {}: making {} segments of {} s", c.name, loop_length(c),
               format_seconds(c.segment_duration()));
  if (auto made = run_program(ladder_command{c, part.string()}.build(), make_timeout); !made)
    return made.error();
  fs::remove_all(folder, ec);
  fs::rename(part, folder, ec);
  if (ec) return error{errc::internal, folder.string(), "cannot be put in place: " + ec.message()};
  return true;
}

}  // namespace

std::string find_font() {
  for (const auto* path : {"/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
                           "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"})
    if (fs::exists(path)) return path;
  return {};
}

std::size_t loop_length(const channel_options& c) {
  const auto frames = c.frames_per_segment();
  const auto at_least = static_cast<std::size_t>(
      std::ceil(30.0 * c.rate_num / c.rate_den / static_cast<double>(frames)));
  for (auto n = at_least; n < 4 * at_least; ++n) {
    const auto samples = static_cast<std::int64_t>(n) * frames * c.rate_den * sample_rate;
    if (samples % (c.rate_num * aac_frame) == 0) return n;
  }
  return at_least;
}

result<std::shared_ptr<const ladder_media>> ladder_media::open(const channel_options& c,
                                                               const std::string& root) {
  const auto folder = root + "/" + c.name + "-" + fingerprint(c);
  std::error_code ec;
  fs::create_directories(root, ec);
  if (!fs::exists(folder, ec))
    if (auto made = make(c, folder); !made) return made.error();
  auto media = std::make_shared<ladder_media>();
  if (auto loaded = media->load(c, folder); !loaded) return loaded.error();
  return std::shared_ptr<const ladder_media>{std::move(media)};
}

result<bool> ladder_media::load(const channel_options& c, const std::string& folder) {
  loop_ = loop_length(c);
  for (const auto& name : renditions_of(c)) {
    if (name == "s0") continue;  // captions are written as they are asked for
    auto& t = tracks_[name];
    const auto path = fs::path{folder} / name;
    if (c.fmp4) {
      t.init = read_file(path / "init.mp4");
      t.timescale = timescale_of(t.init);
      if (t.timescale == 0)
        return error{errc::malformed, (path / "init.mp4").string(),
                     "has no track: remove the folder to have it made again"};
    }
    packet_counts so_far;
    for (std::size_t i = 0; i < loop_; ++i) {
      const auto file = path / (std::to_string(i) + (c.fmp4 ? ".m4s" : ".ts"));
      auto data = read_file(file);
      if (data.empty())
        return error{errc::malformed, file.string(),
                     "is missing: remove the folder to have it made again"};
      t.before.push_back(so_far);
      if (!c.fmp4)
        for (const auto& [pid, count] : count_packets(data)) so_far[pid] += count;
      t.segments.push_back(std::move(data));
    }
    t.whole = so_far;
  }
  return true;
}

std::optional<std::string> ladder_media::segment(const channel_options& c,
                                                 const std::string& rendition, std::int64_t number,
                                                 duration shift) const {
  const auto it = tracks_.find(rendition);
  if (it == tracks_.end() || number < 0) return std::nullopt;
  const auto& t = it->second;
  const auto loops = number / static_cast<std::int64_t>(loop_);
  const auto index = static_cast<std::size_t>(number) % loop_;
  auto data = t.segments[index];
  const auto moved = c.after(loops * static_cast<std::int64_t>(loop_)) + shift;
  // Seconds and the rest apart, so that months of microseconds times a time scale do not overflow.
  const auto seconds = std::chrono::floor<std::chrono::seconds>(moved);
  const auto rest = (moved - seconds).count();
  if (c.fmp4) {
    const auto scale = static_cast<std::int64_t>(t.timescale);
    retime_mp4(data, seconds.count() * scale + (rest * scale + 500'000) / 1'000'000,
               static_cast<std::uint32_t>(number + 1));
    return data;
  }
  auto before = t.before[index];
  for (const auto& [pid, count] : t.whole) before[pid] += count * static_cast<std::uint64_t>(loops);
  retime_ts(data, seconds.count() * 90'000 + (rest * 9 + 50) / 100, before);
  return data;
}

std::optional<std::string> ladder_media::init(const std::string& rendition) const {
  const auto it = tracks_.find(rendition);
  return it == tracks_.end() || it->second.init.empty() ? std::nullopt
                                                        : std::optional{it->second.init};
}

}  // namespace interlude::origin
