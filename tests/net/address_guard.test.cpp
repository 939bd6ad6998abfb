// Strangers send us nowhere but to where anybody can go.
#include "net/address_guard.hpp"

#include <boost/test/unit_test.hpp>

#include "tests/net/running_client.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;

namespace {

bool open_to_all(const char* text) {
  return is_public(boost::asio::ip::make_address(text));
}

fetch_request from_stranger(const std::string& url) {
  auto r = get(url);
  r.from_stranger = true;
  return r;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(address_guards)

BOOST_AUTO_TEST_CASE(public_addresses_are_known) {
  for (const char* text : {"8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255",
                           "172.32.0.0", "192.167.255.255", "198.17.255.255", "198.20.0.0",
                           "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::1",
                           "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(open_to_all(text));
}

BOOST_AUTO_TEST_CASE(so_are_the_others) {
  for (const char* text : {"0.0.0.0",
                           "10.1.2.3",
                           "100.64.0.1",
                           "127.0.0.1",
                           "127.255.255.255",
                           "169.254.169.254",
                           "168.63.129.16",
                           "172.16.0.1",
                           "172.31.255.255",
                           "192.0.0.1",
                           "192.0.2.1",
                           "192.168.1.1",
                           "198.18.0.1",
                           "198.19.255.255",
                           "198.51.100.1",
                           "203.0.113.1",
                           "224.0.0.1",
                           "239.255.255.255",
                           "240.0.0.1",
                           "255.255.255.255",
                           "::",
                           "::1",
                           "fe80::1",
                           "fc00::1",
                           "fd12::1",
                           "ff02::1",
                           "2001::1",
                           "2001:db8::1",
                           "3fff::1",
                           "::ffff:127.0.0.1",
                           "::127.0.0.1",
                           "64:ff9b::10.0.0.1",
                           "2002:7f00:1::1",
                           "100::1",
                           "5f00::1"})
    BOOST_TEST_CONTEXT(text) BOOST_TEST(!open_to_all(text));
}

BOOST_AUTO_TEST_CASE(a_stranger_s_url_does_not_lead_into_this_network) {
  scripted_server server{[](scripted_connection& c) {
    while (!c.read_request().empty()) c.answer("secret");
  }};
  const running_client client;
  ok(client.fetch(server.url()), "secret");
  // Not over a connection that is open already, nor by a name.
  failed(client.fetch(from_stranger(server.url())), errc::unauthorized, "private");
  auto by_name = server.url();
  by_name.replace(by_name.find("127.0.0.1"), 9, "localhost");
  failed(client.fetch(from_stranger(by_name)), errc::unauthorized, "private");
  BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(unless_the_operator_lets_it) {
  scripted_server server{[](scripted_connection& c) {
    while (!c.read_request().empty()) c.answer("mine");
  }};
  client_options options;
  options.strangers_may_be_private = true;
  const running_client client{options};
  ok(client.fetch(from_stranger(server.url())), "mine");
}

BOOST_AUTO_TEST_SUITE_END()
