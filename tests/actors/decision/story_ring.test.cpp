// Stories of decisions: how they end, what of them is kept, and how they read.
#include "actors/decision/story_ring.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace std::chrono_literals;

namespace {

decision_story story(const std::string& break_id, const std::string& audience = "stitched",
                     stitch::cue_source source = stitch::cue_source::playlist) {
  stitch::ad_break b;
  b.id = break_id;
  b.source = source;
  return begin_story(b, 20s, audience, {}, {});
}

story_ptr kept(decision_story s) {
  return std::make_shared<const decision_story>(std::move(s));
}

std::string ids(const story_ring& ring) {
  std::string out;
  for (const auto& line : ring.lines()) out += (out.empty() ? "" : " ") + line.what.id;
  return out;
}

considered_ad ad(const std::string& id) {
  considered_ad out;
  out.id = id;
  out.tier = "ads";
  out.length = 8s;
  return out;
}

stitch::creative_ptr media(duration length) {
  auto c = std::make_shared<stitch::creative>();
  c->total = length;
  c->tracks.emplace_back().segments = {length};
  return c;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(stories)

BOOST_AUTO_TEST_CASE(a_break_is_known_once_something_was_told_of_it) {
  story_ring ring;
  BOOST_TEST(!ring.knows("b1"));
  ring.add(kept(story("b1")));
  BOOST_TEST(ring.knows("b1"));
}

BOOST_AUTO_TEST_CASE(the_oldest_break_makes_room) {
  story_ring ring{{2, 8, 1'000'000}};
  for (const auto* id : {"b1", "b2", "b3"}) ring.add(kept(story(id)));
  BOOST_TEST(ids(ring) == "b2 b3");
  BOOST_TEST((ring.of("b1").error().code == errc::not_found));
}

BOOST_AUTO_TEST_CASE(pre_rolls_push_no_break_out) {
  story_ring ring{{2, 8, 1'000'000}};
  ring.add(kept(story("b1")));
  for (const auto* id : {"p1", "p2", "p3"})
    ring.add(kept(story(id, "joined-1", stitch::cue_source::join)));
  BOOST_TEST(ids(ring) == "b1 p2 p3");
}

BOOST_AUTO_TEST_CASE(audiences_beyond_the_bound_are_counted) {
  story_ring ring{{2, 2, 1'000'000}};
  for (const auto* audience : {"stitched", "guided", "guided/country=DE", "stitched"})
    ring.add(kept(story("b1", audience)));
  const auto all = ring.of("b1");
  BOOST_REQUIRE(all);
  BOOST_TEST(all->stories.size() == 2u);
  BOOST_TEST(all->left_out == 1u);
  const auto one = ring.of("b1", "guided");
  BOOST_REQUIRE(one && one->stories.size() == 1u);
  BOOST_TEST(one->stories[0]->audience == "guided");
  BOOST_TEST(ring.of("b1", "nobody")->stories.empty());
}

BOOST_AUTO_TEST_CASE(bytes_are_bounded) {
  const auto one = bytes_of(story("b1"));
  story_ring ring{{64, 64, 3 * one}};
  for (const auto* id : {"b1", "b2", "b3", "b4"}) ring.add(kept(story(id)));
  BOOST_TEST(ids(ring) == "b2 b3 b4");
  for (const auto* audience : {"audience1", "audience2", "audience3", "audience4"})
    ring.add(kept(story("b4", audience)));
  BOOST_TEST(ids(ring) == "b4");
  BOOST_TEST(ring.of("b4")->stories.size() <= 3u);
  BOOST_TEST(ring.of("b4")->left_out >= 2u);
  // What was given back can be used again.
  ring.add(kept(story("b5")));
  BOOST_TEST(ids(ring) == "b5");
}

BOOST_AUTO_TEST_CASE(ads_of_one_decision_are_bounded_and_counted) {
  auto s = story("b1");
  add_ads(s, std::vector<considered_ad>(decision_story::most_ads + 3, ad("a")));
  BOOST_TEST(s.ads.size() == decision_story::most_ads);
  BOOST_TEST(s.ads_left_out == 3u);
}

BOOST_AUTO_TEST_CASE(what_is_in_the_plan_was_chosen_and_what_should_be_came_too_late) {
  auto s = story("b1");
  add_ads(s, {ad("a"), ad("b"), ad("a")});
  stitch::plan plan{"b1",
                    {{media(2s), stitch::item_kind::bumper, "opening", 1},
                     {media(8s), stitch::item_kind::ad, "a", 1},
                     {media(4s), stitch::item_kind::slate, "slate", 1}}};
  end_story(s, &plan, 0);
  BOOST_TEST(s.ads[0].place.value() == 1u);
  BOOST_TEST((s.ads[1].skipped->reason == skip_reason::ads_timeout));
  BOOST_TEST((s.ads[2].skipped->reason == skip_reason::ads_timeout));
  BOOST_TEST((s.ads_length == 8s && s.slate_length == 4s && s.bumper_length == 2s));
  BOOST_TEST((s.content_length() == 6s));
  story_ring ring;
  ring.add(kept(std::move(s)));
  BOOST_TEST(ring.lines().at(0).fill_rate == 0.4);
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_told_from_what_suits_no_rendition) {
  std::vector<considered_ad> ads = {ad("a"), ad("b"), ad("c")};
  const auto a = media(8s), b = media(8s), c = media(8s);
  const stitch::pod_offer pod{{{"a", a}, {"b", b}, {"c", c}}, nullptr, nullptr};
  const stitch::pod_fit fit{{{"b", b}}, 0s, nullptr, nullptr};
  skip_unfit(ads, pod, fit, [](const stitch::pod_ad& x) { return x.name == "a"; });
  BOOST_TEST((ads[0].skipped->reason == skip_reason::avail_duration_exceeded));
  BOOST_TEST(!ads[1].skipped);
  BOOST_TEST((ads[2].skipped->reason == skip_reason::no_variant_match));
}

BOOST_AUTO_TEST_CASE(a_story_reads_as_json) {
  stitch::ad_break b;
  b.id = "b1";
  auto found = std::make_shared<ads_found>();
  vast::error_notice notice{vast::error_code::no_supported_media_file, "w", "no file", {}};
  found->reports.push_back(
      {"http://ads.test/", "late", 1, {}, inquiry_outcome::timed_out, 0, 500ms});
  found->reports.push_back(
      {"http://more.test/", {}, 2, {notice}, inquiry_outcome::answered, 1, 20ms});
  auto s = begin_story(b, 20s, "stitched", {}, {found, true, {}});
  add_ads(s, {ad("a")});
  end_story(s, nullptr, 0);
  const auto o = boost::json::value(story_json(s));
  BOOST_TEST(o.at("cached").as_bool());
  BOOST_TEST(o.at("tiers").at(0).at("outcome").as_string() == "ERROR_ADS_TIMEOUT");
  BOOST_TEST(o.at("tiers").at(0).at("tookMs").to_number<int>() == 500);
  BOOST_TEST(o.at("tiers").at(1).at("outcome").as_string() == "VAST_RESPONSE");
  BOOST_TEST(o.at("ads").at(0).at("id").as_string() == "w");
  BOOST_TEST(o.at("ads").at(0).at("reason").as_string() == "MEDIA_FILE_UNAVAILABLE");
  BOOST_TEST(o.at("ads").at(0).at("vastError").to_number<int>() == 403);
  BOOST_TEST(o.at("ads").at(1).at("verdict").as_string() == "skipped");
  BOOST_TEST(o.at("filled").at("content").to_number<double>() == 20);
}

BOOST_AUTO_TEST_SUITE_END()
