// Whose request it is: strangers cannot say that they are somebody else.
#include "net/client_address.hpp"

#include <boost/test/unit_test.hpp>

using namespace interlude;
using namespace interlude::net;

namespace {

using lines = std::vector<std::pair<std::string, std::string>>;

std::vector<address_range> ranges(std::initializer_list<const char*> texts) {
  std::vector<address_range> out;
  for (const auto* text : texts) out.push_back(address_range::parse(text).value());
  return out;
}

const auto proxies = ranges({"10.0.0.0/8", "192.0.2.1", "2001:db8:aa::/48"});

// The client as text, empty if nobody knows.
std::string client(const std::string& peer, const lines& headers,
                   const std::vector<address_range>& trusted = proxies) {
  request_fields fields;
  for (const auto& [name, value] : headers) fields.insert(name, value);
  request req;
  req.peer = asio::ip::make_address(peer);
  req.headers = &fields;
  const auto found = client_address(req, trusted);
  return found ? found->to_string() : "";
}

std::string behind_proxy(const std::string& forwarded_for) {
  return client("10.0.0.1", {{"X-Forwarded-For", forwarded_for}});
}

std::string forwarded(const std::string& value) {
  return client("10.0.0.1", {{"Forwarded", value}});
}

bool contains(const char* range, const char* address) {
  return address_range::parse(range).value().contains(asio::ip::make_address(address));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_addresses)

BOOST_AUTO_TEST_CASE(a_range_holds_what_begins_like_it) {
  BOOST_TEST(contains("10.0.0.0/8", "10.255.1.2"));
  BOOST_TEST(!contains("10.0.0.0/8", "11.0.0.0"));
  BOOST_TEST(contains("192.168.128.0/17", "192.168.255.0"));
  BOOST_TEST(!contains("192.168.128.0/17", "192.168.127.255"));
  BOOST_TEST(contains("192.0.2.7", "192.0.2.7"));
  BOOST_TEST(!contains("192.0.2.7", "192.0.2.8"));
  BOOST_TEST(contains("0.0.0.0/0", "8.8.8.8"));
  BOOST_TEST(!contains("0.0.0.0/0", "2001:db8::1"));
  BOOST_TEST(contains("2001:db8::/33", "2001:db8:7fff::1"));
  BOOST_TEST(!contains("2001:db8::/33", "2001:db8:8000::1"));
  BOOST_TEST(contains("::/0", "2001:db8::1"));
  BOOST_TEST(!contains("::/0", "8.8.8.8"));
}

BOOST_AUTO_TEST_CASE(a_mapped_address_is_what_it_stands_for) {
  BOOST_TEST(contains("10.0.0.0/8", "::ffff:10.1.1.1"));
  BOOST_TEST(contains("::ffff:10.0.0.0/104", "10.1.1.1"));
  BOOST_TEST(!contains("::ffff:10.0.0.0/104", "11.1.1.1"));
  BOOST_TEST(parse_address("::ffff:192.0.2.1").value().to_string() == "192.0.2.1");
}

BOOST_AUTO_TEST_CASE(what_is_no_range_is_refused) {
  for (const char* wrong : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8 ",
                            "10.0.0.1/8", "10.0.0/8", "::/129", "2001:db8::1/64", "proxy.test",
                            "fe80::1%eth0", "[::1]", "10.0.0.0/8/8", "::ffff:10.0.0.0/90"})
    BOOST_TEST_CONTEXT(wrong) BOOST_TEST(!address_range::parse(wrong));
  const auto e = address_range::parse("10.0.0.1/8").error();
  BOOST_TEST(e.what.find("10.0.0.0") != std::string::npos, e.what);
}

