#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <fstream>

#include "actors/creative/creative_interface.hpp"
#include "actors/creative/ffmpeg_command.hpp"
#include "actors/creative/ffmpeg_process.hpp"
#include "actors/creative/media_store.hpp"
#include "actors/creative/segment_probe.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace std::chrono_literals;

namespace {

stitch::ladder ladder_of(int num, int den, duration segment) {
  stitch::ladder l;
  l.segment_duration = segment;
  stitch::track_format f;
  f.has_video = true;
  f.video.frame_rate_num = num;
  f.video.frame_rate_den = den;
  l.tracks.push_back(f);
  return l;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(commands)

BOOST_AUTO_TEST_CASE(creatives_are_cut_into_whole_frames) {
  const auto s = plan_segments(10s, ladder_of(25, 1, 4s));
  BOOST_TEST(s.frames == 250);
  BOOST_TEST(s.frames_per_segment == 100);
  BOOST_TEST(s.segments() == 3);
  BOOST_TEST((s.total() == 10s));
}

BOOST_AUTO_TEST_CASE(a_sliver_at_the_end_is_spread) {
  const auto s = plan_segments(12'400ms, ladder_of(25, 1, 4s));
  BOOST_TEST(s.frames == 310);
  BOOST_TEST(s.segments() == 4);
  BOOST_TEST(s.frames_per_segment == 78);
}

BOOST_AUTO_TEST_CASE(ntsc_creatives_end_on_a_frame) {
  const auto s = plan_segments(30s, ladder_of(30'000, 1001, 6'006ms));
  BOOST_TEST(s.frames == 899);
  BOOST_TEST((s.total() == duration{29'996'633}));
}

BOOST_AUTO_TEST_CASE(a_program_says_what_it_printed_or_why_it_failed) {
  BOOST_TEST(run_program({"echo", "hello"}, 5s).value() == "hello\n");
  const auto failed = run_program({"ls", "/nonexistent-folder"}, 5s);
  BOOST_REQUIRE(!failed);
  BOOST_TEST(failed.error().what.find("nonexistent-folder") != std::string::npos);
  const auto missing = run_program({"no-such-program"}, 5s);
  BOOST_REQUIRE(!missing);
  BOOST_TEST(missing.error().what.find("cannot be started") != std::string::npos);
}

// One that outlives a killed node would keep its listening sockets, and the next node could not
// listen.
BOOST_AUTO_TEST_CASE(a_program_inherits_no_descriptors) {
  const int inherited = ::fcntl(0, F_DUPFD, 200);
  BOOST_REQUIRE(inherited >= 200);
  const auto seen = run_program({"ls", "/proc/self/fd"}, 5s);
  ::close(inherited);
  BOOST_REQUIRE(seen);
  BOOST_TEST(seen->find(std::to_string(inherited)) == std::string::npos, *seen);
}

BOOST_AUTO_TEST_CASE(a_program_that_hangs_is_ended) {
  const auto hung = run_program({"sleep", "60"}, 50ms);
  BOOST_REQUIRE(!hung);
  BOOST_TEST((hung.error().code == errc::timed_out));
}

BOOST_AUTO_TEST_CASE(media_is_found_and_nothing_else) {
  const test::scratch_folder folder;
  std::filesystem::create_directories(folder / "key/t0");
  std::ofstream{folder / "key/t0/0.ts"} << "media";
  std::ofstream{folder / "secret"} << "secret";
  media_store store{folder.path(), 1};
  BOOST_TEST(store.find("key", "t0", "0.ts").value().bytes == "media");
  BOOST_TEST(store.find("key", "t0", "0.ts").value().bytes == "media");
  BOOST_TEST((store.find("key", "t0", "1.ts").error().code == errc::not_found));
  std::filesystem::create_directories(folder / "key/t0/2.ts");
  BOOST_TEST((store.find("key", "t0", "2.ts").error().code == errc::not_found));
  for (const auto* name : {"..", ".", "", "a/b", "../secret", "%2e%2e", ".hidden"}) {
    BOOST_TEST(!store.find(name, "t0", "0.ts"));
    BOOST_TEST(!store.find("key", name, "0.ts"));
    BOOST_TEST(!store.find("key", "t0", name));
  }
}

BOOST_AUTO_TEST_CASE(media_that_cannot_be_opened_now_is_not_said_to_be_missing) {
  const test::scratch_folder folder;
  std::filesystem::create_directories(folder / "key/t0");
  std::ofstream{folder / "key/t0/0.ts"} << "media";
  media_store store{folder.path(), 1};
  ::rlimit before{};
  BOOST_REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  const ::rlimit none{0, before.rlim_max};
  BOOST_REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  const auto refused = store.find("key", "t0", "0.ts");
  ::setrlimit(RLIMIT_NOFILE, &before);
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().code == errc::internal));
  BOOST_TEST(store.find("key", "t0", "0.ts").has_value());
}

BOOST_AUTO_TEST_CASE(a_probe_asks_for_what_the_segment_needs) {
  stitch::content_segment s;
  s.lines = "#EXTINF:4,\n#EXT-X-BYTERANGE:100@50\nhttp://o.test/a.mp4\n";
  s.map_line = "#EXT-X-MAP:URI=\"http://o.test/init.mp4\",BYTERANGE=\"20@0\"\n";
  s.key_lines = "#EXT-X-KEY:METHOD=AES-128,URI=\"http://o.test/key\",IV=0x10\n";
  const auto p = probe_of(s);
  BOOST_TEST(p.segment_url == "http://o.test/a.mp4");
  BOOST_TEST(p.segment_range.value().offset == 50u);
  BOOST_TEST(p.init_url == "http://o.test/init.mp4");
  BOOST_TEST(p.init_range.value().length == 20u);
  BOOST_TEST(p.key_url == "http://o.test/key");
  BOOST_TEST(p.iv == "0x10");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_decrypted_is_said) {
  BOOST_TEST(!decrypt_aes128("0123456789abcdef", "short", "0x1"));
  BOOST_TEST(!decrypt_aes128("0123456789abcdef", "0123456789abcdef", "0xzz"));
  BOOST_TEST(!decrypt_aes128("not a multiple", "0123456789abcdef", "0x1"));
}

BOOST_AUTO_TEST_SUITE_END()
