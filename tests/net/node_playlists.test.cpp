// The way of a media playlist request through the node's real routes, and what viewers of one
// channel share.
#include <atomic>
#include <thread>

#include "tests/net/player_request.hpp"
#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

// The node's routes, noting what the thread had taken from the heap each time they were asked.
class counted_routes : public request_handler {
 public:
  explicit counted_routes(node_context& node) : routes_(node) {}
  bool answer_now(const request& req, response& out) override {
    seen.push_back(test::allocations_of_this_thread());
    return routes_.answer_now(req, out);
  }
  awaitable<response> answer(const request& req) override { return routes_.answer(req); }

  std::vector<std::size_t> seen;

 private:
  node_routes routes_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(playlists_of_a_node)

BOOST_AUTO_TEST_CASE(a_warm_playlist_request_asks_no_actor_and_allocates_at_most_twice) {
  constexpr std::size_t warm_up = 20, measured = 200;
  staged_node node;
  auto handler = std::make_shared<counted_routes>(node.context);
  handler->seen.reserve(warm_up + measured + 10);
  node.serve(handler);
  const auto request = player_request_for(node.new_session("ssai") + "v0.m3u8");
  const auto asked = node.gateway.asked.load();
  raw_client client{node.server->endpoint()};
  const auto before = handler->seen.size();
  for (std::size_t i = 0; i <= warm_up + measured; ++i) {
    client.send(request);
    BOOST_REQUIRE_EQUAL(client.read().status(), 200);
  }
  node.server->stop(1s);
  BOOST_TEST(node.gateway.asked == asked);
  BOOST_TEST(node.context.counters.playlists(false).total() == warm_up + measured + 1);
  const auto total = handler->seen.back() - handler->seen[before + warm_up];
  const double per_request = static_cast<double>(total) / measured;
  const auto parser = allocations_of_the_parser(request);
  BOOST_TEST_MESSAGE("allocations per request: " << per_request << ", a bare parser's: " << parser);
  BOOST_CHECK_LE(per_request, static_cast<double>(parser) + 2);
}

BOOST_AUTO_TEST_CASE(two_viewers_of_one_break_get_the_same_bytes_under_their_own_names) {
  staged_node node;
  node.serve();
  const auto one = node.get(node.new_session("ssai") + "v0.m3u8");
  const auto other = node.get(node.new_session("ssai") + "v0.m3u8");
  BOOST_TEST(one.body == other.body);
  BOOST_TEST(one.body.find("\nad/b") != std::string::npos);
  BOOST_TEST(one.has("Content-Type: application/vnd.apple.mpegurl\r\n"));
  BOOST_TEST(one.has("Access-Control-Allow-Origin: *\r\n"));
  const auto id = [](const raw_response& r) {
    return r.head.substr(r.head.find("\r\nX-Session-Id: "), 50);
  };
  BOOST_TEST(id(one) != id(other));
}

BOOST_AUTO_TEST_CASE(a_session_says_whether_it_sees_what_all_see) {
  const auto audience_in = [](const std::function<void(channel_settings&)>& adjust,
                              const char* mode) {
    staged_node node{adjust};  // a break is on the air
    node.serve();
    const auto folder = node.new_session(mode);
    const auto token = folder.substr(folder.find("/s/") + 3);
    const auto s = node.context.signer.verify(token.substr(0, token.find('/')), "tv", "one",
                                              node.context.now());
    BOOST_REQUIRE(s);
    return s->audience;
  };
  const auto preroll = [](channel_settings& c) { c.join.preroll = 10s; };
  const auto content = [](channel_settings& c) {
    c.join.mid_break = stitch::mid_break_join::content;
  };
  BOOST_TEST(audience_in({}, "ssai") == 0u);
  BOOST_TEST(audience_in(preroll, "ssai") == 0u);  // the rest of the break is preroll enough
  BOOST_TEST(audience_in(content, "ssai") != 0u);
  BOOST_TEST(audience_in(content, "sgai") == 0u);
}

BOOST_AUTO_TEST_CASE(a_session_says_who_the_viewer_is_where_that_matters) {
  const auto session_of = [](const std::vector<std::string>& by) {
    staged_node node{[&](channel_settings& c) { c.audiences.attributes = by; }};
    node.serve();
    const auto master = node.get("/v1/tv/one/master.m3u8?viewer=anna&gdpr=1&ads.genre=news",
                                 "User-Agent: AppleCoreMedia/1.0.0.21K79 (Apple TV; U; CPU OS 17_0 "
                                 "like Mac OS X; en_us)\r\n");
    BOOST_REQUIRE_EQUAL(master.status(), 200);
    const auto from = master.body.find("\ns/") + 3;
    const auto token = master.body.substr(from, master.body.find("/v0.m3u8") - from);
    const auto s = node.context.signer.verify(token, "tv", "one", node.context.now());
    BOOST_REQUIRE(s);
    return *s;
  };
  const auto s = session_of({"device"});
  BOOST_TEST(s.device_class == "tv");
  BOOST_TEST(s.viewer_id == "anna");
  BOOST_TEST((s.allows.gdpr_applies == true));
  BOOST_TEST(s.parameters.size() == 1u);
  const auto common = session_of({});
  BOOST_TEST(common.device_class == "");
  BOOST_TEST((common.allows.gdpr_applies == true));
}

BOOST_AUTO_TEST_CASE(a_guided_preroll_of_long_ago_is_nothing_to_play) {
  staged_node node;
  node.serve();
  const auto list = node.get(node.new_session("sgai") + "assets/preroll.json");
  BOOST_TEST(list.status() == 200);
  BOOST_TEST(list.body == "{\"ASSETS\":[]}");
}

BOOST_AUTO_TEST_CASE(a_guided_viewer_is_told_of_the_break_and_sees_no_ads_in_the_playlist) {
  staged_node node;
  node.serve();
  const auto folder = node.new_session("sgai");
  const auto playlist = node.get(folder + "v0.m3u8").body;
  BOOST_TEST(playlist.find("CLASS=\"com.apple.hls.interstitial\"") != std::string::npos);
  BOOST_TEST(playlist.find("\nad/b") == std::string::npos);
  // What it names can be had: the list, each asset, each asset's playlists.
  const auto from = playlist.find("X-ASSET-LIST=\"") + 14;
  const auto list = node.get(folder + playlist.substr(from, playlist.find('"', from) - from));
  BOOST_REQUIRE_EQUAL(list.status(), 200);
  const auto assets = boost::json::parse(list.body).at("ASSETS").as_array();
  BOOST_REQUIRE_EQUAL(assets.size(), 3u);
  double total = 0;
  for (const auto& asset : assets) {
    const auto uri = std::string{asset.at("URI").as_string()};
    BOOST_REQUIRE(uri.starts_with("http://test/v1/tv/one/s/"));
    const auto master = node.get(uri.substr(11));
    BOOST_TEST(master.body.find("\nv1.m3u8\n") != std::string::npos);
    const auto media = node.get(uri.substr(11, uri.rfind('/') - 10) + "v1.m3u8").body;
    BOOST_TEST(media.find("#EXT-X-ENDLIST") != std::string::npos);
    total += asset.at("DURATION").to_number<double>();
  }
  BOOST_TEST(total == 30.0);
}

BOOST_AUTO_TEST_CASE(a_session_is_worth_nothing_when_it_is_forged_or_of_another_channel) {
  staged_node node;
  node.serve();
  const auto good = node.new_session("ssai");
  auto forged = good;
  forged[forged.size() - 8] = forged[forged.size() - 8] == 'A' ? 'B' : 'A';
  for (const auto& folder :
       {forged, std::string{"/v1/tv/one/s/AAAA/"}, "/v1/tv/one/s/" + std::string(60, 'A') + "/"}) {
    const auto r = node.get(folder + "v0.m3u8");
    BOOST_TEST(r.status() == 403);
    BOOST_TEST(r.body.find("urn:interlude:problem:invalid-session") != std::string::npos);
  }
  auto elsewhere = session_signer{"a secret of the test"};
  session s;
  s.issued_at = node.context.now();
  BOOST_TEST(node.get("/v1/tv/one/s/" + elsewhere.sign(s, "tv", "two") + "/v0.m3u8").status() ==
             403);
  BOOST_TEST(node.get("/v1/tv/one/s/" + elsewhere.sign(s, "tv", "one") + "/v0.m3u8").status() ==
             200);
  // The tracking, the ads and the asset lists of a forged session are closed as well.
  for (const auto* what :
       {"tracking.json", "ad/b1/0/c/f00d/t0/0.ts", "assets/b1.json", "asset/b1/0/master.m3u8"})
    BOOST_TEST(node.get(forged + what).status() == 403, what);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_said_with_its_name) {
  staged_node node;
  node.serve();
  const auto folder = node.new_session("ssai");
  const std::pair<std::string, std::string> wrong[] = {
      {"/v1/tv/two/master.m3u8", "unknown-channel"},
      {folder + "v9.m3u8", "unknown-rendition"},
      {folder + "ad/b1/0/c/f00d/t0/0.ts", "unknown-ad-segment"},
      {folder + "assets/b0.json", "unknown-break"},
      {folder + "asset/b0/0/master.m3u8", "unknown-asset"},
      {"/v1/nothing", "not-found"},
      {"/v1/tv/one/s/x/ad/b1/0/c/../../etc/passwd", "not-found"},
      {"/v1/tv/one/s/x/ad/b1/0/c/%2e%2e/t0/0.ts", "not-found"},
      {"/../../etc/passwd", "not-found"}};
  for (const auto& [target, slug] : wrong) {
    const auto r = node.get(target);
    BOOST_TEST(r.status() == 404, target);
    BOOST_TEST(r.body.find("urn:interlude:problem:" + slug) != std::string::npos, r.body);
  }
}

BOOST_AUTO_TEST_CASE(an_origin_that_has_been_away_too_long_is_503_with_its_reason) {
  staged_node node;
  node.serve();
  const auto folder = node.new_session("ssai");
  node.publish_break(std::chrono::steady_clock::now() - 11s);
  BOOST_TEST(node.get(folder + "v0.m3u8").status() == 200);
  node.publish_break(std::chrono::steady_clock::now() - 13s);
  const auto r = node.get(folder + "v0.m3u8");
  BOOST_TEST(r.status() == 503);
  BOOST_TEST(r.has("Retry-After: 2\r\n"));
  BOOST_TEST(r.body.find("origin.test: answered HTTP 500") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(viewers_are_served_while_the_channel_moves_on) {
  staged_node node;
  node.serve();
  const auto stitched = node.new_session("ssai") + "v0.m3u8";
  const auto guided = node.new_session("sgai") + "v1.m3u8";
  std::atomic<bool> done{false};
  std::thread channel{[&] {
    while (!done) node.publish_break();
  }};
  raw_client one{node.server->endpoint()}, other{node.server->endpoint()};
  int good = 0;
  for (int i = 0; i < 200; ++i) {
    one.get(stitched);
    other.get(guided);
    good += one.read().status() == 200 ? 1 : 0;
    good += other.read().status() == 200 ? 1 : 0;
  }
  done = true;
  channel.join();
  BOOST_TEST(good == 400);
}

BOOST_AUTO_TEST_CASE(a_rendition_that_nobody_polls_is_asked_for) {
  staged_node node;
  node.serve();
  const auto folder = node.new_session("ssai");
  node.publish_break(std::chrono::steady_clock::now() - 5s, false);
  const auto asked = node.gateway.asked.load();
  BOOST_TEST(node.get(folder + "v0.m3u8").status() == 200);
  BOOST_TEST(node.gateway.asked > asked);
  BOOST_TEST(node.context.counters.playlists(true).total() == 1u);
}

// As it is while the ads of a break are decided; longer than that only if nobody watched before.
BOOST_AUTO_TEST_CASE(an_audience_that_is_left_behind_by_more_than_a_decision_takes_waits) {
  staged_node node;
  node.serve();
  const auto folder = node.new_session("ssai");
  const auto asked = [&](duration behind) {
    auto p = *node.gateway.channel().load();
    auto snapshot = *p.snapshot;
    auto audience = *snapshot.audiences.at(stitched_audience);
    audience.advanced_at = snapshot.advanced_at - behind;
    snapshot.audiences[stitched_audience] =
        std::make_shared<const stitch::audience>(std::move(audience));
    p.snapshot = std::make_shared<const stitch::snapshot>(std::move(snapshot));
    node.gateway.channel().publish(std::make_shared<const published_channel>(std::move(p)));
    const auto before = node.gateway.asked.load();
    BOOST_TEST(node.get(folder + "v0.m3u8").status() == 200);
    return node.gateway.asked > before;
  };
  const duration decided_within = node.gateway.channel().settings.decision_timeout;
  BOOST_TEST(!asked(decided_within));
  BOOST_TEST(asked(decided_within + 4s + 1ms));
}

BOOST_AUTO_TEST_SUITE_END()
