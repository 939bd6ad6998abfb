// What players rely on in conditioned media.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "actors/creative/conditioner.hpp"
#include "actors/creative/ffmpeg_command.hpp"
#include "tests/actors/creative/conditioning_jobs.hpp"
#include "tests/actors/creative/seamless_media.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

struct outcome {
  stitch::creative made;
  segmentation cut;
};

outcome conditioned_to(const scratch_folder& folder, const std::string& source,
                       std::vector<stitch::track_format> tracks, duration segment) {
  const auto job = job_of(folder, source, std::move(tracks), segment);
  auto c = made(job);
  const auto cut = plan_segments(c.total, *job.ladder);
  return {std::move(c), cut};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conditioned_media)

BOOST_AUTO_TEST_CASE(a_muxed_transport_stream_is_seamless) {
  const scratch_folder folder;
  const auto [c, cut] = conditioned_to(folder, make_source(folder / "a.mp4", "5", true),
                                       {video_track("v0", stitch::container::mpeg_ts, true)}, 2s);
  check_picture(folder.path(), c.tracks[0], cut);
  check_sound(folder.path(), c.tracks[0], c.total);
}

BOOST_AUTO_TEST_CASE(a_demuxed_ntsc_ladder_is_seamless_and_cut_alike) {
  const scratch_folder folder;
  const auto [c, cut] =
      conditioned_to(folder, make_source(folder / "a.mp4", "7", true),
                     {video_track("v0", stitch::container::fmp4, false, 30'000, 1001),
                      audio_track("a0", stitch::container::fmp4)},
                     2'002ms);
  check_picture(folder.path(), c.tracks[0], cut);
  check_sound(folder.path(), c.tracks[1], c.total);
  BOOST_REQUIRE(c.tracks[0].segments.size() == c.tracks[1].segments.size());
  for (std::size_t i = 0; i < c.tracks[0].segments.size(); ++i)
    BOOST_TEST((std::chrono::abs(c.tracks[0].segments[i] - c.tracks[1].segments[i]) < 60ms));
}

BOOST_AUTO_TEST_CASE(an_ad_decodes_behind_the_contents_initialisation_and_the_content_after_it) {
  const scratch_folder folder;
  const auto content = run_program({"ffmpeg",
                                    "-v",
                                    "error",
                                    "-y",
                                    "-f",
                                    "lavfi",
                                    "-i",
                                    "testsrc=size=128x72:rate=25",
                                    "-t",
                                    "1",
                                    "-c:v",
                                    "libx264",
                                    "-bf",
                                    "2",
                                    "-pix_fmt",
                                    "yuv420p",
                                    "-f",
                                    "hls",
                                    "-hls_segment_type",
                                    "fmp4",
                                    "-hls_fmp4_init_filename",
                                    "init.mp4",
                                    "-hls_segment_filename",
                                    folder / "%d.m4s",
                                    folder / "index.m3u8"},
                                   20s);
  BOOST_REQUIRE_MESSAGE(content, (content ? "" : content.error().message()));
  conditioned_to(folder, make_source(folder / "a.mp4", "1", false),
                 {video_track("v0", stitch::container::fmp4, false)}, 2s);
  // As a reader sees a break that keeps to the first EXT-X-MAP.
  std::ofstream{folder / "whole.mp4", std::ios::binary}
      << read_all(folder / "init.mp4") << read_all(folder / "0.m4s")
      << read_all(folder / "k/t0/0.m4s") << read_all(folder / "0.m4s");
  const auto read = run_program({"ffmpeg", "-v", "error", "-xerror", "-err_detect", "explode", "-i",
                                 folder / "whole.mp4", "-f", "rawvideo", folder / "out.raw"},
                                20s);
  BOOST_TEST(read.has_value(), (read ? "" : read.error().message()));
}

BOOST_AUTO_TEST_CASE(silence_lasts_as_long_as_the_picture) {
  const scratch_folder folder;
  const auto [c, cut] = conditioned_to(folder, make_source(folder / "a.mp4", "3", false),
                                       {video_track("v0", stitch::container::mpeg_ts, true)}, 2s);
  check_picture(folder.path(), c.tracks[0], cut);
  check_sound(folder.path(), c.tracks[0], c.total);
}

BOOST_AUTO_TEST_CASE(a_picture_of_another_shape_is_padded_not_stretched) {
  const scratch_folder folder;
  const auto [c, cut] = conditioned_to(folder, make_source(folder / "a.mp4", "1", false, "90x160"),
                                       {video_track("v0", stitch::container::mpeg_ts, false)}, 2s);
  const auto size = run_program(
      {"ffprobe", "-v", "error", "-select_streams", "v:0", "-show_entries",
       "stream=width,height,sample_aspect_ratio", "-of", "csv=p=0", folder / "k/t0/0.ts"},
      20s);
  BOOST_TEST(size.value().starts_with("128,72,1:1"), *size);
}

BOOST_AUTO_TEST_CASE(an_ad_with_sound_only_does_not_fit_a_channel_with_a_picture) {
  const scratch_folder folder;
  const auto made = run_program(
      {"ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=duration=1", folder / "a.m4a"},
      20s);
  BOOST_REQUIRE(made);
  auto l = std::make_shared<stitch::ladder>();
  l->tracks = {video_track("v0", stitch::container::mpeg_ts, true)};
  l->segment_duration = 2s;
  conditioning_job job;
  job.key = "k";
  job.root = folder.path();
  job.source.path = folder / "a.m4a";
  job.shown = "a.m4a";
  job.ladder = l;
  const auto c = condition(job);
  BOOST_REQUIRE(!c);
  BOOST_TEST(c.error().message().find("has no picture") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
