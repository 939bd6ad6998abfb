// Creatives come out as loud as they should, whatever they were: told by ffmpeg's meter.
#include "actors/creative/loudness.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/actors/creative/conditioning_jobs.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

// A picture with this sound, given as ffmpeg's source filters.
std::string source_with(const scratch_folder& folder, const std::string& sound) {
  const auto file = folder / "source.mov";
  const auto done =
      run_program({"ffmpeg",    "-v",        "error",
                   "-nostdin",  "-y",        "-f",
                   "lavfi",     "-i",        "testsrc=size=160x120:rate=24:duration=6",
                   "-f",        "lavfi",     "-i",
                   sound,       "-t",        "6",
                   "-c:v",      "libx264",   "-preset",
                   "ultrafast", "-pix_fmt",  "yuv420p",
                   "-c:a",      "pcm_s16le", file},
                  60s);
  BOOST_REQUIRE_MESSAGE(done, (done ? "" : done.error().message()));
  return file;
}

conditioning_job levelled(const scratch_folder& folder, const std::string& source, double target) {
  auto job = job_of(folder, source, {video_track("v0", stitch::container::mpeg_ts, true)}, 10s);
  job.loudness = target;
  return job;
}

std::optional<loudness> loudness_of(const std::string& file) {
  const auto report = run_program(measuring_command({file}, 2), 60s, {}, program_text::messages);
  BOOST_REQUIRE_MESSAGE(report, (report ? "" : report.error().message()));
  const auto measured = read_loudness(*report);
  BOOST_REQUIRE(measured);
  return *measured;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(loudness_of_creatives)

BOOST_AUTO_TEST_CASE(loud_and_quiet_sources_come_out_within_a_unit_of_the_target) {
  for (const auto* sound :
       {"sine=frequency=1000:sample_rate=48000,volume=15dB", "sine=frequency=440,volume=-30dB",
        "anoisesrc=amplitude=0.9:color=pink:seed=1", "anoisesrc=amplitude=0.005:color=pink:seed=1",
        "sine=frequency=1000,aformat=channel_layouts=5.1"}) {
    const scratch_folder folder;
    const auto source = source_with(folder, sound);
    const auto c = condition(levelled(folder, source, -24));
    BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
    const auto out = loudness_of(folder / "k/t0/0.ts");
    BOOST_REQUIRE_MESSAGE(out, sound);
    BOOST_TEST(std::abs(out->integrated + 24) < 1, sound << " came out at " << out->integrated);
    BOOST_TEST(std::abs(c->loudness.value() - loudness_of(source)->integrated) < 0.5);
  }
}

BOOST_AUTO_TEST_CASE(it_stays_as_it_is_when_that_is_wanted) {
  const scratch_folder folder;
  const auto source = source_with(folder, "sine=frequency=1000,volume=10dB");
  const auto c = condition(levelled(folder, source, as_loud_as_it_is));
  BOOST_REQUIRE(c);
  BOOST_TEST(!c->loudness);
  BOOST_TEST(std::abs(loudness_of(folder / "k/t0/0.ts")->integrated -
                      loudness_of(source)->integrated) < 0.5);
}

BOOST_AUTO_TEST_CASE(peaks_are_held_down_where_a_quiet_source_has_some) {
  const scratch_folder folder;
  // A click a second, as high as can be, over a murmur.
  const auto source = source_with(
      folder,
      "aevalsrc=0.003*sin(2*PI*500*t)+0.9*lt(mod(t\\,1)\\,0.0004)*sin(2*PI*5000*t):s=48000");
  const auto before = loudness_of(source);
  BOOST_REQUIRE(before);
  BOOST_REQUIRE(gain_to(before, -24).limited);
  const auto c = condition(levelled(folder, source, -24));
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  // Encoding adds a little.
  BOOST_TEST(loudness_of(folder / "k/t0/0.ts")->peak < -0.5);
}

BOOST_AUTO_TEST_CASE(silence_stays_silent) {
  const scratch_folder folder;
  const auto c = condition(levelled(folder, source_with(folder, "anullsrc"), -24));
  BOOST_REQUIRE_MESSAGE(c, (c ? "" : c.error().message()));
  BOOST_TEST(!c->loudness);
  BOOST_TEST(!loudness_of(folder / "k/t0/0.ts"));
  const scratch_folder other;
  const auto mute = condition(levelled(other, make_source(other / "a.mp4", "2", false), -24));
  BOOST_REQUIRE_MESSAGE(mute, (mute ? "" : mute.error().message()));
  BOOST_TEST(!mute->loudness);
}

BOOST_AUTO_TEST_CASE(gains_are_plain_unless_peaks_would_be_too_high) {
  BOOST_TEST(gain_to(loudness{-18, -1}, -24).decibels == -6);
  BOOST_TEST(!gain_to(loudness{-18, -1}, -24).limited);
  BOOST_TEST(!gain_to(loudness{-34, -20}, -24).limited);
  BOOST_TEST(gain_to(loudness{-34, -10}, -24).limited);
  BOOST_TEST(gain_to(loudness{-69, -60}, -24).decibels == 40);
  BOOST_TEST(gain_to(std::nullopt, -24).decibels == 0);
  BOOST_TEST(gain_to(loudness{-18, -1}, as_loud_as_it_is).decibels == 0);
}

BOOST_AUTO_TEST_CASE(a_report_that_is_none_is_an_error_and_silence_is_not) {
  for (const auto* text : {"", "{", "}{", "{}", R"({"input_i":"x","input_tp":"-1"})"})
    BOOST_TEST(!read_loudness(text), text);
  const auto silent = read_loudness(R"(noise {"input_i" : "-inf", "input_tp" : "-inf"} )");
  BOOST_REQUIRE(silent);
  BOOST_TEST(!*silent);
  const auto loud = read_loudness("x {a}\n{\"input_i\" : \"-7.85\", \"input_tp\" : \"-3.21\"}\n");
  BOOST_REQUIRE(loud);
  BOOST_TEST((*loud)->integrated == -7.85);
  BOOST_TEST((*loud)->peak == -3.21);
}

BOOST_AUTO_TEST_SUITE_END()
