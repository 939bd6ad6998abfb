// What stands in a playlist beside segments: keys, maps, versions, and the tags of guided breaks
// (sections 8 and 10 of the stitching rules).
#include "media/stitch/render.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "media/stitch/interstitials.hpp"
#include "tests/support/simulated_channel.hpp"

using namespace interlude;
using namespace interlude::test;

namespace {

// 40 s of programme, a break of 30 s, programme again, cut at the cues.
origin_rendition with_break() {
  origin_rendition r;
  r.fill(at(40), 4s).fill(at(70), 4s).fill(at(200), 4s);
  r.tag(at(40), "#EXT-X-CUE-OUT:30").tag(at(70), "#EXT-X-CUE-IN");
  return r;
}

std::string text_at(simulated_channel& c, double t, const stitch::render_options& options = {},
                    const char* audience = "all", std::size_t index = 0) {
  for (double s = 20; s <= t; s += 2) c.round(at(s));
  const auto snapshot = c.timeline.take_snapshot();
  return stitch::render_media_playlist(*snapshot, *snapshot->audiences.at(audience), index,
                                       options);
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (auto from = text.find(what); from != std::string::npos; from = text.find(what, from + 1))
    ++n;
  return n;
}

bool stands_before(const std::string& text, const std::string& first, const std::string& second) {
  const auto a = text.find(first), b = text.find(second, a == std::string::npos ? 0 : a);
  return a != std::string::npos && b != std::string::npos;
}

simulated_channel guided(origin_rendition r) {
  simulated_channel c{{std::move(r)}};
  c.timeline.add_audience("guided", true);
  return c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tags_of_stitched_playlists)

BOOST_AUTO_TEST_CASE(ads_in_encrypted_content_are_clear_and_the_key_comes_back) {
  auto r = with_break();
  r.head = {"#EXT-X-KEY:METHOD=AES-128,URI=\"key\""};
  r.window = 14;
  simulated_channel c{{r}};
  const auto text = text_at(c, 88);
  // Programme before, ads, programme after: the key, none, the key again.
  const auto ads = text.find("\nad/");
  BOOST_REQUIRE(ads != std::string::npos);
  const auto none = text.rfind("#EXT-X-KEY:METHOD=NONE\n", ads);
  BOOST_REQUIRE(none != std::string::npos);
  BOOST_TEST(text.rfind("URI=\"http://origin.test/live/key\"", ads) < none);
  BOOST_TEST(count(text, "METHOD=NONE") == 1u);
  BOOST_TEST(text.find("URI=\"http://origin.test/live/key\"", ads) != std::string::npos);
  // Our numbers are not the origin's, so the IV that follows from them is written out.
  BOOST_TEST(stands_before(text, "IV=0x00000000000000000000000000000076\n",
                           "http://origin.test/live/v0/18.ts"));
  BOOST_TEST(text.find("#EXT-X-VERSION:3\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_window_that_begins_inside_a_break_needs_no_key_until_content_returns) {
  auto r = with_break();
  r.head = {"#EXT-X-KEY:METHOD=AES-128,URI=\"key\",IV=0x01"};
  r.window = 4;
  simulated_channel c{{r}};
  const auto text = text_at(c, 76);
  const auto first_ad = text.find("\nad/");
  BOOST_REQUIRE(first_ad != std::string::npos);
  BOOST_TEST(text.substr(0, first_ad).find("EXT-X-KEY") == std::string::npos);
  BOOST_TEST(stands_before(
      text, "#EXT-X-KEY:METHOD=AES-128,URI=\"http://origin.test/live/key\",IV=0x01", "v0/18.ts"));
}

BOOST_AUTO_TEST_CASE(maps_of_content_and_ads_change_places) {
  auto r = with_break();
  r.head = {"#EXT-X-MAP:URI=\"init.mp4\""};
  r.window = 14;
  simulated_channel c{{r}};
  c.house = {{"red", make_creative("red", 10s, 1, 4s, true)}};
  c.slate = make_creative("slate", 20s, 1, 4s, true);
  c.timeline.set_slate(c.slate);
  const auto text = text_at(c, 88);
  BOOST_TEST(count(text, "#EXT-X-MAP:URI=\"http://origin.test/live/init.mp4\"") == 2u);
  BOOST_TEST(count(text, "/c/red/t0/init.mp4\"") == 1u);
  BOOST_TEST(count(text, "/c/slate/t0/init.mp4\"") == 1u);
  BOOST_TEST(text.find("#EXT-X-VERSION:6\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_stitched_playlist_cannot_keep_it_does_not_promise) {
  auto r = with_break();
  r.head = {"#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0",
            "#EXT-X-PART-INF:PART-TARGET=0.33", "#EXT-X-INDEPENDENT-SEGMENTS"};
  r.tag(at(28), "#EXT-X-PART:DURATION=0.33,URI=\"p.ts\"").tag(at(28), "#EXT-X-VENDOR:kept=1");
  simulated_channel c{{r}};
  const auto text = text_at(c, 40);
  for (const auto* gone : {"SERVER-CONTROL", "EXT-X-PART", "CUE-OUT"})
    BOOST_TEST(text.find(gone) == std::string::npos, gone);
  BOOST_TEST(text.find("#EXT-X-VENDOR:kept=1\n") != std::string::npos);
  BOOST_TEST(text.find("#EXT-X-INDEPENDENT-SEGMENTS\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(cue_tags_are_passed_on_where_the_channel_wants_them) {
  auto r = with_break();
  r.window = 14;
  stitch::render_options keep;
  keep.keep_cues = true;
  simulated_channel c{{r}};
  const auto text = text_at(c, 88, keep);
  BOOST_TEST(text.find("#EXT-X-CUE-IN\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_node_that_starts_mid_break_finds_the_break_under_way) {
  auto r = with_break();
  r.window = 4;
  for (double t = 44; t < 70; t += 4)
    r.tag(at(t), "#EXT-X-CUE-OUT-CONT:ElapsedTime=" + std::to_string(static_cast<int>(t) - 40) +
                     ",Duration=30");
  simulated_channel before{{r}}, after{{r}};
  before.play(20, 60);
  // The tag that began the break has left the window; what goes on tells when it began.
  for (double t = 62; t <= 110; t += 2) {
    after.round(at(t));
    after.watch_all("viewer", at(t));
  }
  BOOST_REQUIRE(after.timeline.breaks().size() == 1u);
  BOOST_TEST(after.timeline.breaks()[0].id == before.timeline.breaks()[0].id);
  const auto shown = after.ads_shown();
  BOOST_TEST(shown.find("green/3") != std::string::npos);
  BOOST_TEST(after.content_shown().front() >= 18);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tags_of_guided_playlists)

BOOST_AUTO_TEST_CASE(a_break_is_one_tag_that_stays_as_it_is) {
  auto c = guided(with_break());
  const auto first = text_at(c, 46, {}, "guided");
  const auto from = first.find("#EXT-X-DATERANGE:");
  BOOST_REQUIRE(from != std::string::npos);
  const auto tag = first.substr(from, first.find('\n', from) + 1 - from);
  for (const auto* part :
       {"ID=\"b1767225640000\"", "CLASS=\"com.apple.hls.interstitial\"",
        "START-DATE=\"2026-01-01T00:00:40.000Z\"", "PLANNED-DURATION=30", "X-RESUME-OFFSET=30",
        "X-ASSET-LIST=\"assets/b1767225640000.json?_HLS_interstitial_id=b1767225640000\"",
        "X-SNAP=\"OUT,IN\""})
    BOOST_TEST(tag.find(part) != std::string::npos, part);
  const auto later = text_at(c, 76, {}, "guided");
  BOOST_TEST(later.find(tag) != std::string::npos);
  BOOST_TEST(count(later, "#EXT-X-DATERANGE:") == 1u);
  BOOST_TEST(later.find("\nad/") == std::string::npos);
  BOOST_TEST(later.find("EXT-X-CUE") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_early_return_is_a_second_tag_that_adds_the_limit) {
  auto r = with_break();
  r.tag(at(56), "#EXT-X-CUE-IN");
  auto c = guided(r);
  const auto text = text_at(c, 66, {}, "guided");
  BOOST_TEST(count(text, "ID=\"b1767225640000\",CLASS=\"com.apple.hls.interstitial\"") == 2u);
  const auto limit = text.find("X-PLAYOUT-LIMIT=16\n");
  BOOST_REQUIRE(limit != std::string::npos);
  BOOST_TEST(text.find("X-ASSET-LIST") < limit);
}

BOOST_AUTO_TEST_CASE(a_rendition_that_lags_tells_of_a_break_for_as_long_as_it_shows_it) {
  auto late = video(200, 4s, "v1");
  late.delay = 16s;
  simulated_channel c{{with_break(), late}};
  c.timeline.add_audience("guided", true);
  // The window of the first rendition begins at 72 s, that of the second at 56 s.
  const auto ahead = text_at(c, 104, {}, "guided");
  const auto lagging = text_at(c, 104, {}, "guided", 1);
  BOOST_TEST(count(ahead, "#EXT-X-DATERANGE:") == 0u);
  BOOST_TEST(count(lagging, "#EXT-X-DATERANGE:") == 1u);
}

BOOST_AUTO_TEST_CASE(an_asset_lists_what_the_plan_plays_of_it_and_no_more) {
  // Slate of 20 s in segments of 4 s, of which the plan needs three.
  const auto slate = make_creative("slate", 20s, 1);
  const auto p = stitch::make_plan("b1", {{}, 14s, nullptr, nullptr}, nullptr, slate,
                                   stitch::slate_rounding::down, 0);
  BOOST_REQUIRE(p.items.size() == 1u);
  const auto list = stitch::asset_list_json(&p, "http://node/s/x/", 0);
  const auto& asset = list.at("ASSETS").at(0);
  BOOST_TEST(asset.at("URI").as_string() == "http://node/s/x/asset/b1/0/master.m3u8");
  BOOST_TEST(asset.at("DURATION").to_number<double>() == 12.0);
  const auto media = stitch::render_asset_playlist(p.items[0], "b1", 0, 0, 0);
  BOOST_TEST(count(media, "#EXTINF:4,") == 3u);
  BOOST_TEST(media.ends_with("#EXT-X-ENDLIST\n"));
}

BOOST_AUTO_TEST_CASE(nothing_to_play_is_an_empty_list) {
  BOOST_TEST(boost::json::serialize(stitch::asset_list_json(nullptr, "http://node/", 0)) ==
             "{\"ASSETS\":[]}");
}

BOOST_AUTO_TEST_SUITE_END()
