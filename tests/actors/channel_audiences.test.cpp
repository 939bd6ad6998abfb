// Audiences of a channel: each has its own ads, waits for nobody else, and goes on after a restart.
#include <boost/test/unit_test.hpp>
#include <sstream>

#include "media/stitch/render.hpp"
#include "tests/support/station.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

void by_country(channel_settings& c) {
  c.ad_servers = {{"http://ads.test/?c=[geo.country]&s=[session.id]", 500ms}};
  c.audiences.attributes = {"country"};
}

void by_viewer(channel_settings& c) {
  by_country(c);
  c.audiences.per_viewer = true;
}

std::string ads_url(const std::string& country, const std::string& session = "") {
  return "http://ads.test/?c=" + country + "&s=" + session;
}

const std::string germany = "stitched/country=DE", france = "stitched/country=FR";

// Breaks of 20 s a minute, and an ad of each country.
struct many_station : station {
  explicit many_station(std::function<void(channel_settings&)> adjust = by_country,
                        std::shared_ptr<disk> store = nullptr, instant from = at(40))
      : station(std::move(adjust), std::move(store), from) {
    for (int t = 60; t < 600; t += 60)
      video.tag(at(t), "#EXT-X-CUE-OUT:20").tag(at(t + 20), "#EXT-X-CUE-IN");
    for (const auto* country : {"DE", "FR"}) {
      for (const auto* shown : {"stitched", "guided"})
        viewers[std::string{shown} + "/country=" + country].country = country;
      answers[ads_url(country)] = vast_of(inline_ad(country));
    }
    origin->answer = [this](const fetch_request& r) -> result<fetch_response> {
      if (r.url.starts_with("http://origin.test/")) return good(r);
      const auto it = answers.find(r.url);
      return it == answers.end() ? status(r, 500) : page(r, it->second, "text/xml");
    };
  }
  void watch_until(instant t, const std::vector<std::string>& audiences) {
    while (now() < t) {
      for (const auto& a : audiences) last[a] = ask_playlist(0, a);
      pass(500ms);
    }
  }
  std::string playlist_of(const std::string& audience) {
    const auto& snapshot = *view->load()->snapshot;
    return stitch::render_media_playlist(snapshot, *snapshot.audiences.at(audience), 0, {});
  }
  bool shows(const std::string& audience, const std::string& creative) {
    return playlist_of(audience).find("/c/http://cdn.test/" + creative + ".mp4") !=
           std::string::npos;
  }

