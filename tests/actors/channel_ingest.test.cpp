// The channel actor and splice signals that come apart from its content.
#include <boost/test/unit_test.hpp>

#include "media/stitch/render.hpp"
#include "tests/support/station.hpp"
#include "tests/support/ts_stream.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

constexpr std::uint64_t second = 90'000;

// Segments of four seconds from the epoch, whose pictures have the encoder's clock: an hour more
// than the channel's. Nothing tells of breaks.
struct plain_origin {
  explicit plain_origin(station& s) {
    s.origin->answer = [this, &s](const fetch_request& r) -> result<fetch_response> {
      if (!r.url.ends_with(".ts")) return s.good(r);
      ++segments[r.url];
      if (broken) return status(r, 404);
      const auto number = std::stoi(r.url.substr(r.url.rfind('/') + 1));
      const auto data = ts_stream{}.tables().picture(pts(4.0 * number), true).take();
      return page(r, {data.begin(), data.end()}, "video/mp2t");
    };
  }
  static std::uint64_t pts(double channel_seconds) {
    return static_cast<std::uint64_t>(3600 + channel_seconds) * second;
  }

  bool broken = false;
  std::map<std::string, int> segments;
};

scte35::signal break_at(std::optional<std::uint64_t> pts, const std::string& id = "splice-7") {
  scte35::signal s;
  s.event_id = id;
  s.pts = pts;
  s.planned = 20s;
  return s;
}

struct ingesting : station {
  explicit ingesting(std::function<void(channel_settings&)> adjust = {})
      : station(std::move(adjust)), content(*this) {
    start();
    ask_playlist();
    pass(2s);
  }
  ingest_outcome heard(std::vector<scte35::signal> signals) {
    return value_of(tell(std::move(signals)));
  }
  std::string breaks() {
    std::string out;
    for (const auto& b : view->load()->snapshot->breaks)
      out += format_iso8601(b.start).substr(14, 5) + ' ' + stitch::to_string(b.state) + ' ';
    return out;
  }
  void watch(duration time) {
    for (; time > 0s; time -= 2s) {
      ask_playlist();
      pass(2s);
    }
  }

  plain_origin content;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(signals_of_an_ingest)

BOOST_AUTO_TEST_CASE(a_time_stamp_becomes_a_break_where_the_content_has_it) {
  ingesting s;
  s.view->ingests = 1;
  s.heard({});
  s.pass(1s);
  BOOST_TEST(s.content.segments.size() == 1u);
  BOOST_TEST(s.heard({break_at(plain_origin::pts(60))}).taken == 1u);
  s.watch(30s);
  BOOST_TEST(s.breaks() == "01:00 running ");
  const auto p = s.view->load();
  const auto text = stitch::render_media_playlist(
      *p->snapshot, *p->snapshot->audiences.at(stitched_audience), 0, {});
  BOOST_TEST(text.find("/c/red.mp4/") != std::string::npos, text);
  BOOST_TEST(text.find("v0/15.ts") == std::string::npos, text);
}

BOOST_AUTO_TEST_CASE(the_first_message_of_a_short_ingest_waits_for_a_segment_to_be_read) {
  ingesting s;
  s.origin->silent = true;
  const auto outcome = s.heard({break_at(plain_origin::pts(60))});
  BOOST_TEST(outcome.taken == 0u);
  BOOST_TEST(outcome.waiting == 1u);
  BOOST_TEST(s.breaks().empty());
  s.origin->answer_all();
  s.pass(2s);
  BOOST_TEST(s.breaks() == "01:00 announced ");
}

BOOST_AUTO_TEST_CASE(a_message_without_a_time_is_about_the_live_edge) {
  ingesting s;
  const auto edge = s.view->load()->snapshot->windows[0]->edge();
  BOOST_TEST(s.heard({break_at(std::nullopt)}).taken == 1u);
  // Repeated, it is the same break.
  s.watch(4s);
  s.heard({break_at(std::nullopt)});
  BOOST_REQUIRE(s.view->load()->snapshot->breaks.size() == 1u);
  BOOST_TEST((s.view->load()->snapshot->breaks[0].start == edge));
}

BOOST_AUTO_TEST_CASE(while_there_is_an_ingest_the_channel_is_followed_without_viewers) {
  ingesting s;
  s.pass(60s);
  s.origin->requests.clear();
  s.pass(20s);
  BOOST_TEST(s.origin->requests.empty());
  s.view->ingests = 1;
  s.heard({});
  s.pass(130s);
  BOOST_TEST(s.origin->requests["http://origin.test/v0.m3u8"] > 50);
  BOOST_TEST(s.origin->requests.count("http://origin.test/v1.m3u8") == 0u);
  // One segment a minute.
  BOOST_TEST(s.content.segments.size() == 3u);
  BOOST_TEST(s.heard({break_at(plain_origin::pts(to_seconds(s.now() - epoch) + 10))}).taken == 1u);
  s.view->ingests = 0;
  s.pass(60s);
  s.origin->requests.clear();
  s.pass(20s);
  BOOST_TEST(s.origin->requests.empty());
}

BOOST_AUTO_TEST_CASE(what_comes_when_nobody_has_watched_waits_for_the_playlist_of_now) {
  ingesting s;
  s.pass(120s);
  BOOST_TEST(s.heard({break_at(std::nullopt)}).waiting == 1u);
  s.pass(2s);
  BOOST_REQUIRE(s.view->load()->snapshot->breaks.size() == 1u);
  BOOST_TEST((s.now() - s.view->load()->snapshot->breaks[0].start < 10s));
}

BOOST_AUTO_TEST_CASE(a_message_that_the_media_tells_as_well_is_one_break) {
  ingesting s{[](channel_settings& c) { c.in_band_cues = true; }};
  s.watch(4s);
  // Segments are read anyway: no other is for the time alone.
  for (const auto& [url, times] : s.content.segments) BOOST_TEST(times == 1, url);
  BOOST_TEST(s.heard({break_at(plain_origin::pts(60))}).taken == 1u);
  BOOST_TEST(s.heard({break_at(plain_origin::pts(60)), break_at(plain_origin::pts(60), "splice-8")})
                 .taken == 2u);
  BOOST_TEST(s.breaks() == "01:00 announced ");
  for (const auto& [url, times] : s.content.segments) BOOST_TEST(times == 1, url);
}

BOOST_AUTO_TEST_CASE(content_that_cannot_be_read_leaves_messages_waiting_and_then_forgotten) {
  ingesting s;
  s.content.broken = true;
  s.view->ingests = 1;
  BOOST_TEST(s.heard({break_at(plain_origin::pts(60))}).waiting == 1u);
  s.watch(40s);
  BOOST_TEST(s.breaks().empty());
  for (const auto& [url, times] : s.content.segments) BOOST_TEST(times == 1, url);
  s.content.broken = false;
  s.watch(8s);
  BOOST_TEST(s.breaks().empty());
  BOOST_TEST(s.heard({break_at(plain_origin::pts(to_seconds(s.now() - epoch) + 20))}).taken == 1u);
}

BOOST_AUTO_TEST_CASE(before_anything_is_known_of_the_content_it_is_refused) {
  station s;
  s.origin->silent = true;
  s.start();
  BOOST_TEST((error_of(s.tell({break_at(1)})).code == errc::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()
