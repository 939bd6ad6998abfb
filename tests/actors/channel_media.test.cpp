// The channel actor and cues in its media.
#include <boost/test/unit_test.hpp>

#include "media/stitch/render.hpp"
#include "tests/support/splice_messages.hpp"
#include "tests/support/station.hpp"
#include "tests/support/ts_stream.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

// Segments of four seconds from the epoch, each with one picture at its start. The break of twenty
// seconds at 60 s is told in the segment that begins at `told_at`.
struct in_band_origin {
  explicit in_band_origin(station& s, double told_at) : from(told_at) {
    s.origin->answer = [this, &s](const fetch_request& r) -> result<fetch_response> {
      if (!r.url.ends_with(".ts")) return s.good(r);
      ++segments[r.url];
      if (broken) return status(r, 404);
      return page(r, media(number_of(r.url)), "video/mp2t");
    };
  }

  static int number_of(const std::string& url) { return std::stoi(url.substr(url.rfind('/') + 1)); }

  std::string media(int number) const {
    const auto start = 4.0 * number;
    ts_stream stream;
    stream.tables().picture(static_cast<std::uint64_t>(start) * 90'000, true);
    if (start == from) {
      auto e = insert_event(7, true, duration{20s});
      e.splice_immediate_flag = from == 60;
      e.when.pts_time = 60 * 90'000;
      stream.sections({scte35::encode(message(e)).value()});
    }
    const auto data = stream.take();
    return {data.begin(), data.end()};
  }

  double from;
  bool broken = false;
  std::map<std::string, int> segments;
};

station listening() {
  return station{[](channel_settings& c) { c.in_band_cues = true; }};
}

std::string playlist_at(station& s, duration time) {
  s.ask_playlist();
  for (; time > 2s; time -= 2s) {
    s.pass(2s);
    s.ask_playlist();
  }
  s.pass(time);
  const auto asked = s.ask_playlist();
  s.pass(2s);
  const auto& p = value_of(asked);
  return stitch::render_media_playlist(*p->snapshot, *p->snapshot->audiences.at(stitched_audience),
                                       0, {});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(cues_in_the_media)

BOOST_AUTO_TEST_CASE(a_message_in_a_segment_starts_a_break) {
  // Ahead, and in the very segment that it replaces.
  for (const double told_at : {48.0, 60.0}) {
    auto s = listening();
    in_band_origin media{s, told_at};
    s.start();
    const auto text = playlist_at(s, 32s);
    BOOST_TEST_CONTEXT(told_at << "\n" << text) {
      BOOST_TEST(text.find("/c/red.mp4/") != std::string::npos);
      BOOST_TEST(text.find("v0/14.ts") != std::string::npos);
      BOOST_TEST(text.find("v0/15.ts") == std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(each_segment_of_one_rendition_is_read_once) {
  auto s = listening();
  in_band_origin media{s, 48};
  s.start();
  playlist_at(s, 20s);
  BOOST_TEST(media.segments.size() > 8u);
  for (const auto& [url, times] : media.segments) {
    // Probing reads nothing here: creatives have a studio of their own.
    BOOST_TEST(times == 1, url);
    BOOST_TEST(url.find("/v0/") != std::string::npos, url);
  }
}

BOOST_AUTO_TEST_CASE(nobody_reads_media_unless_the_channel_asks_for_it) {
  station s;
  in_band_origin media{s, 48};
  s.start();
  BOOST_TEST(playlist_at(s, 20s).find("/c/") == std::string::npos);
  BOOST_TEST(media.segments.empty());
}

BOOST_AUTO_TEST_CASE(media_that_cannot_be_read_holds_up_nobody) {
  auto s = listening();
  in_band_origin media{s, 48};
  media.broken = true;
  s.start();
  BOOST_TEST(playlist_at(s, 20s).find("v0/14.ts") != std::string::npos);
  BOOST_TEST(!media.segments.empty());
}

BOOST_AUTO_TEST_SUITE_END()
