#include "actors/creative/conditioner.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "actors/creative/ffmpeg_command.hpp"
#include "actors/creative/ffmpeg_process.hpp"
#include "actors/creative/media_probe.hpp"
#include "media/hls/media_playlist.hpp"
#include "media/stitch/creative_json.hpp"

namespace interlude {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

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

result<std::vector<stitch::creative_track>> make_tracks(const conditioning_job& job,
                                                        const media_probe& probe,
                                                        const segmentation& cut,
                                                        const track_plan& plan,
                                                        const fs::path& folder) {
  std::vector<output_track> outputs;
  std::error_code ec;
  for (std::size_t i = 0; i < plan.made.size(); ++i) {
    fs::create_directories(folder / folder_name(i), ec);
    if (ec) return error{errc::internal, folder.string(), "cannot be made: " + ec.message()};
    if (plan.made[i]->container != stitch::container::web_vtt)
      outputs.push_back({plan.made[i], (folder / folder_name(i)).string()});
  }
  if (!outputs.empty())
    if (auto made = run_program(
            conditioning_command(job.source, probe, job.exact.has_value(), cut, outputs),
            job.timeout, job.stop);
        !made)
      return error{made.error().code, job.shown, made.error().message()};
  std::vector<stitch::creative_track> tracks;
  for (std::size_t i = 0; i < plan.made.size(); ++i) {
    const auto path = folder / folder_name(i);
    auto track = plan.made[i]->container == stitch::container::web_vtt
                     ? write_empty_captions(path, cut)
                     : measure(path, *plan.made[i]);
    if (!track) return track.error();
    track->path = "c/" + job.key + "/" + folder_name(i);
    fs::remove(path / "index.m3u8", ec);
    tracks.push_back(*std::move(track));
  }
  if (auto wrong = check(tracks, cut, job.shown)) return *wrong;
  return tracks;
}

}  // namespace

result<stitch::creative> condition(const conditioning_job& job) {
  auto probe = probe_file(job.source, probe_timeout);
  if (!probe) return error{probe.error().code, job.shown, probe.error().message()};
  const bool wants_picture = std::any_of(job.ladder->tracks.begin(), job.ladder->tracks.end(),
                                         [](const auto& t) { return t.has_video; });
  if (wants_picture && !probe->format.has_video)
    return error{errc::malformed, job.shown, "has no picture, and the channel has"};
  const auto length = job.exact.value_or(probe->length);
  if (length.count() <= 0) return error{errc::malformed, job.shown, "does not say how long it is"};
  const auto cut = plan_segments(length, *job.ladder);
  const auto plan = share_tracks(*job.ladder);
  const fs::path finished = fs::path{job.root} / job.key;
  const fs::path folder = finished.string() + std::string{unfinished};
  std::error_code ec;
  fs::remove_all(folder, ec);
  auto tracks = make_tracks(job, *probe, cut, plan, folder);
  if (!tracks) {
    fs::remove_all(folder, ec);
    return tracks.error();
  }
  fs::remove_all(finished, ec);
  fs::rename(folder, finished, ec);
  if (ec)
    return error{errc::internal, finished.string(), "cannot be put in place: " + ec.message()};
  stitch::creative c{job.key, job.shown, cut.total(), {}};
  for (const auto index : plan.folder_of) c.tracks.push_back((*tracks)[index]);
  return c;
}

std::string creative_record(const stitch::creative& c) {
  auto record = stitch::to_json(c);
  record["version"] = 1;
  return json::serialize(record);
}

result<stitch::creative> read_creative_record(std::string_view record) {
  try {
    const auto value = json::parse(record);
    const auto& o = value.as_object();
    if (o.at("version").to_number<int>() != 1)
      return error{errc::unsupported, "catalogue", "a record of another version"};
    return stitch::creative_from_json(o);
  } catch (const std::exception& e) {
    return error{errc::malformed, "catalogue", e.what()};
  }
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
