// What a channel wants conditioned, and what it takes what was made for.
#include "actors/channel_creatives.hpp"

#include <boost/test/unit_test.hpp>

#include "media/stitch/channel_description.hpp"

using namespace interlude;
using namespace std::chrono_literals;

namespace {

// A channel of one rendition, with a house ad, and a store that knows what it is told.
struct channel_desk {
  channel_desk() {
    settings.house_ads = {{"red", "http://cdn.test/red.mp4"}};
    settings.ad_servers = {{"http://ads.test/", 500ms}};
    const auto d = stitch::describe_channel(
        "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=900000\nv0.m3u8\n", "http://o.test/m.m3u8");
    creatives.set_renditions(*d.value(), settings);
    creatives.probing(0);
    stitch::track_format f;
    f.has_video = true;
    BOOST_REQUIRE(creatives.probed(0, f, 4s));
  }

  std::string wanted() {
    std::string out;
    for (auto& w : creatives.take_wanted(settings, now)) {
      out += (out.empty() ? "" : " ") + w.source;
      asked.push_back(std::move(w));
    }
    return out;
  }
  // All that was asked for has been made.
  void deliver() {
    for (const auto& w : std::exchange(asked, {})) {
      auto c = std::make_shared<stitch::creative>();
      c->key = "of-" + w.source;
      c->tracks.resize(1);
      store->add(c->key, true);
      creatives.conditioned(w, c);
    }
  }
  std::size_t ready() { return creatives.ready(settings, {"red"}).ads.size(); }
  bool plays(const ad_candidate& ad) { return creatives.made_or_wanted(ad) != nullptr; }
  static ad_candidate ad(const std::string& name) {
    ad_candidate out;
    out.key = "id:x:" + name;
    out.source = "http://cdn.test/" + name;
    return out;
  }

  channel_settings settings;
  std::shared_ptr<media_store> store = std::make_shared<media_store>("nowhere");
  channel_creatives creatives{store};
  channel_creatives::time_point now{24h};
  std::vector<condition_creative> asked;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(creatives_of_a_channel)

BOOST_AUTO_TEST_CASE(what_is_gone_is_not_planned_and_asked_for_again) {
  channel_desk c;
  BOOST_TEST(c.wanted() == "http://cdn.test/red.mp4");
  BOOST_TEST(!c.plays(c.ad("a")));
  BOOST_TEST(c.wanted() == "http://cdn.test/a");
  c.deliver();
  BOOST_TEST(c.ready() == 1u);
  BOOST_TEST(c.plays(c.ad("a")));
  BOOST_TEST(c.wanted().empty());
  c.store->take_used();
  BOOST_TEST(c.store->retire("of-http://cdn.test/red.mp4"));
  c.store->withdraw("of-http://cdn.test/a");
  BOOST_TEST(c.ready() == 0u);
  BOOST_TEST(!c.plays(c.ad("a")));
  BOOST_TEST(c.wanted() == "http://cdn.test/red.mp4 http://cdn.test/a");
  c.deliver();
  BOOST_TEST(c.ready() == 1u);
  BOOST_TEST(c.plays(c.ad("a")));
}

BOOST_AUTO_TEST_CASE(the_channels_own_stays_in_use_aired_or_not) {
  channel_desk c;
  c.wanted();
  c.deliver();
  c.store->take_used();
  c.now += 2min;
  c.wanted();
  BOOST_TEST(!c.store->retire("of-http://cdn.test/red.mp4"));
}

BOOST_AUTO_TEST_CASE(media_that_may_have_changed_is_asked_for_every_hour_and_plays_meanwhile) {
  channel_desk c;
  c.wanted();
  for (const auto* name : {"a", "b"}) BOOST_TEST(!c.plays(c.ad(name)));
  c.wanted();
  c.deliver();
  BOOST_TEST(c.wanted().empty());
  c.now += 59min;
  BOOST_TEST(c.plays(c.ad("a")));
  BOOST_TEST(c.wanted().empty());
  c.now += 1min;
  // Nobody has named b since.
  BOOST_TEST(c.wanted() == "http://cdn.test/red.mp4 http://cdn.test/a");
  BOOST_TEST(c.plays(c.ad("a")));
  BOOST_TEST(c.ready() == 1u);
}

BOOST_AUTO_TEST_CASE(a_flood_of_new_creatives_is_bounded_even_while_all_are_under_way) {
  channel_desk c;
  c.wanted();
  for (int i = 0; i < 1000; ++i) c.plays(c.ad(std::to_string(i)));
  c.wanted();
  BOOST_TEST(c.asked.size() == 257u);
  for (int i = 1000; i < 2000; ++i) c.plays(c.ad(std::to_string(i)));
  BOOST_TEST(c.wanted().empty());
}

BOOST_AUTO_TEST_CASE(a_signed_url_is_taken_over) {
  channel_desk c;
  c.wanted();
  auto ad = c.ad("a");
  BOOST_TEST(!c.plays(ad));
  c.wanted();
  c.deliver();
  c.wanted();
  ad.source += "?token=2";
  BOOST_TEST(c.plays(ad));
  c.now += 1h;
  BOOST_TEST(c.wanted() == "http://cdn.test/red.mp4 http://cdn.test/a?token=2");
}

BOOST_AUTO_TEST_CASE(it_is_known_how_far_a_creative_has_come) {
  channel_desk c;
  const auto ad = c.ad("a");
  // The channel's own comes first.
  c.plays(ad);
  BOOST_TEST((c.creatives.progress_of(ad) == creative_progress::unwanted));
  c.wanted();
  c.plays(ad);
  BOOST_TEST((c.creatives.progress_of(ad) == creative_progress::fresh));
  c.wanted();
  c.plays(ad);
  BOOST_TEST((c.creatives.progress_of(ad) == creative_progress::under_way));
  c.creatives.failed(c.asked.back(), c.now);
  BOOST_TEST((c.creatives.progress_of(ad) == creative_progress::failed));
  c.now += 1min;
  c.wanted();
  BOOST_TEST((c.creatives.progress_of(ad) == creative_progress::failed));
  c.deliver();
  BOOST_TEST((c.creatives.progress_of(ad) == creative_progress::ready));
}

BOOST_AUTO_TEST_SUITE_END()
