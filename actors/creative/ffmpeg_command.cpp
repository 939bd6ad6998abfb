#include "actors/creative/ffmpeg_command.hpp"

#include <algorithm>

namespace interlude {

using namespace std::chrono_literals;

namespace {

constexpr duration longest_audio_frame = 40ms;  // AAC at 24 kHz is close to it

std::pair<int, int> rate_of(const stitch::ladder& ladder) {
  const auto it = std::find_if(ladder.tracks.begin(), ladder.tracks.end(),
                               [](const auto& t) { return t.has_video; });
  return it == ladder.tracks.end() ? std::pair{25, 1}
                                   : std::pair{it->video.frame_rate_num, it->video.frame_rate_den};
}

duration of_frames(std::int64_t frames, int num, int den) {
  return duration{(frames * den * 1'000'000 + num / 2) / num};
}

std::string scale_and_pad(const stitch::video_format& v) {
  const auto size = std::to_string(v.width) + ":" + std::to_string(v.height);
  return "scale=" + size +
         ":force_original_aspect_ratio=decrease:force_divisible_by=2,pad=" + size +
         ":(ow-iw)/2:(oh-ih)/2,setsar=1,format=" + v.pixel_format;
}

class command_builder {
 public:
  command_builder(const media_probe& probe, const segmentation& cut,
                  const std::vector<output_track>& tracks)
      : probe_(probe), cut_(cut), tracks_(tracks) {}

  std::vector<std::string> build(const media_input& source, bool loop) {
    add({"ffmpeg", "-v", "error", "-nostdin", "-y", "-threads", "2", "-filter_complex_threads",
         "1"});
    if (loop) add({"-stream_loop", "-1"});
    const auto input = reading(source);
    words_.insert(words_.end(), input.begin(), input.end());
    add({"-filter_complex", filters()});
    for (std::size_t i = 0; i < tracks_.size(); ++i) output(i);
    return std::move(words_);
  }

 private:
  void add(std::initializer_list<std::string> words) { words_.insert(words_.end(), words); }

  std::string total() const { return format_seconds(cut_.total()); }

  // Picture: one frame rate, one length (the last frame stands still if it ends early), then one
  // branch per size.
  std::string filters() const {
    std::string out;
    std::size_t videos = 0, audios = 0;
    for (const auto& t : tracks_) {
      videos += t.format->has_video ? 1 : 0;
      audios += t.format->has_audio ? 1 : 0;
    }
    const auto& sample = tracks_.front().format;
    if (videos > 0) {
      const auto rate = std::to_string(cut_.rate_num) + "/" + std::to_string(cut_.rate_den);
      out += "[0:v:0]fps=" + rate +
             ",tpad=stop=-1:stop_mode=clone,trim=end_frame=" + std::to_string(cut_.frames) +
             ",setpts=PTS-STARTPTS,split=" + std::to_string(videos);
      for (std::size_t i = 0; i < tracks_.size(); ++i)
        if (tracks_[i].format->has_video) out += "[s" + std::to_string(i) + "]";
      for (std::size_t i = 0; i < tracks_.size(); ++i)
        if (tracks_[i].format->has_video)
          out += ";[s" + std::to_string(i) + "]" + scale_and_pad(tracks_[i].format->video) + "[v" +
                 std::to_string(i) + "]";
    }
    if (audios == 0) return out;
    if (!out.empty()) out += ';';
    // An ad without sound gets silence of the same make.
    out += probe_.format.has_audio
               ? "[0:a:0]aresample=async=1:first_pts=0,"
               : "anullsrc=r=" + std::to_string(sample->audio.sample_rate) + ",";
    out += "apad,atrim=end=" + total() + ",asetpts=PTS-STARTPTS,asplit=" + std::to_string(audios);
    for (std::size_t i = 0; i < tracks_.size(); ++i)
      if (tracks_[i].format->has_audio) out += "[b" + std::to_string(i) + "]";
    for (std::size_t i = 0; i < tracks_.size(); ++i)
      if (tracks_[i].format->has_audio)
        out += ";[b" + std::to_string(i) + "]" + level_filters(tracks_[i]) + "[a" +
               std::to_string(i) + "]";
    return out;
  }

  static std::string level_filters(const output_track& t) {
    auto filters = mixed_to(t.format->audio.channels) + gain_filters(t.level);
    filters.pop_back();  // a comma
    return filters;
  }

