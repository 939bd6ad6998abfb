#include "ads/request/ad_request.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::ads;
using namespace std::chrono_literals;

namespace {

const instant now{1'767'225'600s};

viewer somebody() {
  viewer v;
  v.session = "s-1";
  v.ip = "203.0.113.7";
  v.user_agent = "Player/1 (TV)";
  v.accept_language = "de";
  v.referer = "https://site.example/watch";
  v.device_class = "tv";
  v.country = "DE";
  v.region = "DE-BE";
  v.parameters = {{"genre", "news & sport"}};
  return v;
}

asked_break some_break() {
  return {"tv/one", "b1", "7", 29'500ms, now + 10s, 4};
}

std::string url_for(std::string_view url_template, const viewer& who = somebody()) {
  return make_ad_request(url_template, who, some_break(), now, 5).url;
}

ad_request posted(const viewer& who, std::string body,
                  std::string content_type = "application/json") {
  request_form form;
  form.method = "POST";
  form.body = std::move(body);
  form.content_type = std::move(content_type);
  return make_ad_request("http://ads/", who, some_break(), now, 5, form);
}

std::string header(const ad_request& r, std::string_view name) {
  for (const auto& [key, value] : r.headers)
    if (key == name) return value;
  return "none";
}

viewer unwilling() {
  auto v = somebody();
  v.allows.us_privacy = "1YYN";
  return v;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ad_requests)

BOOST_AUTO_TEST_CASE(a_template_is_filled) {
  BOOST_TEST(url_for("http://ads/[channel]?d=[break.duration]&ms=[break.duration_ms]&b=[break.id]"
                     "&n=[break.number]&e=[scte.event_id]") ==
             "http://ads/tv%2Fone?d=30&ms=29500&b=b1&n=4&e=7");
  BOOST_TEST(url_for("http://ads/?s=[session.id]&g=[ads.genre]&c=[geo.country]&v=[device.class]") ==
             "http://ads/?s=s-1&g=news%20%26%20sport&c=DE&v=tv");
  BOOST_TEST(url_for("http://ads/?t=[break.start]&r=[random]") ==
             "http://ads/?t=2026-01-01T00%3A00%3A10.000Z&r=10000005");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_empty) {
  BOOST_TEST(url_for("http://ads/?x=[ads.nothing]&g=[consent.gdpr]&p=[consent.gpp_sid]") ==
             "http://ads/?x=&g=&p=");
  BOOST_TEST(url_for("http://ads/?x=[nobody.knows]") == "http://ads/?x=%5Bnobody.knows%5D");
}

BOOST_AUTO_TEST_CASE(macros_of_vast_are_filled) {
  BOOST_TEST(
      url_for("http://ads/?[BREAKMAXDURATION]&[DEVICEIP]&[SERVERSIDE]&[IFA]&[CACHEBUSTING]") ==
      "http://ads/?30&203.0.113.7&1&-1&10000005");
}

BOOST_AUTO_TEST_CASE(the_ad_server_is_told_on_whose_behalf) {
  const auto headers = make_ad_request("http://ads/", somebody(), some_break(), now, 0).headers;
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"X-Device-IP", "203.0.113.7"},
      {"X-Forwarded-For", "203.0.113.7"},
      {"X-Device-User-Agent", "Player/1 (TV)"},
      {"X-Device-Accept-Language", "de"},
      {"X-Device-Referer", "https://site.example/watch"}};
  BOOST_TEST((headers == expected));
}

BOOST_AUTO_TEST_CASE(headers_hold_one_line) {
  auto v = somebody();
  v.user_agent = "A\r\nX-Evil: 1" + std::string(5000, 'x');
  const auto headers = make_ad_request("http://ads/", v, some_break(), now, 0).headers;
  BOOST_TEST(headers.at(2).second.starts_with("AX-Evil: 1x"));
  BOOST_TEST(headers.at(2).second.size() <= 1024u);
}

BOOST_AUTO_TEST_CASE(without_consent_nobody_is_named) {
  const auto v = unwilling();
  BOOST_TEST(url_for("http://ads/?s=[session.id]&u=[device.ua]&i=[device.ip]&r=[geo.region]", v) ==
             "http://ads/?s=&u=&i=&r=");
  BOOST_TEST(url_for("[DEVICEIP]/[DEVICEUA]/[PAGEURL]/[TRANSACTIONID]", v) == "-2/-2/-2/-2");
  BOOST_TEST(make_ad_request("http://ads/", v, some_break(), now, 0).headers.empty());
  // What names nobody stays, and the reason is told.
  BOOST_TEST(url_for("[geo.country]/[device.class]/[consent.us_privacy]", v) == "DE/tv/1YYN");
}

BOOST_AUTO_TEST_CASE(consent_is_passed_on) {
  auto v = somebody();
  v.allows.gdpr_applies = true;
  v.allows.tcf = "C.x";
  v.allows.gpp = "D~y";
  v.allows.gpp_sections = {2, 6};
  BOOST_TEST(url_for("[consent.gdpr]/[consent.tcf]/[consent.gpp]/[consent.gpp_sid]", v) ==
             "1/C.x/D~y/2,6");
  BOOST_TEST(url_for("[GDPRCONSENT]/[GPPSTRING]/[GPPSECTIONID]/[REGULATIONS]", v) ==
             "C.x/D~y/2,6/gdpr");
}

BOOST_AUTO_TEST_CASE(a_posted_body_is_json_whatever_the_viewer_says) {
  auto v = somebody();
  v.user_agent = "a\"b\\c\nd";
  v.parameters["genre"] = "caf\xE9";  // Latin-1
  v.allows.gpp_sections = {2, 6};
  const auto r =
      posted(v, R"({"ua":"[device.ua]","g":"[ads.genre]","x":"[ads.none]","n":[1],)"
                R"("d":[break.duration],"sid":[[consent.gpp_sid]],"ids":["[break.id]"]})");
  BOOST_TEST(r.method == "POST");
  BOOST_TEST(r.body == R"({"ua":"a\"b\\c\u000ad","g":"caf\u00e9","x":"","n":[1],)"
                       R"("d":30,"sid":[2,6],"ids":["b1"]})");
  BOOST_TEST(header(r, "Content-Type") == "application/json");
}

