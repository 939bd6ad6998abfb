// HTTPS: who is trusted.
#include <boost/test/unit_test.hpp>
#include <fstream>

#include "tests/net/running_client.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/test_certificates.hpp"

using namespace interlude;
using namespace interlude::net;
using namespace interlude::test;
using namespace std::chrono_literals;

namespace {

struct tls_fixture {
  tls_fixture() { std::ofstream{ca_file} << authority.pem(); }

  client_options trusting() const {
    client_options options;
    options.ca_file = ca_file;
    return options;
  }

  scratch_folder folder;
  test_authority authority;
  std::string ca_file = folder / "ca.pem";
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(https_clients, tls_fixture)

BOOST_AUTO_TEST_CASE(a_certificate_of_a_trusted_authority_is_accepted) {
  auto tls = authority.server("DNS:localhost,IP:127.0.0.1");
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nsecret"), &tls};
  const running_client client{trusting()};
  ok(client.fetch(server.url()), "secret");
  ok(client.fetch(server.url()), "secret");
  BOOST_TEST(server.connections() == 1u);
  ok(client.fetch("https://localhost:" + std::to_string(server.port()) + "/"), "secret");
}

BOOST_AUTO_TEST_CASE(a_certificate_of_an_unknown_authority_is_refused) {
  auto tls = authority.server("DNS:localhost,IP:127.0.0.1");
  std::atomic<int> asked{0};
  scripted_server server{[&](scripted_connection& c) { asked += !c.read_request().empty(); }, &tls};
  const running_client client;
  failed(client.fetch(server.url()), errc::unavailable, "certificate was refused");
  BOOST_TEST(asked == 0);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_host_is_refused) {
  auto tls = authority.server("DNS:other.test,IP:127.0.0.2");
  scripted_server server{always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), &tls};
  const running_client client{trusting()};
  failed(client.fetch(server.url()), errc::unavailable, "certificate");
  failed(client.fetch("https://localhost:" + std::to_string(server.port()) + "/"),
         errc::unavailable, "certificate");
}

BOOST_AUTO_TEST_CASE(a_redirect_does_not_leave_tls) {
  auto tls = authority.server("IP:127.0.0.1");
  scripted_server plain{always("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")};
  scripted_server server{
      always("HTTP/1.1 302 Found\r\nLocation: " + plain.url() + "\r\nContent-Length: 0\r\n\r\n"),
      &tls};
  const running_client client{trusting()};
  failed(client.fetch(server.url()), errc::malformed, "redirected from https");
  BOOST_TEST(plain.connections() == 0u);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_speak_tls_is_unavailable) {
  scripted_server server{[](scripted_connection& c) { c.send("HTTP/1.1 400 Bad\r\n\r\n"); }};
  const running_client client{trusting()};
  failed(client.fetch("https://127.0.0.1:" + std::to_string(server.port()) + "/"),
         errc::unavailable, "TLS handshake");
}

BOOST_AUTO_TEST_CASE(a_silent_handshake_times_out) {
  scripted_server server{[](scripted_connection& c) { c.wait_until_closed(); }};
  const running_client client{trusting()};
  auto request = get("https://127.0.0.1:" + std::to_string(server.port()) + "/");
  request.timeout = 100ms;
  failed(client.fetch(request), errc::timed_out, "TLS handshake");
}

BOOST_AUTO_TEST_SUITE_END()
