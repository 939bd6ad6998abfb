// Cues in the media, on the channel clock, and the breaks they make.
#include "media/stitch/in_band.hpp"

#include <boost/test/unit_test.hpp>

#include "media/cmaf/box_writer.hpp"
#include "tests/support/mp4_boxes.hpp"
#include "tests/support/simulated_channel.hpp"
#include "tests/support/splice_messages.hpp"
#include "tests/support/ts_stream.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

constexpr std::uint64_t second = 90'000;

stitch::content_segment segment(std::int64_t msn, double start, bool discontinuity = false) {
  stitch::content_segment s;
  s.msn = msn;
  s.start = at(start);
  s.length = 4s;
  s.discontinuity = discontinuity;
  return s;
}

bytes insert_at(std::uint32_t id, bool out, std::uint64_t pts,
                std::optional<duration> planned = std::nullopt, std::uint64_t adjustment = 0) {
  auto e = insert_event(id, out, planned);
  e.splice_immediate_flag = false;
  e.when.pts_time = pts;
  auto m = message(e);
  m.pts_adjustment = adjustment;
  return scte35::encode(m).value();
}

bytes immediate(std::uint32_t id) {
  return scte35::encode(message(insert_event(id, true, 30s))).value();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(in_band_cues)

BOOST_AUTO_TEST_CASE(the_first_picture_maps_media_time_to_the_channel) {
  stitch::in_band_reader reader{{}};
  ts_stream s;
  const auto found = reader.read(segment(10, 40),
                                 s.tables()
                                     .picture(100 * second, true)
                                     .sections({insert_at(7, true, 108 * second, 30s)})
                                     .take(),
                                 {});
  BOOST_REQUIRE(found.cues.size() == 1u);
  BOOST_TEST((found.cues[0].at == at(48)));
  BOOST_TEST((found.cues[0].planned == duration{30s}));
  BOOST_TEST((found.cues[0].source == stitch::cue_source::in_band));
  BOOST_TEST(found.cues[0].splice_id == "splice-7");
}

BOOST_AUTO_TEST_CASE(clocks_wrap_and_are_adjusted) {
  stitch::in_band_reader reader{{}};
  ts_stream s;
  // The stream wraps two seconds after the segment's start; a multiplexer has moved its clock by 5
  // s.
  const auto first = scte35::pts_modulus - 2 * second;
  const auto found = reader.read(
      segment(10, 40),
      s.tables().picture(first, true).sections({insert_at(7, true, second, {}, 5 * second)}).take(),
      {});
  BOOST_REQUIRE(found.cues.size() == 1u);
  BOOST_TEST((found.cues[0].at == at(40 + 2 + 6)));
}

BOOST_AUTO_TEST_CASE(an_immediate_splice_is_where_it_stands) {
  stitch::in_band_reader reader{{}};
  ts_stream s;
  const auto found = reader.read(segment(10, 40),
                                 s.tables()
                                     .picture(0, true)
                                     .picture(second)
                                     .sections({immediate(7)})
                                     .picture(2 * second)
                                     .take(),
                                 {});
  BOOST_REQUIRE(found.cues.size() == 1u);
  BOOST_TEST((found.cues[0].at == at(41)));
}

BOOST_AUTO_TEST_CASE(a_discontinuity_or_a_gap_starts_the_stream_anew) {
  for (const bool gap : {false, true}) {
    stitch::in_band_reader reader{{}};
    ts_stream s;
    s.tables().picture(0, true).sections({bytes(600, 0xFC)});
    auto cut = s.take();
    cut.resize(cut.size() - 188);
    reader.read(segment(10, 40), cut, {});
    // The tables have to come again; before that nothing is known of the stream.
    const auto found =
        reader.read(segment(gap ? 12 : 11, 44, !gap), ts_stream{}.picture(5, true).take(), {});
    BOOST_TEST(found.cues.empty());
    BOOST_TEST(!found.drift);
  }
}

BOOST_AUTO_TEST_CASE(drift_between_media_and_dates_is_measured) {
  stitch::in_band_reader reader{{}};
  ts_stream s;
  BOOST_TEST(!reader.read(segment(10, 40), s.tables().picture(0, true).take(), {}).drift);
  const auto found = reader.read(segment(11, 44), s.picture(4 * second + 900, true).take(), {});
  BOOST_TEST((found.drift == duration{10ms}));
}

BOOST_AUTO_TEST_CASE(times_of_another_stream_are_no_times) {
  stitch::in_band_reader reader{{}};
  ts_stream s;
  const auto found = reader.read(
      segment(10, 40),
      s.tables().picture(0, true).sections({insert_at(7, true, 20'000 * second)}).take(), {});
  BOOST_TEST(found.cues.empty());
  BOOST_TEST(found.unreadable == 1u);
}

BOOST_AUTO_TEST_CASE(damaged_messages_are_counted) {
  auto damaged = insert_at(7, true, second);
  damaged[20] ^= 1;
  stitch::in_band_reader reader{{}};
  ts_stream s;
  const auto found =
      reader.read(segment(10, 40), s.tables().picture(0, true).sections({damaged}).take(), {});
  BOOST_TEST(found.cues.empty());
  BOOST_TEST(found.unreadable == 1u);
}

BOOST_AUTO_TEST_CASE(event_messages_are_cues_at_their_own_time) {
  stitch::in_band_reader reader{{}};
  const auto media =
      joined({cmaf::write_event_message(insert_at(7, true, 5, 30s), 7, 1000, 508'000, 30'000),
              test::movie_fragment(1, 500 * 12'800)});
  const auto found = reader.read(segment(10, 40), media, initialization(1, 12'800));
  BOOST_REQUIRE(found.cues.size() == 1u);
  BOOST_TEST((found.cues[0].at == at(48)));
  BOOST_TEST(reader.read(segment(11, 44), {}, {}).cues.empty());
}

// A channel whose playlists say nothing: the message comes in the media, eight seconds ahead.
BOOST_AUTO_TEST_CASE(a_channel_with_cues_only_in_its_media_is_stitched) {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(70), 4s).fill(at(300), 4s);
  simulated_channel c{{r}};
  stitch::in_band_reader reader{{}};
  ts_stream stream;
  std::int64_t last = -1;
  for (double now = 20; now < 110; now += 2) {
    c.poll(0, at(now));
    for (const auto& s : c.timeline.window(0)->segments) {
      if (s->msn <= last) continue;
      last = s->msn;
      const auto pts = static_cast<std::uint64_t>(to_seconds(s->start - at(0)) * 90'000) + 77;
      stream.tables().picture(pts, true);
      // Repeated in each segment until it happens, as encoders do.
      if (s->start >= at(28) && s->start <= at(36))
        stream.sections({insert_at(7, true, 40 * second + 77, 120s)});
      if (s->start >= at(56) && s->start <= at(68))
        stream.sections({insert_at(7, false, 70 * second + 77)});
      c.timeline.observe_in_band(reader.read(*s, stream.take(), {}).cues);
    }
    for (const auto& open : c.timeline.take_open_decisions())
      c.timeline.decide(open.audience, open.opportunity.id, c.offer(), nullptr);
    c.timeline.advance(at(now));
    c.watch_all("viewer", at(now));
  }
  BOOST_TEST(c.ads_shown() == "red/0 red/1 red/2 green/0 green/1 green/2 green/3 blue/0 blue/1");
  BOOST_REQUIRE(c.timeline.breaks().size() == 1u);
  BOOST_TEST((c.timeline.breaks()[0].out_point == at(40)));
  BOOST_TEST((c.timeline.breaks()[0].in_point == at(70)));
}

BOOST_AUTO_TEST_SUITE_END()