  std::map<std::string, std::string> answers;
  std::map<std::string, outcome<published_ptr>> last;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(channel_audiences)

BOOST_AUTO_TEST_CASE(each_cohort_is_shown_its_own_ads) {
  many_station s;
  s.start();
  s.watch_until(at(135), {germany, france});
  BOOST_TEST(s.shows(germany, "DE"));
  BOOST_TEST(!s.shows(germany, "FR"));
  BOOST_TEST(s.shows(france, "FR"));
  BOOST_TEST(!s.shows(france, "DE"));
}

BOOST_AUTO_TEST_CASE(stitched_and_guided_viewers_of_a_cohort_share_a_decision) {
  many_station s;
  s.start();
  s.watch_until(at(75), {germany, "guided/country=DE"});
  BOOST_TEST(s.origin->requests[ads_url("DE")] == 1);
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_decision_holds_nobody_else_up) {
  many_station s{[](channel_settings& c) {
    by_country(c);
    c.ad_servers[0].timeout = 1s;
  }};
  s.start();
  s.watch_until(at(61), {germany, france});
  s.origin->held = ads_url("FR");
  const auto ends_with_ads = [&](const std::string& audience) {
    const auto playlist = s.playlist_of(audience);
    const auto ad = playlist.rfind("\nad/");
    return ad != std::string::npos && ad > playlist.rfind("#EXTINF");
  };
  // Until the break's first segment is there, and its cue with it.
  for (int i = 0; i < 100 && !ends_with_ads(germany); ++i) {
    for (const auto& a : {germany, france}) s.ask_playlist(0, a);
    s.pass(50ms);
  }
  BOOST_TEST(ends_with_ads(germany));
  BOOST_TEST(!ends_with_ads(france));
  s.watch_until(s.now() + 2s, {germany, france});
  BOOST_TEST(ends_with_ads(france));
}

BOOST_AUTO_TEST_CASE(each_viewer_may_be_asked_for_alone) {
  many_station s{by_viewer};
  std::vector<std::string> all;
  for (const auto* name : {"a", "b", "c"}) {
    const auto audience = "stitched/viewer=" + std::string{name};
    s.viewers[audience].session = name;
    s.viewers[audience].country = "DE";
    s.answers[ads_url("DE", name)] = vast_of(inline_ad(name));
    all.push_back(audience);
  }
  s.start();
  s.watch_until(at(135), all);
  for (const auto* name : {"a", "b", "c"}) {
    BOOST_TEST(s.origin->requests[ads_url("DE", name)] >= 1);
    BOOST_TEST(s.shows("stitched/viewer=" + std::string{name}, name));
  }
  BOOST_TEST(!s.shows(all[0], "b"));
}

BOOST_AUTO_TEST_CASE(an_ad_server_sees_a_slope_and_no_wall) {
  many_station s{[](channel_settings& c) {
    by_viewer(c);
    c.early_decision_timeout = 1s;
  }};
  std::vector<std::string> all;
  for (int i = 0; i < 20; ++i) {
    all.push_back("stitched/viewer=" + std::to_string(i));
    s.viewers[all.back()].session = std::to_string(i);
  }
  s.start();
  s.watch_until(at(45), all);
  cue_command later{cue_command::action::start, "later", s.now() + 40s, 20s};
  const auto before = s.origin->requests;
  const auto asked = [&] {
    int n = 0;
    for (const auto& [url, times] : s.origin->requests)
      if (url.starts_with("http://ads.test/") && !before.contains(url)) ++n;
    return n;
  };
  s.cue(later);
  BOOST_TEST(asked() <= 2);
  s.watch_until(at(54), all);
  BOOST_TEST(asked() >= 5);
  BOOST_TEST(asked() <= 15);
  s.watch_until(at(70), all);
  BOOST_TEST(asked() == 20);
}

BOOST_AUTO_TEST_CASE(numbers_of_every_audience_go_on_after_a_restart) {
  const auto store = std::make_shared<disk>();
  std::map<std::string, std::string> before;
  {
    many_station s{by_country, store};
    s.start();
    s.watch_until(at(133), {germany, france});
    before = {{germany, s.playlist_of(germany)}, {france, s.playlist_of(france)}};
  }
  many_station s{by_country, store, at(134)};
  s.start();
  s.watch_until(at(138), {germany, france});
  for (const auto& [audience, text] : before) {
    // The last segment that was shown stands where it stood.
    const auto numbered = [](const std::string& playlist) {
      std::map<std::string, std::int64_t> out;
      auto number = std::stoll(playlist.substr(playlist.find("SEQUENCE:") + 9));
      std::istringstream lines{playlist};
      for (std::string line; std::getline(lines, line);)
        if (!line.empty() && line[0] != '#') out[line] = number++;
      return out;
    };
    const auto old = numbered(text), fresh = numbered(s.playlist_of(audience));
    std::size_t both = 0;
    for (const auto& [url, number] : fresh)
      if (const auto it = old.find(url); it != old.end()) {
        ++both;
        BOOST_TEST(it->second == number, audience << ": " << url);
      }
    BOOST_TEST(both > 2u);
  }
}

BOOST_AUTO_TEST_CASE(what_one_audience_comes_to_is_written_alone) {
  const auto store = std::make_shared<disk>();
  many_station s{by_country, store};
  s.start();
  s.watch_until(at(70), {germany, france});
  const auto kept = store->timelines->all();
  BOOST_REQUIRE(kept);
  std::vector<std::string> keys;
  for (const auto& [key, text] : *kept) keys.push_back(key);
  BOOST_TEST(keys ==
             (std::vector<std::string>{"tv/one", "tv/one\n" + germany, "tv/one\n" + france}));
}

BOOST_AUTO_TEST_CASE(who_has_left_is_forgotten_also_on_disk) {
  const auto store = std::make_shared<disk>();
  many_station s{by_country, store};
  s.start();
  s.watch_until(at(70), {germany, france});
  s.watch_until(at(400), {germany});
  BOOST_TEST(!s.view->load()->snapshot->audiences.contains(france));
  BOOST_TEST(s.view->load()->snapshot->audiences.contains(germany));
  BOOST_TEST(!store->timelines->find("tv/one\n" + france)->has_value());
}

BOOST_AUTO_TEST_CASE(no_audience_is_shown_the_same_more_often_than_allowed_also_after_a_restart) {
  const auto capped = [](channel_settings& c) {
    by_country(c);
    c.house_ads.clear();
    c.pods.frequency.caps = {{ads::cap_scope::creative, 1, 1h}};
  };
  const auto store = std::make_shared<disk>();
  {
    many_station s{capped, store};
    s.start();
    s.watch_until(at(128), {germany});
    BOOST_TEST(s.shows(germany, "DE"));
    // Away from the window by then.
    s.watch_until(at(200), {germany});
    BOOST_TEST(!s.shows(germany, "DE"));
  }
  many_station s{capped, store, at(230)};
  s.start();
  s.watch_until(at(310), {germany, france});
  BOOST_TEST(!s.shows(germany, "DE"));
  BOOST_TEST(s.shows(france, "FR"));
}

BOOST_AUTO_TEST_CASE(a_break_that_is_called_off_uses_up_nothing) {
  const auto store = std::make_shared<disk>();
  many_station s{[](channel_settings& c) {
                   by_country(c);
                   c.house_ads.clear();
                   c.pods.frequency.caps = {{ads::cap_scope::creative, 1, 1h}};
                 },
                 store};
  s.start();
  s.watch_until(at(45), {germany});
  // Announced and decided, but the programme goes on.
  s.cue({cue_command::action::start, "later", s.now() + 10s, 4s});
  s.watch_until(at(50), {germany});
  BOOST_TEST(s.origin->requests[ads_url("DE")] == 1);
  s.cue({cue_command::action::cancel, "later", std::nullopt, std::nullopt});
  s.watch_until(at(75), {germany});
  BOOST_TEST(s.shows(germany, "DE"));
}

BOOST_AUTO_TEST_CASE(there_are_no_more_audiences_than_allowed) {
  many_station s{[](channel_settings& c) {
    by_country(c);
    c.audiences.most = 3;
  }};
  s.start();
  std::size_t refused = 0;
  for (int i = 0; i < 100; ++i) {
    const auto asked = s.ask_playlist(0, "stitched/country=X" + std::to_string(i));
    s.pass(500ms);
    refused += asked->has_value() && !**asked ? 1u : 0u;
  }
  BOOST_TEST(refused == 100u - most_audiences(s.view->settings));
}

BOOST_AUTO_TEST_SUITE_END()
