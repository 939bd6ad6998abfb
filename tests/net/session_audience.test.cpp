#include "net/session_audience.hpp"

#include <boost/beast/http/fields.hpp>
#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::net;
using namespace std::chrono_literals;

namespace {

const steady_time noon{12h};

channel_settings by(std::vector<std::string> attributes, bool per_viewer = false) {
  channel_settings c;
  c.org = "tv";
  c.name = "one";
  c.audiences.attributes = std::move(attributes);
  c.audiences.per_viewer = per_viewer;
  return c;
}

session german_tv() {
  session s;
  s.country = "DE";
  s.device_class = "tv";
  s.parameters = {{"genre", "news"}};
  return s;
}

struct player {
  player() {
    fields.set(http::field::user_agent, "Player/1");
    fields.set(http::field::accept_language, "de");
    fields.set(http::field::referer, "https://page.example/");
    req.headers = &fields;
    req.peer = asio::ip::make_address("198.51.100.7");
  }
  request_fields fields;
  request req;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(audiences_of_sessions)

BOOST_AUTO_TEST_CASE(an_audience_is_how_ads_are_shown_and_to_whom) {
  auto s = german_tv();
  BOOST_TEST(audience_of(s, by({})) == "stitched");
  BOOST_TEST(audience_of(s, by({"country", "device"})) == "stitched/country=DE,device=tv");
  s.audience = 12;
  BOOST_TEST(audience_of(s, by({"ads.genre"})) == "joined-12/ads.genre=news");
  s.mode = insertion_mode::sgai;
  BOOST_TEST(audience_of(s, by({"country"})) == "guided/country=DE");
  BOOST_TEST(audience_of(s, by({}, true)) == "guided/viewer=" + s.id_text());
}

BOOST_AUTO_TEST_CASE(who_came_when_there_were_too_many_is_shown_what_all_are) {
  auto s = german_tv();
  s.common = true;
  BOOST_TEST(audience_of(s, by({"country"})) == "stitched");
}

BOOST_AUTO_TEST_CASE(a_cohort_is_entered_with_what_it_has_in_common) {
  channel_view channel{by({"country"})};
  verified_session one{german_tv(), {}, {}, {}};
  const player p;
  BOOST_TEST(enter_audience({}, channel, one, p.req, noon) == "stitched/country=DE");
  const auto who = channel.audiences.who("stitched/country=DE");
  BOOST_REQUIRE(who);
  BOOST_TEST(who->country == "DE");
  for (const auto& text : {who->ip, who->user_agent, who->session, who->device_class})
    BOOST_TEST(text == "");
  BOOST_TEST((one.mark->seen.at() == noon));
}

BOOST_AUTO_TEST_CASE(a_viewer_who_is_an_audience_is_entered_with_what_the_player_says) {
  channel_view channel{by({}, true)};
  verified_session one{german_tv(), {}, {}, {}};
  const player p;
  const auto who = channel.audiences.who(enter_audience({}, channel, one, p.req, noon));
  BOOST_REQUIRE(who);
  BOOST_TEST(who->ip == "198.51.100.7");
  BOOST_TEST(who->user_agent == "Player/1");
  BOOST_TEST(who->accept_language == "de");
  BOOST_TEST(who->session == one.session.id_text());
  BOOST_TEST(who->parameters.at("genre") == "news");
}

BOOST_AUTO_TEST_CASE(who_was_forgotten_is_entered_again) {
  channel_view channel{by({"country"})};
  verified_session one{german_tv(), {}, {}, {}};
  const player p;
  const auto name = enter_audience({}, channel, one, p.req, noon);
  channel.audiences.forget_unseen(noon + 1s, [](std::string_view) { return true; });
  BOOST_TEST(!channel.audiences.who(name));
  enter_audience({}, channel, one, p.req, noon + 2s);
  BOOST_TEST(channel.audiences.who(name) != nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