BOOST_AUTO_TEST_CASE(a_stranger_is_who_the_socket_says) {
  BOOST_TEST(client("203.0.113.9", {}) == "203.0.113.9");
  BOOST_TEST(client("203.0.113.9", {{"X-Forwarded-For", "8.8.8.8"}}) == "203.0.113.9");
  BOOST_TEST(client("203.0.113.9", {{"Forwarded", "for=8.8.8.8"}}) == "203.0.113.9");
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "8.8.8.8"}}, {}) == "10.0.0.1");
  BOOST_TEST(client("::ffff:203.0.113.9", {}) == "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(a_trusted_proxy_says_who_its_client_is) {
  BOOST_TEST(behind_proxy("203.0.113.9") == "203.0.113.9");
  BOOST_TEST(behind_proxy(" 203.0.113.9 ") == "203.0.113.9");
  BOOST_TEST(behind_proxy("203.0.113.9:51000") == "203.0.113.9");
  BOOST_TEST(behind_proxy("2001:db8::9") == "2001:db8::9");
  BOOST_TEST(behind_proxy("[2001:db8::9]") == "2001:db8::9");
  BOOST_TEST(behind_proxy("[2001:DB8::9]:51000") == "2001:db8::9");
  BOOST_TEST(behind_proxy("::ffff:203.0.113.9") == "203.0.113.9");
  BOOST_TEST(client("::ffff:10.0.0.1", {{"X-Forwarded-For", "203.0.113.9"}}) == "203.0.113.9");
  BOOST_TEST(client("2001:db8:aa::5", {{"x-forwarded-for", "203.0.113.9"}}) == "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(what_stands_before_a_stranger_is_not_believed) {
  BOOST_TEST(behind_proxy("8.8.8.8, 203.0.113.9") == "203.0.113.9");
  BOOST_TEST(behind_proxy("8.8.8.8, 203.0.113.9, 10.0.0.7,192.0.2.1") == "203.0.113.9");
  BOOST_TEST(behind_proxy("<script>, 203.0.113.9, 10.0.0.7") == "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(fields_that_are_repeated_are_one_list) {
  BOOST_TEST(client("10.0.0.1", {{"X-Forwarded-For", "8.8.8.8"},
                                 {"X-Forwarded-For", "203.0.113.9, 10.0.0.7"},
                                 {"X-Forwarded-For", "10.0.0.8"}}) == "203.0.113.9");
}

BOOST_AUTO_TEST_CASE(the_first_is_the_client_where_all_are_trusted) {
  BOOST_TEST(behind_proxy("10.2.2.2, 10.0.0.7") == "10.2.2.2");
  BOOST_TEST(client("10.0.0.1", {}) == "10.0.0.1");
  BOOST_TEST(behind_proxy(" , ,") == "10.0.0.1");
}

BOOST_AUTO_TEST_CASE(nobody_is_guessed_from_garbage) {
  for (const char* garbage :
       {"unknown", "203.0.113.9, nonsense", "203.0.113.9, 300.1.1.1", "203.0.113.9, [2001:db8::9",
        "203.0.113.9, [10.0.0.1]", "203.0.113.9, 10.0.0.1:", "203.0.113.9, 10.0.0.1:port",
        "203.0.113.9, [::1]x", "203.0.113.9, fe80::1%eth0", "203.0.113.9, 1.2.3.4:999999"})
    BOOST_TEST_CONTEXT(garbage) BOOST_TEST(behind_proxy(garbage) == "");
  BOOST_TEST(behind_proxy(std::string(8000, '1')) == "");
  std::string long_way = "203.0.113.9";
  for (int i = 0; i < 1000; ++i) long_way += ",10.0.0.1";
  BOOST_TEST(behind_proxy(long_way) == "");
}

BOOST_AUTO_TEST_CASE(forwarded_is_read_where_it_is_all_there_is) {
  BOOST_TEST(forwarded("for=203.0.113.9;proto=https;by=10.0.0.1") == "203.0.113.9");
  BOOST_TEST(forwarded("proto=https; For=\"[2001:db8:cafe::17]:4711\"") == "2001:db8:cafe::17");
  BOOST_TEST(forwarded("for=8.8.8.8, for=203.0.113.9, for=10.0.0.7") == "203.0.113.9");
  BOOST_TEST(forwarded("for=203.0.113.9;host=\"a,b;for=8.8.8.8\"") == "203.0.113.9");
  BOOST_TEST(forwarded("for=203.0.113.9;host=\"a\\\"b, for=8.8.8.8\"") == "203.0.113.9");
  for (const char* nobody : {"for=unknown", "for=_hidden", "proto=https", "for=203.0.113.9, by=x",
                             "for=203.0.113.9, for=\"8.8.8.8", "for"})
    BOOST_TEST_CONTEXT(nobody) BOOST_TEST(forwarded(nobody) == "");
  BOOST_TEST(client("10.0.0.1", {{"Forwarded", "for=8.8.8.8"},
                                 {"X-Forwarded-For", "203.0.113.9"}}) == "203.0.113.9");
}

// A quote that a client leaves open must not swallow what the proxy appends.
BOOST_AUTO_TEST_CASE(an_open_quote_hides_the_client_but_names_nobody_else) {
  BOOST_TEST(forwarded("for=\"8.8.8.8, for=203.0.113.9") == "");
}

BOOST_AUTO_TEST_SUITE_END()
