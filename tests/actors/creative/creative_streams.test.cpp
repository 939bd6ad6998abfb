// Ads that come as HLS only, from their playlist to what players are given.
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/actors/creative/remote_pages.hpp"
#include "tests/actors/creative/seamless_media.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

using words = std::vector<std::string>;

// Five seconds of HLS in a folder: `what` is made of the test picture (0) and tone (1).
void make_stream(const std::string& playlist, const words& what) {
  words all = {"ffmpeg",
               "-v",
               "error",
               "-nostdin",
               "-y",
               "-f",
               "lavfi",
               "-i",
               "testsrc=size=160x120:rate=24:duration=5",
               "-f",
               "lavfi",
               "-i",
               "sine=duration=5",
               "-c:v",
               "libx264",
               "-preset",
               "ultrafast",
               "-pix_fmt",
               "yuv420p",
               "-g",
               "24",
               "-c:a",
               "aac"};
  all.insert(all.end(), what.begin(), what.end());
  all.insert(all.end(), {"-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod", playlist});
  const auto made = run_program(all, 60s);
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error().message()));
}

// A web server of what ffmpeg makes in a folder.
struct stream_studio : remote_studio {
  explicit stream_studio(const scratch_folder& scratch, const creative_options& options = {})
      : remote_studio(scratch, options), folder(scratch) {
    fs::create_directories(folder / "ad");
  }
  std::string local(const std::string& name) const { return folder / ("ad/" + name); }
  std::string root() const { return folder / "creatives"; }
  void publish(const std::string& place = "http://cdn.test/ad/") {
    for (const auto& entry : fs::directory_iterator{folder / "ad"})
      network->put(place + entry.path().filename().string(), read_all(entry.path().string()));
  }
  void make_transport_stream(const words& more = {}) {
    words all = {"-map", "0:v", "-map", "1:a"};
    all.insert(all.end(), more.begin(), more.end());
    make_stream(local("index.m3u8"), all);
  }
  stitch::creative_ptr made(const condition_creative& question) {
    const auto answer = ask<conditioned>(question);
    BOOST_REQUIRE_MESSAGE(answer, (answer ? "" : answer.error().message()));
    return answer->creative;
  }
  // What lies beside the creatives goes in its own time.
  bool is_tidy() const {
    const auto is_part = [](const fs::directory_entry& e) {
      return e.path().extension() == ".part";
    };
    for (int i = 0; i < 500; ++i, std::this_thread::sleep_for(20ms))
      if (std::none_of(fs::directory_iterator{root()}, fs::directory_iterator{}, is_part))
        return true;
    return false;
  }
  void check(const stitch::creative& c, const stitch::ladder& ladder, duration total = 5s) const {
    BOOST_TEST((c.total == total));
    check_picture(root(), c.tracks.front(), plan_segments(c.total, ladder));
    check_sound(root(), c.tracks.back(), c.total);
    BOOST_TEST(is_tidy());
  }

  const scratch_folder& folder;
};

condition_creative ad(const std::string& url, const std::string& identity) {
  auto w = wanted(url);
  w.identity = identity;
  return w;
}

const std::string place = "http://cdn.test/ad/";

}  // namespace

BOOST_AUTO_TEST_SUITE(creatives_from_streams)

BOOST_AUTO_TEST_CASE(a_transport_stream_is_conditioned_like_a_file) {
  const scratch_folder folder;
  stream_studio s{folder};
  s.make_transport_stream();
  s.publish();
  const auto question = ad(place + "index.m3u8?token=secret", "id:x:1@cdn.test");
  s.network->put(question.source, read_all(s.local("index.m3u8")));
  const auto c = s.made(question);
  s.check(*c, *question.ladder);
  BOOST_TEST(c->source == place + "index.m3u8");
  // The playlist, and three segments; it is believed for an hour.
  BOOST_TEST(s.made(question) == c);
  const auto requests = s.network->requests();
  BOOST_TEST(requests.size() == 4u);
  for (const auto& r : requests) BOOST_TEST(r.from_stranger);
}

BOOST_AUTO_TEST_CASE(the_same_stream_is_conditioned_once_whatever_it_is_called) {
  const scratch_folder folder;
  stream_studio s{folder};
  s.make_transport_stream();
  s.publish();
  s.publish("http://other.test/7/");
  const auto c = s.made(ad(place + "index.m3u8", "id:x:1@cdn.test"));
  BOOST_TEST(s.made(ad("http://other.test/7/index.m3u8", "id:y:2@other.test")) == c);
  BOOST_TEST(s.network->requests().size() == 8u);
  BOOST_TEST(s.is_tidy());
}