  void output(std::size_t index) {
    const auto& f = *tracks_[index].format;
    const auto n = std::to_string(index);
    if (f.has_video) video(f.video, n);
    // Readers that keep to the first EXT-X-MAP they saw (ffmpeg's does) find the parameter sets
    // in the ad's own key frames, under a number that leaves those of the content in force.
    if (f.has_video && f.video.codec == "h264" && f.container == stitch::container::fmp4)
      add({"-x264-params", "repeat-headers=1:sps-id=7"});
    if (f.has_audio) audio(f.audio, n);
    add({"-map_metadata", "-1", "-output_ts_offset", format_seconds(creative_start), "-muxdelay",
         "0", "-muxpreload", "0"});
    const auto length = of_frames(cut_.frames_per_segment, cut_.rate_num, cut_.rate_den);
    // Picture: a tenth of a frame early, so that the cut falls on the key frame, not on the frame
    // after it. Sound alone may end a frame of its own after the picture: by the last cut that much
    // has been given, or it would be cut off.
    const auto segment = f.has_video ? length - of_frames(1, cut_.rate_num, cut_.rate_den) / 10
                                     : length + longest_audio_frame / cut_.segments();
    add({"-f", "hls", "-hls_time", format_seconds(segment), "-hls_playlist_type", "vod",
         "-hls_list_size", "0"});
    const auto& folder = tracks_[index].folder;
    if (f.container == stitch::container::fmp4)
      add({"-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", "init.mp4",
           "-hls_segment_filename", folder + "/%d.m4s"});
    else
      add({"-hls_segment_type", "mpegts", "-hls_segment_filename", folder + "/%d.ts"});
    add({folder + "/index.m3u8"});
  }

  // Closed groups of pictures that begin where segments do, and no reordering: a segment can stand
  // beside any other.
  void video(const stitch::video_format& v, const std::string& n) {
    const bool hevc = v.codec == "hevc";
    const auto group = std::to_string(cut_.frames_per_segment);
    add({"-map", "[v" + n + "]", "-c:v", hevc ? "libx265" : "libx264", "-preset", "veryfast",
         "-crf", "23", "-bf", "0", "-g", group, "-keyint_min", group, "-sc_threshold", "0",
         "-force_key_frames", "expr:eq(mod(n," + group + "),0)"});
    if (!v.profile.empty()) add({"-profile:v", v.profile});
    if (v.level > 0 && !hevc)
      add({"-level:v", std::to_string(v.level / 10) + "." + std::to_string(v.level % 10)});
    if (hevc)
      add({"-tag:v", "hvc1", "-x265-params",
           "log-level=error:keyint=" + group + ":min-keyint=" + group + ":scenecut=0:open-gop=0"});
    if (v.bits_per_second > 0) {
      // Sound and packets take their part of the rendition's peak rate.
      const auto rate = std::max<std::int64_t>(v.bits_per_second * 85 / 100, 50'000);
      add({"-maxrate", std::to_string(rate), "-bufsize", std::to_string(rate)});
    }
  }

  void audio(const stitch::audio_format& a, const std::string& n) {
    add({"-map", "[a" + n + "]", "-c:a", a.codec == "mp3" ? "libmp3lame" : a.codec, "-ar",
         std::to_string(a.sample_rate), "-ac", std::to_string(a.channels), "-b:a",
         std::to_string(std::clamp<std::int64_t>(a.bits_per_second, 32'000, 640'000))});
  }

  const media_probe& probe_;
  const segmentation& cut_;
  const std::vector<output_track>& tracks_;
  std::vector<std::string> words_;
};

}  // namespace

duration segmentation::total() const {
  return of_frames(frames, rate_num, rate_den);
}

segmentation plan_segments(duration length, const stitch::ladder& ladder) {
  segmentation s;
  std::tie(s.rate_num, s.rate_den) = rate_of(ladder);
  const auto frame_scale = 1'000'000LL * s.rate_den;
  s.frames =
      std::max<std::int64_t>(1, (length.count() * s.rate_num + frame_scale / 2) / frame_scale);
  s.frames_per_segment =
      std::max<std::int64_t>(1, ladder.segment_duration.count() * s.rate_num / frame_scale);
  const auto tail = s.frames % s.frames_per_segment;
  const auto second = std::max<std::int64_t>(1, s.rate_num / s.rate_den);
  // A sliver at the end is a request, a discontinuity's worth of jitter, for nothing: spread it.
  if (tail != 0 && tail < second && s.frames > s.frames_per_segment)
    s.frames_per_segment = (s.frames + s.segments() - 1) / s.segments();
  return s;
}

std::vector<std::string> conditioning_command(const media_input& source, const media_probe& probe,
                                              bool loop, const segmentation& cut,
                                              const std::vector<output_track>& tracks) {
  return command_builder{probe, cut, tracks}.build(source, loop);
}

}  // namespace interlude
