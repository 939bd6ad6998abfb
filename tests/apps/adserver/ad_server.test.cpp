// The ad server as an HTTP handler: what it keeps, what it refuses, what is wrong on demand.
#include "apps/adserver/ad_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "ads/vast/parse.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace interlude;
using namespace interlude::adserver;
using namespace std::chrono_literals;

namespace {

struct bench {
  bench() {
    std::ofstream{folder.path() + "/red.mp4"} << "media";
    handler = *open_ad_server(
        {{{{"red", 10s}, folder.path() + "/red.mp4"}}, [] { return instant{1'767'225'600s}; }});
  }

  net::response ask(net::http::verb method, const std::string& target, const std::string& body = "",
                    const std::string& host = "ads.test:8082") {
    net::request_fields fields;
    fields.set(net::http::field::host, host);
    fields.set(net::http::field::user_agent, "Player");
    net::request req;
    req.method = method;
    req.target = target;
    req.path = req.target.substr(0, target.find('?'));
    if (req.path.size() < target.size()) req.query = req.target.substr(req.path.size() + 1);
    req.headers = &fields;
    req.body = body;
    net::response out;
    if (handler->answer_now(req, out)) return out;
    boost::asio::io_context io;
    boost::asio::co_spawn(io, handler->answer(req),
                          [&](const std::exception_ptr& failed, net::response r) {
                            BOOST_TEST(!failed);
                            out = std::move(r);
                          });
    io.run();
    return out;
  }
  net::response get(const std::string& target) { return ask(net::http::verb::get, target); }
  net::response post(const std::string& target, const std::string& body) {
    return ask(net::http::verb::post, target, body);
  }
  int vast_error(const std::string& query) {
    const auto r = vast::parse_vast(get("/vast?d=10&" + query).body);
    return r ? 0 : vast::number_of(r.error().code);
  }

  test::scratch_folder folder;
  std::shared_ptr<net::request_handler> handler;
};

unsigned status_of(const net::response& r) {
  return static_cast<unsigned>(r.status);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ad_server_handlers)

BOOST_AUTO_TEST_CASE(vast_and_media_are_served) {
  bench b;
  const auto r = vast::parse_vast(b.get("/vast?d=10").body).value();
  BOOST_REQUIRE(r.ads.size() == 1u);
  BOOST_TEST(r.ads[0].impressions.at(0).starts_with("http://ads.test:8082/pixel?event=impression"));
  BOOST_TEST(b.get("/media/red.mp4").body == "media");
  BOOST_TEST(status_of(b.get("/media/blue.mp4")) == 404u);
}

BOOST_AUTO_TEST_CASE(pixels_are_noted_down) {
  bench b;
  b.get("/pixel?event=start&cb=1");
  b.get("/pixel?event=start&cb=2");
  auto shown = boost::json::parse(b.get("/pixels").body).as_object();
  BOOST_TEST(shown.at("duplicates").to_number<int>() == 1);
  BOOST_TEST(shown.at("pixels").at(0).at("headers").at("User-Agent") == "Player");
  b.post("/pixels/clear", "");
  shown = boost::json::parse(b.get("/pixels").body).as_object();
  BOOST_TEST(shown.at("count").to_number<int>() == 0);
  BOOST_TEST(b.get("/").body.find("<h1>Pixels</h1>") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(pixels_are_listed_as_they_came) {
  bench b;
  b.get("/pixel?event=start");
  b.get("/pixel?event=complete");
  BOOST_TEST(b.get("/pixels/lines").body ==
             "1767225600000 /pixel?event=start\n1767225600000 /pixel?event=complete\n");
}

BOOST_AUTO_TEST_CASE(a_share_of_the_pixels_fails_in_turn_and_has_not_arrived) {
  bench b;
  b.post("/control",
         R"({"pixels": {"failing": 0.5, "kinds": ["unavailable", "not_http", "gone"]}})");
  std::vector<unsigned> seen;
  std::vector<std::string> heads;
  for (int i = 0; i < 6; ++i) {
    const auto r = b.get("/pixel?i=" + std::to_string(i));
    seen.push_back(status_of(r));
    if (r.shared) heads.push_back(r.shared->head);
    if (seen.back() == 503) BOOST_TEST(r.headers.find("Retry-After: 1") != std::string::npos);
  }
  BOOST_TEST(seen == (std::vector<unsigned>{200, 503, 200, 200, 200, 404}),
             boost::test_tools::per_element());
  BOOST_TEST(heads == std::vector<std::string>{"this is no HTTP\r\n"},
             boost::test_tools::per_element());
  const auto shown = boost::json::parse(b.get("/pixels").body).as_object();
  BOOST_TEST(shown.at("count").to_number<int>() == 3);
  BOOST_TEST(shown.at("failed").to_number<int>() == 3);
  BOOST_TEST(b.get("/pixels/lines").body.find("i=1") == std::string::npos);
  b.post("/control", R"({"pixels": {"failing": 0}})");
  BOOST_TEST(status_of(b.get("/pixel?i=7")) == 200u);
}

BOOST_AUTO_TEST_CASE(every_way_in_which_a_pixel_fails_has_a_name) {
  for (const auto f : passing_faults()) BOOST_TEST((pixel_fault_of(to_string(f)) == f));
  BOOST_TEST(!pixel_fault_of("funny"));
}

BOOST_AUTO_TEST_CASE(every_fault_is_one_that_the_node_sees) {
  bench b;
  BOOST_TEST(b.vast_error("fault=not_xml") == 100);
  BOOST_TEST(b.vast_error("fault=truncated") == 100);
  BOOST_TEST(b.vast_error("fault=huge") == 100);
  BOOST_TEST(b.vast_error("fault=bomb") == 100);
  BOOST_TEST(b.vast_error("fault=encoding") == 100);
  BOOST_TEST(b.vast_error("fault=slow&delay=0.01") == 0);
  BOOST_TEST(status_of(b.get("/vast?d=10&fault=failing")) == 500u);
  BOOST_TEST(status_of(b.get("/vast?d=10&fault=no_content")) == 204u);
}

BOOST_AUTO_TEST_CASE(a_fault_stands_until_it_is_taken_back) {
  bench b;
  BOOST_TEST(status_of(b.post("/control", R"({"fault": "failing"})")) == 200u);
  BOOST_TEST(status_of(b.get("/vast?d=10")) == 500u);
  BOOST_TEST(b.get("/control").body.find("\"failing\"") != std::string::npos);
  b.post("/control", "{}");
  BOOST_TEST(status_of(b.get("/vast?d=10")) == 200u);
}

BOOST_AUTO_TEST_CASE(questions_are_counted_by_what_answers_them) {
  bench b;
  for (const char* query : {"wrappers=2", "wrappers=1", "wrappers=0", "fault=no_ad"})
    b.get(std::string{"/vast?d=10&"} + query);
  const auto asked = boost::json::parse(b.get("/control").body).at("asked");
  BOOST_TEST(asked.at("wrappers").to_number<int>() == 2);
  BOOST_TEST(asked.at("ads").to_number<int>() == 1);
  BOOST_TEST(asked.at("faults").to_number<int>() == 1);
  BOOST_TEST(asked.at("mostAtOnce").to_number<int>() == 1);  // one after the other
}

BOOST_AUTO_TEST_CASE(what_makes_no_sense_is_refused) {
  bench b;
  for (const char* body :
       {"", "[]", R"({"fault": "funny"})", R"({"delay": -1})", R"({"x": 1})", R"({"pixels": 1})",
        R"({"pixels": {"failing": 2}})", R"({"pixels": {"failing": 1, "kinds": []}})",
        R"({"pixels": {"failing": 1, "kinds": ["funny"]}})",
        R"({"pixels": {"failing": 1}, "fault": "slow"})"})
    BOOST_TEST_CONTEXT(body) BOOST_TEST(status_of(b.post("/control", body)) == 400u);
  BOOST_TEST(status_of(b.get("/vast?d=x")) == 400u);
  BOOST_TEST(status_of(b.post("/pixel", "")) == 405u);
  BOOST_TEST(status_of(b.ask(net::http::verb::get, "/vast?d=10", "", "a]]><x>")) == 400u);
  BOOST_TEST(!open_ad_server({{{{"red", 10s}, "/no/such/file"}}, {}}));
  BOOST_TEST(!open_ad_server({{{{"../red", 10s}, b.folder.path() + "/red.mp4"}}, {}}));
}

BOOST_AUTO_TEST_SUITE_END()
