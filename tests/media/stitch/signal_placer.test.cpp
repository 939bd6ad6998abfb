// Splice signals that come apart from the content, on the channel clock.
#include "media/stitch/signal_placer.hpp"

#include <boost/test/unit_test.hpp>

#include "media/stitch/in_band.hpp"
#include "tests/support/origin_script.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace interlude::stitch;

namespace {

constexpr std::uint64_t second = 90'000;

scte35::signal out_at(std::optional<std::uint64_t> pts) {
  scte35::signal s;
  s.event_id = "splice-7";
  s.pts = pts;
  s.planned = 20s;
  return s;
}

content_segment segment_at(double start, std::int64_t dsn = 0) {
  content_segment s;
  s.start = at(start);
  s.length = 4s;
  s.dsn = dsn;
  return s;
}

// The content's first picture at 100 s has 1000 s on the encoder's clock.
signal_placer anchored() {
  signal_placer p;
  p.set_anchor({1000 * second, at(100), 0});
  return p;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(placing_signals)

BOOST_AUTO_TEST_CASE(a_time_stamp_is_a_distance_from_the_anchor) {
  auto p = anchored();
  const auto placed =
      p.place(std::vector{out_at(1030 * second), out_at(995 * second)}, at(104), at(0));
  BOOST_REQUIRE(placed.cues.size() == 2u);
  BOOST_TEST((placed.cues[0].at == at(130)));
  BOOST_TEST((placed.cues[0].source == cue_source::in_band));
  BOOST_TEST((placed.cues[0].planned == duration{20s}));
  BOOST_TEST(placed.cues[0].splice_id == "splice-7");
  BOOST_TEST((placed.cues[1].at == at(95)));
  BOOST_TEST(placed.waiting == 0u);
}

BOOST_AUTO_TEST_CASE(the_clock_of_33_bits_may_wrap_in_between) {
  signal_placer p;
  p.set_anchor({scte35::pts_modulus - 2 * second, at(100), 0});
  const auto placed = p.place(std::vector{out_at(8 * second)}, at(104), at(0));
  BOOST_REQUIRE(placed.cues.size() == 1u);
  BOOST_TEST((placed.cues[0].at == at(110)));
  BOOST_TEST((pts_since(5, scte35::pts_modulus - 5) == scte35::from_ticks(10)));
  BOOST_TEST((pts_since(scte35::pts_modulus - 5, 5) == -scte35::from_ticks(10)));
}

BOOST_AUTO_TEST_CASE(what_has_no_time_happens_at_the_live_edge) {
  signal_placer p;
  const auto placed = p.place(std::vector{out_at(std::nullopt)}, at(104), at(0));
  BOOST_REQUIRE(placed.cues.size() == 1u);
  BOOST_TEST((placed.cues[0].at == at(104)));
  // Not where it was long ago.
  BOOST_TEST(p.place(std::vector{out_at(std::nullopt)}, std::nullopt, at(0)).waiting == 1u);
  BOOST_TEST((p.place_waiting(at(200), at(1)).cues.at(0).at == at(200)));
}

BOOST_AUTO_TEST_CASE(a_message_waits_for_the_anchor_that_makes_sense_of_it) {
  signal_placer p;
  BOOST_TEST(p.place(std::vector{out_at(1010 * second)}, at(104), at(0)).waiting == 1u);
  BOOST_TEST(p.place_waiting(at(108), at(4)).cues.empty());
  p.set_anchor({1000 * second, at(100), 0});
  const auto placed = p.place_waiting(at(108), at(5));
  BOOST_REQUIRE(placed.cues.size() == 1u);
  BOOST_TEST((placed.cues[0].at == at(110)));
  BOOST_TEST(!p.has_waiting());
  // After the encoder began anew, the old anchor leads nowhere near.
  BOOST_TEST(p.place(std::vector{out_at(3 * second)}, at(120), at(20)).waiting == 1u);
  p.set_anchor({1 * second, at(122), 1});
  BOOST_TEST((p.place_waiting(at(124), at(22)).cues.at(0).at == at(124)));
}

BOOST_AUTO_TEST_CASE(what_waits_is_bounded_in_number_and_time) {
  signal_placer p;
  std::size_t lost = 0;
  for (std::size_t i = 0; i < signal_placer::max_waiting + 5; ++i)
    lost += p.place(std::vector{out_at(i)}, at(104), at(0)).lost;
  BOOST_TEST(lost == 5u);
  BOOST_TEST(p.place_waiting(at(104), at(29)).lost == 0u);
  BOOST_TEST(p.place_waiting(at(104), at(30)).lost == signal_placer::max_waiting);
  BOOST_TEST(!p.has_waiting());
}

BOOST_AUTO_TEST_CASE(anchors_are_wanted_at_first_after_a_discontinuity_and_every_minute) {
  signal_placer p;
  BOOST_TEST(p.wants_anchor(segment_at(100)));
  p = anchored();
  BOOST_TEST(!p.wants_anchor(segment_at(104)));
  BOOST_TEST(!p.wants_anchor(segment_at(156)));
  BOOST_TEST(p.wants_anchor(segment_at(160)));
  BOOST_TEST(p.wants_anchor(segment_at(104, 1)));
  // And while something waits, with every segment.
  p.place(std::vector{out_at(5000 * second)}, at(104), at(0));
  BOOST_TEST(!p.wants_anchor(segment_at(100)));
  BOOST_TEST(p.wants_anchor(segment_at(104)));
}

BOOST_AUTO_TEST_SUITE_END()
