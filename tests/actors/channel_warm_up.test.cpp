// Channels that ask their ad servers before they have a break.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/support/station.hpp"
#include "tests/support/vast_text.hpp"

using namespace interlude;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

const std::string server = "http://ads.test/vast";

// A channel with breaks of 20 s, one of them at the 60th second, and an ad server.
struct warm_station : station {
  explicit warm_station(bool warm_up)
      : station([warm_up](channel_settings& c) {
          c.ad_servers = {{server, 500ms}};
          c.house_ads.clear();
          c.breaks.default_break = 26s;
          c.warm_up = warm_up;
        }) {
    video.tag(at(60), "#EXT-X-CUE-OUT:20").tag(at(80), "#EXT-X-CUE-IN");
    origin->answer = [this](const fetch_request& r) -> result<fetch_response> {
      if (r.url.starts_with("http://origin.test/")) return good(r);
      return page(r, vast, "text/xml");
    };
  }
  void watch_until(instant t) {
    while (now() < t) {
      ask_playlist();
      pass(500ms);
    }
  }
  int asked() const {
    const auto it = origin->requests.find(server);
    return it == origin->requests.end() ? 0 : it->second;
  }
  bool conditioned(const std::string& what) const {
    return std::count(log->conditioned.begin(), log->conditioned.end(), what) > 0;
  }
  std::string shown() {
    const auto plan =
        value_of(ask_plan(view->load()->snapshot->breaks.at(0).id, stitched_audience));
    std::string out;
    for (const auto& item : plan->items)
      out += (item.kind == stitch::item_kind::ad ? item.name : stitch::to_string(item.kind)) + " ";
    return out;
  }

  std::string vast = vast_of(inline_ad("a", 1) + inline_ad("b", 2));
};

}  // namespace

BOOST_AUTO_TEST_SUITE(warming_up)

BOOST_AUTO_TEST_CASE(the_first_break_shows_what_was_made_ready_for_it) {
  warm_station s{true};
  s.start();
  s.pass(5s);  // nobody watches yet
  BOOST_TEST(s.asked() == 1);
  BOOST_TEST(s.conditioned("http://cdn.test/a.mp4?token=1"));
  BOOST_TEST(s.conditioned("http://cdn.test/b.mp4?token=1"));
  s.watch_until(at(100));
  BOOST_TEST(s.shown() == "a b slate ");
}

BOOST_AUTO_TEST_CASE(the_slate_that_its_ads_leave_room_for_is_made_too) {
  warm_station s{true};
  s.start();
  s.pass(5s);
  BOOST_TEST(s.conditioned("slate.mp4 10"));
  BOOST_TEST(!s.conditioned("slate.mp4 26"));
}

// Ids, times and pixels of an answer belong to the break it was asked for.
BOOST_AUTO_TEST_CASE(a_break_asks_for_itself) {
  warm_station s{true};
  s.start();
  s.pass(5s);
  s.watch_until(at(100));
  BOOST_TEST(s.asked() == 2);
}

BOOST_AUTO_TEST_CASE(an_ad_server_is_asked_once_whatever_it_answers) {
  warm_station s{true};
  s.vast = "<html>";
  s.start();
  s.watch_until(at(56));
  BOOST_TEST(s.asked() == 1);
  BOOST_TEST(s.conditioned("slate.mp4 26"));
}

BOOST_AUTO_TEST_CASE(nobody_is_asked_before_a_break_unless_it_is_wanted) {
  warm_station s{false};
  s.start();
  s.watch_until(at(56));
  BOOST_TEST(s.asked() == 0);
  s.watch_until(at(100));
  BOOST_TEST(s.asked() == 1);
  BOOST_TEST(s.shown() == "slate ");
}

BOOST_AUTO_TEST_SUITE_END()