BOOST_AUTO_TEST_CASE(picture_and_sound_that_come_apart_are_brought_together) {
  const scratch_folder folder;
  stream_studio s{folder};
  for (const auto* kind : {"v", "a"})
    make_stream(s.local(kind + std::string{".m3u8"}),
                {"-map", kind == std::string{"v"} ? "0:v" : "1:a", "-hls_segment_type", "fmp4",
                 "-hls_fmp4_init_filename", kind + std::string{"-init.mp4"}});
  std::ofstream{s.local("index.m3u8")}
      << "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"g\",NAME=\"en\",DEFAULT=YES,URI=\"a.m3u8\"\n"
         "#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO=\"g\"\nmissing.m3u8\n"
         "#EXT-X-STREAM-INF:BANDWIDTH=2,AUDIO=\"g\"\nv.m3u8\n";
  s.publish();
  auto question = ad(place + "index.m3u8", "id:x:1@cdn.test");
  question.ladder = ladder_of({video_track("v0", stitch::container::fmp4, false),
                               audio_track("a0", stitch::container::fmp4)},
                              2s);
  s.check(*s.made(question), *question.ladder);
}

// A slate that is a stream.
BOOST_AUTO_TEST_CASE(a_stream_can_be_looped) {
  const scratch_folder folder;
  stream_studio s{folder};
  s.make_transport_stream();
  s.publish();
  auto question = wanted(place + "index.m3u8");
  question.exact = 12s;
  s.check(*s.made(question), *question.ladder, 12s);
}

BOOST_AUTO_TEST_CASE(byte_ranges_of_one_file_are_read) {
  const scratch_folder folder;
  stream_studio s{folder};
  s.make_transport_stream({"-hls_segment_type", "fmp4", "-hls_flags", "single_file"});
  s.publish();
  const auto question = wanted(place + "index.m3u8");
  s.check(*s.made(question), *question.ladder);
  BOOST_TEST(s.network->requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_encrypted_with_a_key_that_is_given_is_decrypted) {
  const scratch_folder folder;
  stream_studio s{folder};
  std::ofstream{s.local("k")} << "0123456789abcdef";
  std::ofstream{folder / "key-info"} << "k\n" << s.local("k") << '\n';
  s.make_transport_stream({"-hls_key_info_file", folder / "key-info"});
  s.publish();
  const auto question = wanted(place + "index.m3u8");
  s.check(*s.made(question), *question.ladder);
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_live_is_told_and_nothing_is_left) {
  const scratch_folder folder;
  stream_studio s{folder};
  s.network->put(place + "live.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.ts\n");
  const auto refused = s.ask<conditioned>(ad(place + "live.m3u8", "id:x:1@cdn.test"));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().what.find("it is live") != std::string::npos, refused.error().what);
  BOOST_TEST(s.network->requests().size() == 1u);
  BOOST_TEST(fs::is_empty(s.root()));
}

BOOST_AUTO_TEST_CASE(what_is_no_media_is_told_without_the_names_of_our_files) {
  const scratch_folder folder;
  stream_studio s{folder};
  s.network->put(place + "a.m3u8",
                 "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.ts\n#EXT-X-ENDLIST\n");
  s.network->put(place + "0.ts", "ffconcat version 1.0\nfile /etc/hostname\n");
  const auto refused = s.ask<conditioned>(ad(place + "a.m3u8", "id:x:1@cdn.test"));
  BOOST_REQUIRE(!refused);
  BOOST_TEST(refused.error().what.find(folder.path()) == std::string::npos, refused.error().what);
  BOOST_TEST(s.is_tidy());
  BOOST_TEST(fs::is_empty(s.root()));
}

BOOST_AUTO_TEST_CASE(the_next_best_file_is_taken_when_a_stream_is_too_large) {
  const scratch_folder folder;
  creative_options options;
  options.max_source_bytes = 100'000;
  stream_studio s{folder, options};
  const auto film = read_all(make_source(folder / "film.mp4", "1", true));
  BOOST_REQUIRE(film.size() < options.max_source_bytes);
  s.network->put(place + "small.mp4", film);
  s.network->put(place + "large.m3u8",
                 "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n0.ts\n#EXT-X-ENDLIST\n");
  s.network->put(place + "0.ts", std::string(options.max_source_bytes, 'x'));
  auto question = ad(place + "large.m3u8", "id:x:1@cdn.test");
  question.others = {place + "small.mp4"};
  BOOST_TEST((s.made(question)->total == 1s));
  BOOST_TEST(s.is_tidy());
}

BOOST_AUTO_TEST_CASE(a_stream_that_a_crash_left_is_removed_at_the_start) {
  const scratch_folder folder;
  fs::create_directories(folder / "creatives/0123.source.part");
  std::ofstream{folder / "creatives/0123.source.part/0.ts"} << "half an ad";
  stream_studio s{folder};
  BOOST_TEST(!s.ask<conditioned>(wanted(place + "gone.m3u8")));
  BOOST_TEST(fs::is_empty(s.root()));
}

BOOST_AUTO_TEST_SUITE_END()
