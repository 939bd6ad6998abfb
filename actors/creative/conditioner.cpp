#include "actors/creative/conditioner.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "actors/creative/ffmpeg_command.hpp"
#include "actors/creative/ffmpeg_process.hpp"
#include "actors/creative/media_probe.hpp"
#include "media/hls/media_playlist.hpp"

namespace interlude {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view unfinished = ".part";
constexpr std::chrono::milliseconds probe_timeout{10'000};

// Renditions of equal format share one folder of segments.
struct track_plan {
  std::vector<std::size_t> folder_of;             // by ladder track
  std::vector<const stitch::track_format*> made;  // by folder
};

track_plan share_tracks(const stitch::ladder& ladder) {
  track_plan plan;
  std::map<std::string, std::size_t> known;
  for (const auto& t : ladder.tracks) {
    const auto [it, fresh] = known.emplace(t.fingerprint(), plan.made.size());
    if (fresh) plan.made.push_back(&t);
    plan.folder_of.push_back(it->second);
  }
  return plan;
}

std::string folder_name(std::size_t index) {
  return "t" + std::to_string(index);
}

result<std::string> read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in) return error{errc::internal, path.filename().string(), "was not written"};
  return std::string{std::istreambuf_iterator<char>{in}, {}};
}

std::string extension_of(const stitch::track_format& f) {
  if (f.container == stitch::container::fmp4) return ".m4s";
  return f.container == stitch::container::web_vtt ? ".vtt" : ".ts";
}

// The segments ffmpeg made, as long as it says they came out.
result<stitch::creative_track> measure(const fs::path& folder, const stitch::track_format& f) {
  auto text = read_file(folder / "index.m3u8");
  if (!text) return text.error();
  auto playlist = hls::parse_media_playlist(*std::move(text));
  if (!playlist) return playlist.error();
  stitch::creative_track t;
  t.extension = extension_of(f);
  if (f.container == stitch::container::fmp4) t.init = "init.mp4";
  for (const auto& s : playlist->segments) {
    t.segments.push_back(s.length);
    std::error_code ec;
    const auto bytes = fs::file_size(folder / std::string{s.uri}, ec);
    if (ec) return error{errc::internal, std::string{s.uri}, "was not written"};
    if (s.length.count() > 0)
      t.peak_bits_per_second = std::max(
          t.peak_bits_per_second, static_cast<std::int64_t>(bytes) * 8'000'000 / s.length.count());
  }
  return t;
}

// Subtitles of an ad without captions: nothing, but on the same clock (RFC 8216bis 3.1.4).
result<stitch::creative_track> write_empty_captions(const fs::path& folder,
                                                    const segmentation& cut) {
  stitch::creative_track t;
  t.extension = ".vtt";
  auto left = cut.total();
  const segmentation one{cut.frames_per_segment, cut.frames_per_segment, cut.rate_num,
                         cut.rate_den};
  for (std::size_t i = 0; left.count() > 0; ++i) {
    std::ofstream out{folder / (std::to_string(i) + ".vtt"), std::ios::binary};
    out << "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:" << creative_start.count() * 9 / 100
        << ",LOCAL:00:00:00.000\n\n";
    if (!out) return error{errc::internal, folder.string(), "cannot be written: is the disk full?"};
    t.segments.push_back(std::min(left, one.total()));
    left -= t.segments.back();
  }
  return t;
}

duration length_of(const stitch::creative_track& t) {
  duration total{0};
  for (const auto d : t.segments) total += d;
  return total;
}

std::optional<error> check(const std::vector<stitch::creative_track>& tracks,
                           const segmentation& cut, const std::string& shown) {
  const segmentation frame{1, 1, cut.rate_num, cut.rate_den};
  for (const auto& t : tracks) {
    if (static_cast<std::int64_t>(t.segments.size()) != cut.segments())
      return error{errc::internal, shown,
                   "came out in " + std::to_string(t.segments.size()) + " segments instead of " +
                       std::to_string(cut.segments())};
    // Sound ends on its own frames, picture on the last one shown.
    if (std::chrono::abs(length_of(t) - cut.total()) >
        frame.total() + std::chrono::milliseconds{30})
      return error{errc::internal, shown,
                   "came out " + format_seconds(length_of(t)) + " s long instead of " +
                       format_seconds(cut.total()) + " s"};
  }
  return std::nullopt;
}

