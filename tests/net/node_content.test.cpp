// Content segments that the node serves itself, through its real routes, from an origin that is
// answered for by hand.
#include <array>

#include "tests/net/staged_node.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

struct proxying_node : staged_node {
  proxying_node() : staged_node([](channel_settings& c) { c.segments = content_place::proxy; }) {
    serve();
    folder_url = new_session("ssai");
  }
  // The latest content segment in the session's playlist.
  std::string segment() {
    const auto text = get(folder_url + "v0.m3u8").body;
    const auto from = text.rfind("\ncontent/");
    BOOST_REQUIRE_MESSAGE(from != std::string::npos, text);
    return folder_url + text.substr(from + 1, text.find('\n', from + 1) - from - 1);
  }
  void answer(unsigned status, std::string body, std::string type = "video/mp2t") {
    auto [request, done] = content_origin.next();
    fetch_response r;
    r.status = status;
    r.body = std::move(body);
    r.content_type = std::move(type);
    r.final_url = request.url;
    done(std::move(r));
  }
  // A segment that has been fetched.
  std::string kept(const std::string& bytes) {
    auto url = segment();
    raw_client viewer{server->endpoint()};
    viewer.get(url);
    answer(200, bytes);
    BOOST_REQUIRE_EQUAL(viewer.read().body, bytes);
    return url;
  }

  std::string folder_url;
};

