// Transport streams that are sent to a channel for their splice messages.
#include "tests/net/staged_node.hpp"
#include "tests/support/splice_messages.hpp"
#include "tests/support/ts_stream.hpp"

using namespace interlude;
using namespace interlude::net;

namespace {

const std::string path = "/v1/tv/one/ingest";
const std::string operator_line = "Authorization: Bearer operator\r\n";

std::string text_of(const bytes& data) {
  return {data.begin(), data.end()};
}

bytes splice_at(std::uint32_t id, std::uint64_t pts) {
  auto e = test::insert_event(id, true, duration{30s});
  e.splice_immediate_flag = false;
  e.when.pts_time = pts;
  auto m = test::message(e);
  m.pts_adjustment = 90'000;
  return scte35::encode(m).value();
}

std::string chunk(const std::string& bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

struct ingest_client {
  explicit ingest_client(staged_node& node) : client(node.server->endpoint()) {
    client.send("POST " + path + " HTTP/1.1\r\nHost: test\r\n" + operator_line +
                "Transfer-Encoding: chunked\r\n\r\n");
  }
  raw_client client;
};

bool is_problem(const raw_response& r, int status, const std::string& slug) {
  return r.status() == status &&
         r.body.find("\"urn:interlude:problem:" + slug + "\"") != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ingests)

BOOST_AUTO_TEST_CASE(a_message_reaches_the_channel_while_the_stream_goes_on) {
  staged_node node;
  node.serve();
  ingest_client ingest{node};
  test::ts_stream stream;
  const auto tables = text_of(stream.tables().take());
  ingest.client.send(chunk(tables.substr(0, 100)));
  ingest.client.send(chunk(tables.substr(100)));
  ingest.client.send(chunk(text_of(stream.sections({splice_at(7, 1000)}).take())));
  const auto first = node.gateway.heard(1);
  BOOST_TEST(first[0].event_id == "splice-7");
  BOOST_TEST(first[0].pts.value() == 91'000u);
  BOOST_TEST((first[0].planned == duration{30s}));
  // Many in one piece, and one that is damaged.
  auto damaged = splice_at(9, 3000);
  damaged[12] ^= 0xFF;
  ingest.client.send(
      chunk(text_of(stream.sections({splice_at(8, 2000), damaged, splice_at(10, 4000)}).take())));
  BOOST_TEST(node.gateway.heard(3)[2].event_id == "splice-10");
  ingest.client.send("0\r\n\r\n");
  const auto r = ingest.client.read();
  BOOST_TEST(r.status() == 200);
  const auto counts = boost::json::parse(r.body);
  BOOST_TEST(counts.at("packets").to_number<int>() > 3);
  BOOST_TEST(counts.at("sections").to_number<int>() == 4);
  BOOST_TEST(counts.at("cues").to_number<int>() == 3);
  BOOST_TEST(counts.at("unreadable").to_number<int>() == 1);
  BOOST_TEST(counts.at("waiting").to_number<int>() == 0);
}

BOOST_AUTO_TEST_CASE(a_short_body_is_an_ingest_as_well) {
  staged_node node;
  node.serve();
  const auto body = text_of(test::ts_stream{}.tables().sections({splice_at(7, 1)}).take());
  const auto r = node.post(path, body, operator_line);
  BOOST_TEST(r.status() == 200);
  BOOST_TEST(r.has("Cache-Control: no-store\r\n"));
  BOOST_TEST(boost::json::parse(r.body).at("cues").to_number<int>() == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_transport_stream_is_refused) {
  staged_node node;
  node.serve();
  BOOST_TEST(is_problem(node.post(path, "hello", operator_line), 400, "bad-ingest"));
  BOOST_TEST(is_problem(node.post(path, "", operator_line), 400, "bad-ingest"));
  // Without waiting for the end.
  ingest_client ingest{node};
  ingest.client.send(chunk(std::string(70'000, 'x')));
  BOOST_TEST(is_problem(ingest.client.read(), 400, "bad-ingest"));
  BOOST_TEST(ingest.client.is_closed());
}

BOOST_AUTO_TEST_CASE(only_operators_of_the_channel_may_send) {
  staged_node node;
  node.serve();
  BOOST_TEST(is_problem(node.post(path, "x"), 401, "cue-token"));
  BOOST_TEST(is_problem(node.post(path, "", "Authorization: Bearer other\r\n"), 401, "cue-token"));
  BOOST_TEST(
      is_problem(node.post("/v1/tv/two/ingest", "x", operator_line), 404, "unknown-channel"));
  const auto r = node.get(path, operator_line);
  BOOST_TEST(is_problem(r, 405, "method"));
  BOOST_TEST(r.has("Allow: POST, OPTIONS\r\n"));
  BOOST_TEST(node.gateway.channel().ingests == 0);
}

BOOST_AUTO_TEST_CASE(a_channel_takes_two_streams_at_a_time) {
  staged_node node;
  node.serve();
  const auto piece = chunk(text_of(test::ts_stream{}.tables().sections({splice_at(7, 1)}).take()));
  ingest_client main{node}, backup{node};
  for (auto* i : {&main, &backup}) i->client.send(piece);
  node.gateway.heard(2);
  BOOST_TEST(is_problem(node.post(path, "x", operator_line), 429, "too-many-ingests"));
  main.client.send("0\r\n\r\n");
  BOOST_TEST(main.client.read().status() == 200);
  ingest_client next{node};
  next.client.send(piece);
  node.gateway.heard(3);
  backup.client.send("0\r\n\r\n");
  BOOST_TEST(backup.client.read().status() == 200);
}

BOOST_AUTO_TEST_CASE(a_channel_of_which_nothing_is_known_takes_none) {
  staged_node node;
  node.gateway.channel().publish(std::make_shared<published_channel>());
  node.serve();
  const auto r = node.post(path, "x", operator_line);
  BOOST_TEST(is_problem(r, 503, "origin-unavailable"));
  BOOST_TEST(r.has("Retry-After: 2\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