void replace(std::string& text, const std::string& what, const std::string& by) {
  for (auto at = what.empty() ? std::string::npos : text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
}

// What a program said, without the names of our temporary files.
error told(const conditioning_job& job, const error& e) {
  auto text = e.message();
  replace(text, job.source.path, job.shown);
  if (job.source.playlist)
    replace(text, fs::path{job.source.path}.parent_path().string(), job.shown);
  return {e.code, job.shown, std::move(text)};
}

// Sets the level of all tracks. What is measured is what is played: the sound as each track mixes
// it, once for each number of channels.
result<std::optional<double>> level(const conditioning_job& job, const media_probe& probe,
                                    std::vector<output_track>& outputs) {
  std::optional<double> shown;
  if (job.loudness == as_loud_as_it_is || !probe.format.has_audio) return shown;
  std::map<int, gain> known;
  for (auto& o : outputs) {
    if (!o.format->has_audio) continue;
    const auto channels = o.format->audio.channels;
    if (const auto it = known.find(channels); it != known.end()) {
      o.level = it->second;
      continue;
    }
    auto report = run_program(measuring_command(job.source, channels), job.timeout, job.stop,
                              program_text::messages);
    if (!report) return told(job, report.error());
    const auto measured = read_loudness(*report);
    if (!measured) return told(job, measured.error());
    o.level = known[channels] = gain_to(*measured, job.loudness);
    if (*measured && !shown) shown = (*measured)->integrated;
  }
  return shown;
}

struct made_tracks {
  std::vector<stitch::creative_track> tracks;
  std::optional<double> loudness;
};

result<made_tracks> make_tracks(const conditioning_job& job, const media_probe& probe,
                                const segmentation& cut, const track_plan& plan,
                                const fs::path& folder) {
  std::vector<output_track> outputs;
  std::error_code ec;
  for (std::size_t i = 0; i < plan.made.size(); ++i) {
    fs::create_directories(folder / folder_name(i), ec);
    if (ec) return error{errc::internal, folder.string(), "cannot be made: " + ec.message()};
    if (plan.made[i]->container != stitch::container::web_vtt)
      outputs.push_back({plan.made[i], (folder / folder_name(i)).string()});
  }
  const auto loudness = level(job, probe, outputs);
  if (!loudness) return loudness.error();
  if (!outputs.empty())
    if (auto made = run_program(
            conditioning_command(job.source, probe, job.exact.has_value(), cut, outputs),
            job.timeout, job.stop);
        !made)
      return told(job, made.error());
  made_tracks out{{}, *loudness};
  for (std::size_t i = 0; i < plan.made.size(); ++i) {
    const auto path = folder / folder_name(i);
    auto track = plan.made[i]->container == stitch::container::web_vtt
                     ? write_empty_captions(path, cut)
                     : measure(path, *plan.made[i]);
    if (!track) return track.error();
    track->path = "c/" + job.key + "/" + folder_name(i);
    fs::remove(path / "index.m3u8", ec);
    out.tracks.push_back(*std::move(track));
  }
  if (auto wrong = check(out.tracks, cut, job.shown)) return *wrong;
  return out;
}

std::uint64_t size_of(const fs::path& folder) {
  std::uint64_t total = 0;
  std::error_code ec;
  for (const auto& entry : fs::recursive_directory_iterator{folder, ec})
    if (entry.is_regular_file(ec)) total += entry.file_size(ec);
  return total;
}

}  // namespace

result<made_creative> condition(const conditioning_job& job) {
  auto probe = probe_file(job.source, probe_timeout);
  if (!probe) return told(job, probe.error());
  const bool wants_picture = std::any_of(job.ladder->tracks.begin(), job.ladder->tracks.end(),
                                         [](const auto& t) { return t.has_video; });
  if (wants_picture && !probe->format.has_video)
    return error{errc::unsupported, job.shown, "has no picture, and the channel has"};
  const auto length = job.exact.value_or(probe->length);
  if (length.count() <= 0) return error{errc::malformed, job.shown, "does not say how long it is"};
  const auto cut = plan_segments(length, *job.ladder);
  const auto plan = share_tracks(*job.ladder);
  const fs::path finished = fs::path{job.root} / job.key;
  const fs::path folder = finished.string() + std::string{unfinished};
  std::error_code ec;
  fs::remove_all(folder, ec);
  auto made = make_tracks(job, *probe, cut, plan, folder);
  if (!made) {
    fs::remove_all(folder, ec);
    return made.error();
  }
  fs::remove_all(finished, ec);
  fs::rename(folder, finished, ec);
  if (ec)
    return error{errc::internal, finished.string(), "cannot be put in place: " + ec.message()};
  made_creative c{{job.key, job.shown, cut.total(), {}}, size_of(finished), made->loudness};
  for (const auto index : plan.folder_of) c.media.tracks.push_back(made->tracks[index]);
  return c;
}

bool creative_is_there(const stitch::creative& c, const std::string& root) {
  return std::all_of(c.tracks.begin(), c.tracks.end(), [&](const stitch::creative_track& t) {
    // The path of a track in URLs is "c/<key>/<track>".
    const auto folder = fs::path{root} / t.path.substr(2);
    std::error_code ec;
    const bool mapped = t.init.empty() || fs::exists(folder / t.init, ec);
    return mapped && !t.segments.empty() && fs::exists(folder / ("0" + t.extension), ec) &&
           fs::exists(folder / (std::to_string(t.segments.size() - 1) + t.extension), ec);
  });
}

void remove_leftovers(const std::string& root) {
  std::error_code ec;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator{root, ec})
    if (entry.path().extension() == unfinished) found.push_back(entry.path());
  for (const auto& path : found) fs::remove_all(path, ec);
}

}  // namespace interlude