bool is_problem(const raw_response& r, int status, const std::string& slug) {
  return r.status() == status &&
         r.body.find("\"urn:interlude:problem:" + slug + "\"") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(content_of_a_node)

BOOST_AUTO_TEST_CASE(playlists_of_a_proxied_channel_name_nothing_of_the_origin) {
  proxying_node node;
  for (const auto* mode : {"ssai", "sgai"}) {
    const auto text = node.get(node.new_session(mode) + "v0.m3u8").body;
    BOOST_TEST(text.find("\ncontent/v0/") != std::string::npos, text);
    BOOST_TEST(text.find("origin.test") == std::string::npos, text);
  }
  // The bytes are the same for all viewers.
  BOOST_TEST(node.get(node.new_session("ssai") + "v0.m3u8").body ==
             node.get(node.new_session("ssai") + "v0.m3u8").body);
}

BOOST_AUTO_TEST_CASE(many_viewers_of_a_segment_cost_the_origin_one_request) {
  proxying_node node;
  const auto url = node.segment();
  std::array<std::unique_ptr<raw_client>, 8> viewers;
  for (auto& v : viewers) {
    v = std::make_unique<raw_client>(node.server->endpoint());
    v->get(url);
  }
  auto [request, done] = node.content_origin.next();
  BOOST_TEST(request.url.starts_with("http://origin.test/live/v0/"), request.url);
  BOOST_TEST((request.timeout == 4 * 3000ms));
  BOOST_TEST(request.max_bytes == 64u * 1024 * 1024);
  fetch_response r;
  r.status = 200;
  r.body = "a segment";
  r.content_type = "video/mp2t";
  done(std::move(r));
  for (auto& v : viewers) {
    const auto got = v->read();
    BOOST_TEST(got.status() == 200);
    BOOST_TEST(got.body == "a segment");
    BOOST_TEST(got.has("Content-Type: video/mp2t\r\n"));
    BOOST_TEST(got.has("Cache-Control: private, max-age=3600, immutable\r\n"));
    BOOST_TEST(got.has("Access-Control-Allow-Origin: *\r\n"));
    BOOST_TEST(got.has("Accept-Ranges: bytes\r\n"));
  }
  // Another session of the channel, later.
  auto other = url;
  other.replace(0, node.folder_url.size(), node.new_session("sgai"));
  BOOST_TEST(node.get(other).body == "a segment");
  BOOST_TEST(node.content_origin.asked() == 1u);
  BOOST_TEST(node.context.counters.requests(endpoint::content, 0) == viewers.size() + 1);
}

BOOST_AUTO_TEST_CASE(parts_of_a_segment_and_its_size_can_be_asked_for) {
  proxying_node node;
  const auto url = node.kept("0123456789");
  const auto part = node.get(url, "Range: bytes=2-4\r\n");
  BOOST_TEST(part.status() == 206);
  BOOST_TEST(part.body == "234");
  BOOST_TEST(part.has("Content-Range: bytes 2-4/10\r\n"));
  BOOST_TEST(part.has("Content-Length: 3\r\n"));
  BOOST_TEST(node.get(url, "Range: bytes=-3\r\n").body == "789");
  BOOST_TEST(node.get(url, "Range: bytes=0-1\r\nIf-Range: \"x\"\r\n").status() == 200);
  const auto none = node.get(url, "Range: bytes=10-\r\n");
  BOOST_TEST(is_problem(none, 416, "range"));
  BOOST_TEST(none.has("Content-Range: bytes */10\r\n"));
  raw_client client{node.server->endpoint()};
  client.send("HEAD " + url + " HTTP/1.1\r\nHost: test\r\n\r\n");
  const auto head = client.read(true);
  BOOST_TEST(head.status() == 200);
  BOOST_TEST(head.has("Content-Length: 10\r\n"));
  client.get(url);
  BOOST_TEST(client.read().body == "0123456789");
  BOOST_TEST(node.content_origin.asked() == 1u);
}

BOOST_AUTO_TEST_CASE(what_the_origin_cannot_give_is_a_problem_that_soon_passes) {
  const auto failing = [](auto&& fail, int status, const std::string& slug) {
    proxying_node node;
    raw_client viewer{node.server->endpoint()};
    viewer.get(node.segment());
    fail(node);
    const auto r = viewer.read();
    BOOST_TEST(is_problem(r, status, slug), r.head << r.body);
    BOOST_TEST(r.has("Retry-After: 1\r\n"));
    BOOST_TEST(r.has("Cache-Control: no-store\r\n"));
    // Playlists go on.
    BOOST_TEST(node.get(node.folder_url + "v0.m3u8").status() == 200);
  };
  for (const unsigned status : {301u, 403u, 404u, 500u, 206u})
    failing([=](proxying_node& n) { n.answer(status, "x"); }, 502, "origin-failed");
  failing([](proxying_node& n) { n.answer(200, "<html>", "text/html"); }, 502, "origin-failed");
  const auto error_with = [](errc code) {
    return [code](proxying_node& n) {
      n.content_origin.next().second(error{code, "http://origin.test/", "no luck"});
    };
  };
  failing(error_with(errc::timed_out), 504, "origin-timeout");
  failing(error_with(errc::unavailable), 502, "origin-failed");
  failing(error_with(errc::too_large), 502, "origin-failed");
}

BOOST_AUTO_TEST_CASE(only_what_playlists_name_can_be_had_and_only_by_who_plays) {
  proxying_node node;
  const auto url = node.kept("bytes");
  const auto file = url.substr(url.rfind('/') + 1);
  for (const auto& name : {"9" + file, file + "x", std::string{"1-000000000000.ts"},
                           std::string{"key-0.key"}, std::string{"init-000000000000.mp4"}})
    BOOST_TEST(is_problem(node.get(node.folder_url + "content/v0/" + name), 404, "unknown-segment"),
               name);
  BOOST_TEST(is_problem(node.get("/v1/tv/one/s/AAAA/content/v0/" + file), 403, "invalid-session"));
  BOOST_TEST(is_problem(node.get("/v1/tv/two/s/AAAA/content/v0/" + file), 404, "unknown-channel"));
  BOOST_TEST(is_problem(node.get(node.folder_url + "content/v9/" + file), 404, "unknown-segment"));
  BOOST_TEST(node.post(url, "").status() == 405);
  BOOST_TEST(node.content_origin.asked() == 1u);
}

BOOST_AUTO_TEST_CASE(a_channel_that_leaves_content_at_the_origin_serves_none) {
  staged_node node;
  node.serve();
  const auto folder = node.new_session("ssai");
  BOOST_TEST(node.get(folder + "v0.m3u8").body.find("\nhttp://origin.test/live/v0/") !=
             std::string::npos);
  BOOST_TEST(is_problem(node.get(folder + "content/v0/1-000000000000.ts"), 404, "unknown-segment"));
  BOOST_TEST(node.content_origin.asked() == 0u);
}

BOOST_AUTO_TEST_CASE(a_page_of_the_origin_is_never_served_as_one_of_ours) {
  proxying_node node;
  auto url = node.segment();
  raw_client viewer{node.server->endpoint()};
  viewer.get(url);
  node.answer(200, "<svg/>", "image/svg+xml");
  const auto r = viewer.read();
  BOOST_TEST(r.has("Content-Type: video/mp2t\r\n"));
  BOOST_TEST(r.has("X-Content-Type-Options: nosniff\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