BOOST_AUTO_TEST_CASE(other_bodies_are_escaped_as_their_type_wants_it) {
  auto v = somebody();
  v.user_agent = "<a & 'b'>\x01";
  BOOST_TEST(posted(v, "u=[device.ua]&g=[ads.genre]", "application/x-www-form-urlencoded").body ==
             "u=%3Ca%20%26%20'b'%3E%01&g=news%20%26%20sport");
  for (const char* type : {"text/xml", "application/xml; charset=utf-8", "application/vmap+xml"})
    BOOST_TEST(posted(v, "<u a='[device.ua]'/>", type).body ==
               "<u a='&#x003c;a &#x0026; &#x0027;b&#x0027;&#x003e;'/>");
  for (const char* type : {"application/JSON", "application/vnd.ads+json; v=2"})
    BOOST_TEST(posted(v, "\"[device.ua]\"", type).body == "\"<a & 'b'>\\u0001\"");
}

BOOST_AUTO_TEST_CASE(a_server_may_want_headers_of_its_own) {
  request_form form;
  form.headers = {{"Authorization", "Bearer abc"},
                  {"X-Break", "[break.id]/[ads.genre]"},
                  {"x-device-ip", "0.0.0.0"},
                  {"X-Nothing", "[ads.none]"}};
  auto v = somebody();
  v.parameters["genre"] = "a\r\nX-Evil: 1";
  const auto r = make_ad_request("http://ads/", v, some_break(), now, 0, form);
  BOOST_TEST(r.method == "GET");
  BOOST_TEST(r.body == "");
  BOOST_TEST(header(r, "Authorization") == "Bearer abc");
  BOOST_TEST(header(r, "X-Break") == "b1/aX-Evil: 1");
  BOOST_TEST(header(r, "x-device-ip") == "0.0.0.0");
  BOOST_TEST(header(r, "X-Device-IP") == "none");
  BOOST_TEST(header(r, "X-Nothing") == "none");
}

BOOST_AUTO_TEST_CASE(without_consent_bodies_and_headers_name_nobody_either) {
  const auto r = posted(unwilling(), "[device.ip]|[session.id]|[DEVICEUA]", "text/plain");
  BOOST_TEST(r.body == "||-2");
  request_form form;
  form.headers = {{"X-Ip", "[device.ip]"}};
  BOOST_TEST(
      make_ad_request("http://ads/", unwilling(), some_break(), now, 0, form).headers.empty());
}

BOOST_AUTO_TEST_CASE(headers_that_are_the_connections_own_cannot_be_given) {
  for (const char* name : {"Authorization", "X-Api-Key", "Accept", "User-Agent", "Cookie"})
    BOOST_TEST_CONTEXT(name) BOOST_TEST(is_free_header(name));
  for (const char* name :
       {"", "Host", "Content-Length", "content-type", "CONNECTION", "TE", "Transfer-Encoding",
        "Upgrade", "Proxy-Authorization", "X Y", "X:", "X\r\nY", "\xC3\xA9"})
    BOOST_TEST_CONTEXT(name) BOOST_TEST(!is_free_header(name));
  BOOST_TEST(!is_free_header(std::string(65, 'x')));
}

BOOST_AUTO_TEST_CASE(an_error_has_its_code) {
  const auto r = make_error_request("http://e/?c=[ERRORCODE]",
                                    vast::number_of(vast::error_code::wrapper_limit), somebody(),
                                    some_break(), now, 0);
  BOOST_TEST(r.url == "http://e/?c=302");
}

BOOST_AUTO_TEST_CASE(a_wrapper_is_told_what_is_blocked_and_none_of_our_variables) {
  const auto r =
      make_wrapper_request("http://w/?b=[BLOCKEDADCATEGORIES]&s=[session.id]",
                           {{"iab", "IAB7"}, {"iab", "IAB8"}}, somebody(), some_break(), now, 0);
  BOOST_TEST(r.url == "http://w/?b=IAB7,IAB8&s=%5Bsession.id%5D");
  BOOST_TEST(r.headers.size() == 5u);
}

BOOST_AUTO_TEST_SUITE_END()
