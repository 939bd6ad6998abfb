#include "actors/creative/conditioner.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>

#include "actors/creative/ffmpeg_process.hpp"
#include "tests/actors/creative/conditioning_jobs.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

std::string probe(const std::string& file, const std::string& entries, const char* stream) {
  const auto text = run_program({"ffprobe", "-v", "error", "-select_streams", stream,
                                 "-show_entries", entries, "-of", "csv=p=0", file},
                                20s);
  return text ? *text : text.error().message();
}

duration total(const stitch::creative_track& t) {
  duration sum{0};
  for (const auto d : t.segments) sum += d;
  return sum;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(conditioning)

BOOST_AUTO_TEST_CASE(a_muxed_transport_stream_ladder) {
  const scratch_folder folder;
  auto small = video_track("v1", stitch::container::mpeg_ts, true);
  small.video.width = 96;
  small.video.height = 54;
  const auto c = made(job_of(folder, make_source(folder / "a.mp4", "5", true),
                             {video_track("v0", stitch::container::mpeg_ts, true), small}, 2s));
  BOOST_REQUIRE(c.tracks.size() == 2u);
  BOOST_TEST((c.total == 5s));
  for (const auto& t : c.tracks) {
    BOOST_TEST(t.segments.size() == 3u);
    BOOST_TEST((total(t) == 5s));
    BOOST_TEST(t.extension == ".ts");
  }
  // Each segment begins with a key frame and has sound.
  for (int i = 0; i < 3; ++i) {
    const auto file = folder / ("k/t1/" + std::to_string(i) + ".ts");
    BOOST_TEST(probe(file, "packet=flags", "v:0").substr(0, 1) == "K");
    BOOST_TEST(!probe(file, "packet=pts_time", "a:0").empty());
  }
  BOOST_TEST(
      probe(folder / "k/t1/0.ts", "stream=width,height,r_frame_rate", "v:0").find("96,54,25/1") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_demuxed_ntsc_ladder_of_fragmented_mp4) {
  const scratch_folder folder;
  const auto c = made(job_of(folder, make_source(folder / "a.mp4", "7", true),
                             {video_track("v0", stitch::container::fmp4, false, 30'000, 1001),
                              audio_track("a0", stitch::container::fmp4)},
                             2'002ms));
  BOOST_REQUIRE(c.tracks.size() == 2u);
  BOOST_TEST(c.tracks[0].init == "init.mp4");
  BOOST_TEST(c.tracks[0].segments.size() == c.tracks[1].segments.size());
  BOOST_TEST((std::chrono::abs(total(c.tracks[0]) - total(c.tracks[1])) < 40ms));
}

BOOST_AUTO_TEST_CASE(an_ad_without_sound_gets_silence) {
  const scratch_folder folder;
  made(job_of(folder, make_source(folder / "a.mp4", "3", false),
              {video_track("v0", stitch::container::mpeg_ts, true)}, 2s));
  BOOST_TEST(probe(folder / "k/t0/0.ts", "stream=codec_name", "a:0").find("aac") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_slate_is_looped_and_cut_to_the_frame) {
  const scratch_folder folder;
  auto job = job_of(folder, make_source(folder / "a.mp4", "2", true),
                    {video_track("v0", stitch::container::mpeg_ts, true)}, 2s);
  job.exact = 5'480ms;
  const auto c = made(job);
  BOOST_TEST((c.total == 5'480ms));
  BOOST_TEST((total(c.tracks[0]) == 5'480ms));
}

BOOST_AUTO_TEST_CASE(captions_of_an_ad_are_empty_but_there) {
  const scratch_folder folder;
  stitch::track_format captions;
  captions.rendition = "s0";
  captions.container = stitch::container::web_vtt;
  const auto c = made(job_of(folder, make_source(folder / "a.mp4", "5", true),
                             {video_track("v0", stitch::container::mpeg_ts, true), captions}, 2s));
  BOOST_TEST(c.tracks[1].segments.size() == 3u);
  std::ifstream in{folder / "k/t1/0.vtt"};
  std::string first;
  std::getline(in, first);
  BOOST_TEST(first == "WEBVTT");
}

BOOST_AUTO_TEST_CASE(renditions_of_equal_make_share_their_media) {
  const scratch_folder folder;
  const auto c = made(job_of(folder, make_source(folder / "a.mp4", "2", true),
                             {video_track("v0", stitch::container::mpeg_ts, true),
                              video_track("v1", stitch::container::mpeg_ts, true)},
                             2s));
  BOOST_TEST(c.tracks[0].path == c.tracks[1].path);
}

BOOST_AUTO_TEST_CASE(what_is_made_is_there_and_measured) {
  const scratch_folder folder;
  const auto c = condition(job_of(folder, make_source(folder / "a.mp4", "3", true),
                                  {video_track("v0", stitch::container::mpeg_ts, true)}, 2s));
  BOOST_REQUIRE(c);
  BOOST_TEST(c->bytes == std::filesystem::file_size(folder / "k/t0/0.ts") +
                             std::filesystem::file_size(folder / "k/t0/1.ts"));
  BOOST_TEST(creative_is_there(c->media, folder.path()));
  std::filesystem::remove(folder / "k/t0/1.ts");
  BOOST_TEST(!creative_is_there(c->media, folder.path()));
}

BOOST_AUTO_TEST_CASE(what_is_no_media_or_points_elsewhere_is_refused) {
  const scratch_folder folder;
  std::ofstream{folder / "text.mp4"} << "hello";
  std::ofstream{folder / "list.mp4"}
      << "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n";
  std::ofstream{folder / "concat.mp4"} << "ffconcat version 1.0\nfile /etc/hostname\n";
  for (const auto* name : {"text.mp4", "list.mp4", "concat.mp4", "missing.mp4"}) {
    const auto c = condition(
        job_of(folder, folder / name, {video_track("v0", stitch::container::mpeg_ts, true)}, 2s));
    BOOST_TEST(!c, name);
  }
  BOOST_TEST(!std::filesystem::exists(folder / "k"));
  BOOST_TEST(!std::filesystem::exists(folder / "k.part"));
}

BOOST_AUTO_TEST_CASE(what_a_crash_left_is_removed) {
  const scratch_folder folder;
  std::filesystem::create_directories(folder / "x.part/t0");
  std::filesystem::create_directories(folder / "y/t0");
  remove_leftovers(folder.path());
  BOOST_TEST(!std::filesystem::exists(folder / "x.part"));
  BOOST_TEST(std::filesystem::exists(folder / "y"));
}

BOOST_AUTO_TEST_SUITE_END()
